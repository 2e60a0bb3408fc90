import assert from 'node:assert/strict';
import { test } from 'node:test';

import { attemptsLeft, fromNow, grouped, scoreOf } from '../catalogue';
import type { Outline, SetOutline, Standing, Statement } from '../contract';

const TERMS = { opens_at: null, due_at: null, closes_at: null, late_deduct: 0, attempts: null };

function problem(id: string, more: Partial<Statement> = {}): Statement {
  return { ...TERMS, id, points: 10, ...more } as Statement;
}

function outline(...sets: Partial<SetOutline>[]): Outline {
  return { title: 'C', sets: sets.map(set => ({ ...TERMS, points: null, ...set }) as SetOutline) };
}

function standings(...points: [string, number][]): ReadonlyMap<string, Standing> {
  return new Map(
    points.map(([id, earned]) => [id, { problem: id, points: earned, status: 'partial', attempts: 2 }])
  );
}

test('sets and their problems come in the order of the course', () => {
  const sets = outline({ id: 'late', problems: ['c', 'a'] }, { id: 'early', problems: ['b'] });
  const groups = grouped([problem('a'), problem('b'), problem('c')], sets);
  assert.deepEqual(
    groups.map(({ set, problems }) => [set?.id, problems.map(({ id }) => id)]),
    [
      ['late', ['c', 'a']],
      ['early', ['b']]
    ]
  );
});

test('what is in no set comes last, and a set of nothing is not shown', () => {
  const groups = grouped([problem('a'), problem('b')], outline({ id: 's', problems: ['a'] }, { id: 'empty', problems: [] }));
  assert.deepEqual(groups.map(({ set, problems }) => [set?.id, problems[0]?.id]), [['s', 'a'], [undefined, 'b']]);
});

test('without sets what is due next comes first, and what is never due comes last', () => {
  const problems = [null, 20, 10, 20].map((due_at, number) => problem(String(number), { due_at }));
  assert.deepEqual(
    grouped(problems, outline()).map(({ dueAt, problems }) => [dueAt, problems.length]),
    [
      [10, 1],
      [20, 2],
      [null, 1]
    ]
  );
});

test('a set counts its points, however many its problems have', () => {
  const [group] = grouped([problem('a'), problem('b')], outline({ id: 's', points: 50, problems: ['a', 'b'] }));
  assert.deepEqual(group && scoreOf(group, standings(['a', 10], ['b', 2])), { points: 30, of: 50 });
});

test('a set that says nothing counts what its problems add up to', () => {
  const [group] = grouped([problem('a'), problem('b')], outline({ id: 's', problems: ['a', 'b'] }));
  assert.deepEqual(group && scoreOf(group, standings(['a', 7])), { points: 7, of: 20 });
});

test('attempts are counted down to none, and may be without limit', () => {
  const mine = standings(['a', 1]).get('a');
  assert.equal(attemptsLeft(problem('a', { attempts: 3 }), mine), 1);
  assert.equal(attemptsLeft(problem('a', { attempts: 1 }), mine), 0);
  assert.equal(attemptsLeft(problem('a', { attempts: 3 }), undefined), 3);
  assert.equal(attemptsLeft(problem('a'), mine), null);
});

test('a time is told by how far it is away', () => {
  assert.equal(fromNow(3 * 3600 + 5, 0, 'en'), 'in 3 hours');
  assert.equal(fromNow(0, 2 * 86_400, 'en'), '2 days ago');
});
