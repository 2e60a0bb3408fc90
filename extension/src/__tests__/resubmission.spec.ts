import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isUnderWay, replacedBy } from '../resubmission';
import { ITracked } from '../store';
import { done, ID, snapshot } from './desk';

const SHOWN = { id: ID, source: 'x = 1' };

function tracked(changes: Partial<ITracked> = {}): ITracked {
  const sent = { id: ID, problem: 'two-sum', delivery: 'sent' as const, refusal: null };
  return { ...sent, refusedAt: null, snapshot: snapshot(), ...changes };
}

test('the same text is one submission until it has its verdict', () => {
  assert.equal(isUnderWay(SHOWN, tracked(), 'x = 1'), true);
  assert.equal(isUnderWay(SHOWN, tracked({ snapshot: null, delivery: 'kept' }), 'x = 1'), true);
  assert.equal(isUnderWay(SHOWN, tracked({ snapshot: null, delivery: 'refused' }), 'x = 1'), false);
  assert.equal(isUnderWay(SHOWN, tracked({ snapshot: done() }), 'x = 1'), false);
  assert.equal(isUnderWay(SHOWN, tracked(), 'x = 2'), false);
  assert.equal(isUnderWay(null, undefined, 'x = 1'), false);
});

test('another text replaces the one of the same cell that has no verdict', () => {
  assert.equal(replacedBy(SHOWN, tracked(), 'two-sum'), ID);
  assert.equal(replacedBy({ id: ID, source: '' }, tracked(), 'two-sum'), ID);
  const running = snapshot({ state: 'running', position: null });
  assert.equal(replacedBy(SHOWN, tracked({ snapshot: running }), 'two-sum'), ID);
  assert.equal(replacedBy(SHOWN, tracked({ snapshot: null, delivery: 'postponed' }), 'two-sum'), ID);
});

test('a verdict, another problem, and a cell without a submission are not replaced', () => {
  assert.equal(replacedBy(SHOWN, tracked({ snapshot: done() }), 'two-sum'), null);
  assert.equal(replacedBy(SHOWN, tracked(), 'three-sum'), null);
  assert.equal(replacedBy(null, undefined, 'two-sum'), null);
  assert.equal(replacedBy(SHOWN, tracked({ snapshot: null, delivery: 'withdrawn' }), 'two-sum'), null);
});
