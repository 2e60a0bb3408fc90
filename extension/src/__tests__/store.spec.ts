import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isFinal, SubmissionStore } from '../store';
import { done, ID, snapshot } from './desk';

test('of two snapshots the higher revision wins, whichever comes first', () => {
  const store = new SubmissionStore();
  store.accept(done({ revision: 3 }));
  store.accept(snapshot({ revision: 2, state: 'running' }));
  assert.equal(store.get(ID)?.snapshot?.state, 'done');
});

test('with equal revisions the higher attempt wins, then the further progress', () => {
  const store = new SubmissionStore();
  const running = snapshot({ state: 'running', attempt: 2, progress: { done: 0, total: 4 } });
  store.accept(running);
  store.accept({ ...running, attempt: 1, progress: { done: 3, total: 4 } });
  assert.equal(store.get(ID)?.snapshot?.attempt, 2);
  store.accept({ ...running, progress: { done: 2, total: 4 } });
  store.accept({ ...running, progress: { done: 1, total: 4 } });
  store.accept({ ...running, progress: null });
  assert.equal(store.get(ID)?.snapshot?.progress?.done, 2);
});

test('the same snapshot again changes nothing and tells nobody', () => {
  const store = new SubmissionStore();
  const told: string[] = [];
  store.changed.connect((_, id) => told.push(id));
  store.accept(snapshot());
  store.accept(snapshot());
  assert.deepEqual(told, [ID]);
});

test('a new place in the queue is told although no row changed', () => {
  const store = new SubmissionStore();
  store.accept(snapshot({ position: 4 }));
  store.accept(snapshot({ position: 3 }));
  assert.equal(store.get(ID)?.snapshot?.position, 3);
});

test('a refusal is final, unless the service knows the submission after all', () => {
  const store = new SubmissionStore();
  store.begin(ID, 'two-sum', 'sending');
  store.refuse(ID, 'two-sum', { reason: 'x', message: 'no', retry_after_seconds: null }, 7);
  assert.ok(isFinal(store.get(ID)!));
  assert.deepEqual(store.unfinished(), []);
  store.accept(snapshot());
  assert.equal(store.get(ID)?.delivery, 'sent');
  assert.equal(store.get(ID)?.refusal, null);
});

test('what is known of a submission outlives being begun again', () => {
  const store = new SubmissionStore();
  store.accept(done());
  store.begin(ID, 'two-sum', 'kept');
  assert.equal(store.get(ID)?.snapshot?.state, 'done');
});
