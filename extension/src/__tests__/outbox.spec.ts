import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Outbox } from '../outbox';
import { ID, Keep, OTHER } from './desk';

const FIRST = { id: OTHER, problem: 'two-sum', source: 'a' };
const SECOND = { id: ID, problem: 'two-sum', source: 'b' };

test('what waits is there for the next page, the oldest first', () => {
  const keep = new Keep();
  const outbox = new Outbox(keep, '/user/ada/');
  outbox.add(FIRST);
  outbox.add(SECOND);
  assert.deepEqual(new Outbox(keep, '/user/ada/').waiting(), [FIRST, SECOND]);
});

test('what was sent waits no more', () => {
  const outbox = new Outbox(new Keep(), '/');
  outbox.add(FIRST);
  outbox.add(SECOND);
  outbox.remove(FIRST.id);
  assert.deepEqual(outbox.waiting(), [SECOND]);
  assert.ok(!outbox.has(FIRST.id));
});

test('two servers on one host do not share an outbox', () => {
  const keep = new Keep();
  new Outbox(keep, '/user/ada/').add(FIRST);
  assert.deepEqual(new Outbox(keep, '/user/bob/').waiting(), []);
});

test('with a full storage this page still remembers', () => {
  const keep = new Keep();
  keep.full = true;
  const outbox = new Outbox(keep, '/');
  outbox.add(FIRST);
  assert.deepEqual(outbox.waiting(), [FIRST]);
});

test('a spoilt storage is an empty outbox', () => {
  const keep = new Keep();
  keep.items.set('nbjudge:outbox:/', '{broken');
  assert.deepEqual(new Outbox(keep, '/').waiting(), []);
});
