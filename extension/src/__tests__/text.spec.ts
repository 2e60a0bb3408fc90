import assert from 'node:assert/strict';
import { test } from 'node:test';

import { memory, plain, points, time } from '../text';

test('terminal codes vanish, lines and tabs stay', () => {
  assert.equal(plain('\u001b[1;31mred\u001b[0m\tx\r\ny\u0000'), 'red\tx\ny');
  assert.equal(plain('\u001b]8;;http://evil\u0007link\u001b]8;;\u0007'), 'link');
});

test('what would reverse the text is spelt out', () => {
  assert.equal(plain('a\u202eb'), 'a\\u202eb');
});

test('an endless text is cut and says by how much', () => {
  assert.ok(plain('x'.repeat(20_005)).endsWith('\n… (+5)'));
});

test('numbers are short and carry their unit', () => {
  assert.equal(points(2), '2');
  assert.equal(points(1 / 3), '0.33');
  assert.equal(time(0.0123), '12 ms');
  assert.equal(time(1.2), '1.20 s');
  assert.equal(memory(1000), '1 KiB');
  assert.equal(memory(3.5 * 2 ** 20), '3.5 MiB');
});
