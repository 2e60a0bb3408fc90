import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answerIn, languageNamed } from '../problem';

test('a cell names its problem on its first line', () => {
  const source = '#| problem: two-sum\ndef f(): ...';
  assert.deepEqual(answerIn(source), { problem: 'two-sum', language: null, source });
});

test('other languages name it in their own comments, and other options may stand before it', () => {
  assert.equal(answerIn('//| problem: fizz\nint main() {}')?.problem, 'fizz');
  assert.equal(answerIn('#| echo: false\n#| problem: fizz')?.problem, 'fizz');
});

test('a cell magic is the kernel’s: it is blanked, the lines keep their numbers', () => {
  assert.deepEqual(answerIn('%%time\n#| problem: fizz\nx = 1'), {
    problem: 'fizz',
    language: null,
    source: '\n#| problem: fizz\nx = 1'
  });
});

test('the magic, or the cell itself, may say the language', () => {
  assert.equal(answerIn('%%cpp\n//| problem: fizz')?.language, 'cpp');
  assert.equal(answerIn('//| language: java\n//| problem: fizz')?.language, 'java');
});

test('a cell that names no problem, or none that could be, hands in nothing', () => {
  for (const text of ['', 'x = 1', 'x = 1\n#| problem: fizz', '#| problem:', '#| problem: ../x']) {
    assert.equal(answerIn(text), null, text);
  }
});

test('a notebook’s language gets the name of the contract', () => {
  assert.equal(languageNamed('ipython'), 'python');
  assert.equal(languageNamed('C++17'), 'cpp');
  assert.equal(languageNamed('R'), 'r');
  assert.equal(languageNamed('no such thing!'), 'python');
});
