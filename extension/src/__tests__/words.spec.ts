import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { TranslationBundle } from '@jupyterlab/translation';

import type { Snapshot } from '../contract';
import type { ITracked } from '../store';
import { headline, note } from '../words';
import { done, ID, snapshot } from './desk';

/** English as it stands, with what it is about filled in. */
const trans = {
  __: (text: string, ...parts: unknown[]) =>
    text.replace(/%(\d)/g, (_, place) => String(parts[Number(place) - 1])),
  _n: (one: string, many: string, count: number) =>
    (count === 1 ? one : many).replace('%1', String(count))
} as unknown as TranslationBundle;

function waiting(changes: Partial<Snapshot>): ITracked {
  const sent = { id: ID, problem: 'two-sum', delivery: 'sent' as const, refusal: null };
  return { ...sent, refusedAt: null, snapshot: snapshot(changes) };
}

test('who waits reads the place, and how long it may take once that is known', () => {
  assert.equal(headline(trans, waiting({ position: 0 })), 'Queued: next in line');
  assert.equal(headline(trans, waiting({ position: 250 })), 'Queued: 250 before yours');
  const told = (wait: number) => headline(trans, waiting({ position: 250, wait_seconds: wait }));
  assert.equal(told(2), 'Queued: 250 before yours');
  assert.equal(told(32), 'Queued: 250 before yours, about 35 s');
  assert.equal(told(170), 'Queued: 250 before yours, about 3 min');
});

test('who waits long reads that the time of submitting counts', () => {
  assert.match(note(trans, waiting({ position: 250 })), /^It counts as submitted at .*close/);
  assert.match(note(trans, waiting({ position: 3, wait_seconds: 45 })), /^It counts/);
  assert.equal(note(trans, waiting({ position: 3, wait_seconds: 2 })), '');
  assert.equal(note(trans, waiting({ state: 'running', position: null })), '');
});

test('a busy service is told with its reason and with when it is sent again', () => {
  const refusal = {
    reason: 'queue_full',
    message: '9 submissions wait before yours; there is room in about 60 s',
    retry_after_seconds: 60
  };
  const busy: ITracked = {
    ...waiting({}),
    snapshot: null,
    delivery: 'postponed',
    refusal,
    refusedAt: 1000
  };
  assert.equal(headline(trans, busy), 'Waiting: the grading service is busy');
  const at = new Date(1_060_000).toLocaleTimeString();
  assert.match(note(trans, busy), /^9 submissions wait before yours; .* 60 s\. Your submission is kept/);
  assert.ok(note(trans, busy).includes(`sent again by itself, at about ${at}. It counts`));
});

test('a cancelled one says why, below its headline', () => {
  const verdict = { ...done().verdict!, status: 'cancelled' as const, message: 'Replaced.' };
  const gone = { ...waiting({}), snapshot: done({ verdict }) };
  assert.equal(headline(trans, gone), 'Cancelled');
  assert.equal(note(trans, gone), 'Replaced.');
});
