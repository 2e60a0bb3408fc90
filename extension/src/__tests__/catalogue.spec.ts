import assert from 'node:assert/strict';
import { test } from 'node:test';

import { advanced, fromNow, grouped, IStanding } from '../catalogue';
import type { Snapshot, Statement } from '../contract';

function graded(number: number, points: number, status = 'partial'): Snapshot {
  return { id: String(number), number, verdict: { points, status } } as unknown as Snapshot;
}

test('the best verdict stays when a later one is worse', () => {
  const all = [graded(1, 2), graded(2, 8), graded(3, 0), graded(4, 9, 'internal_error')];
  const standing = all.reduce<IStanding | undefined>(advanced, undefined);
  assert.equal(standing?.best?.number, 2);
  assert.equal(standing?.latest?.number, 4);
});

test('what is due next comes first, and what is never due comes last', () => {
  const problems = [null, 20, 10, 20].map(due_at => ({ due_at }) as Statement);
  assert.deepEqual(
    grouped(problems).map(({ dueAt, problems }) => [dueAt, problems.length]),
    [
      [10, 1],
      [20, 2],
      [null, 1]
    ]
  );
});

test('a time is told by how far it is away', () => {
  assert.equal(fromNow(3 * 3600 + 5, 0, 'en'), 'in 3 hours');
  assert.equal(fromNow(0, 2 * 86_400, 'en'), '2 days ago');
});
