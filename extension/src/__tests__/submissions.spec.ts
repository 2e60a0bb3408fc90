import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Backoff } from '../backoff';
import { LiveConnection } from '../connection';
import { Outbox } from '../outbox';
import { Busy, Refused } from '../port';
import { SubmissionStore } from '../store';
import { newId, Submissions } from '../submissions';
import { Clock, DeskService, done, ID, Keep, OTHER, settle, snapshot } from './desk';

const SUBMISSION = { id: ID, problem: 'two-sum', language: 'python', source: 'x = 1' };

function desk(keep = new Keep()) {
  const service = new DeskService();
  const clock = new Clock();
  const store = new SubmissionStore();
  const backoff = (): Backoff => new Backoff(clock.schedule, () => 1);
  const outbox = new Outbox(keep, '/');
  const open = (): Submissions =>
    new Submissions(
      service,
      outbox,
      store,
      new LiveConnection(service, store, backoff()),
      backoff()
    );
  return { service, clock, store, outbox, open };
}

function hello(service: DeskService): void {
  service.socket.send({ type: 'hello', student: 'ada', revision: service.last });
}

test('a submission is posted, followed and ends with its verdict', async () => {
  const { service, outbox, open } = desk();
  const submissions = open();
  submissions.submit(SUBMISSION);
  assert.equal(submissions.get(ID)?.delivery, 'sending');
  await settle();
  hello(service);
  assert.deepEqual(service.posted, [SUBMISSION]);
  assert.deepEqual(outbox.waiting(), []);
  assert.equal(submissions.get(ID)?.delivery, 'sent');
  service.socket.send({ type: 'submission', submission: done({ revision: 7 }) });
  assert.equal(submissions.get(ID)?.snapshot?.verdict?.status, 'accepted');
});

test('while the service is down a submission is kept, and sent when it is back', async () => {
  const { service, clock, open } = desk();
  service.down = true;
  const submissions = open();
  submissions.submit(SUBMISSION);
  await settle();
  assert.equal(submissions.get(ID)?.delivery, 'kept');
  assert.equal(submissions.link, 'lost');
  service.down = false;
  clock.fire();
  await settle();
  assert.deepEqual(service.posted, [SUBMISSION]);
  assert.equal(submissions.get(ID)?.delivery, 'sent');
});

test('a page that opens later sends what an earlier one kept', async () => {
  const keep = new Keep();
  const before = desk(keep);
  before.service.down = true;
  before.open().submit(SUBMISSION);
  await settle();
  const after = desk(keep);
  const submissions = after.open();
  await settle();
  assert.deepEqual(after.service.posted, [SUBMISSION]);
  assert.equal(submissions.get(ID)?.delivery, 'sent');
});

test('a refusal is final: it is told and not sent again', async () => {
  const { service, clock, outbox, open } = desk();
  const submissions = open();
  const refusal = { reason: 'too_fast', message: 'Wait.', retry_after_seconds: 3 };
  service.refusing = new Refused(refusal);
  submissions.submit(SUBMISSION);
  await settle();
  assert.deepEqual(submissions.get(ID)?.refusal, refusal);
  assert.deepEqual(outbox.waiting(), []);
  service.refusing = null;
  clock.fire();
  await settle();
  assert.deepEqual(service.posted, []);
});

test('a websocket that comes back says the last revision that it saw', async () => {
  const { service, clock, open } = desk();
  const submissions = open();
  submissions.submit(SUBMISSION);
  await settle();
  assert.equal(service.socket.revision, 5);
  hello(service);
  service.socket.send({ type: 'submission', submission: snapshot({ revision: 8 }) });
  service.socket.close();
  assert.equal(submissions.link, 'lost');
  clock.fire();
  await settle();
  assert.equal(service.sockets.length, 2);
  assert.equal(service.socket.revision, 8);
  hello(service);
  assert.equal(submissions.link, 'online');
});

test('each failed try waits longer, up to a quarter of a minute, and a hello makes it short again', async () => {
  const { service, clock, open } = desk();
  service.down = true;
  open().watch(ID, 'two-sum', null);
  const waits: number[] = [];
  for (let round = 0; round < 8; round++) {
    await settle();
    waits.push(clock.waiting[0]!.milliseconds);
    clock.fire();
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  await settle();
  service.down = false;
  clock.fire();
  await settle();
  hello(service);
  service.socket.close();
  assert.equal(clock.waiting[0]!.milliseconds, 500);
});

test('a submission that the service lost with its disk is told as lost, not waited for', async () => {
  const { service, clock, open } = desk();
  const submissions = open();
  submissions.submit(SUBMISSION);
  await settle();
  hello(service);
  assert.equal(submissions.get(ID)?.snapshot?.state, 'queued');
  service.socket.close();
  clock.fire();
  await settle();
  const refusal = { reason: 'not_found', message: 'None.', retry_after_seconds: null };
  service.refusing = new Refused(refusal);
  hello(service);
  await settle();
  assert.equal(submissions.get(ID)?.delivery, 'refused');
  assert.deepEqual(submissions.get(ID)?.refusal, refusal);
  assert.equal(submissions.get(ID)?.snapshot, null);
});

test('a refusal of another kind does not make a submission lost', async () => {
  const { service, open } = desk();
  const submissions = open();
  submissions.submit(SUBMISSION);
  await settle();
  service.refusing = new Refused({
    reason: 'unauthorized',
    message: 'Who?',
    retry_after_seconds: null
  });
  hello(service);
  await settle();
  assert.equal(submissions.get(ID)?.snapshot?.state, 'queued');
});

test('what a notebook remembers as open is asked for; what is done is not', async () => {
  const { service, open } = desk();
  const submissions = open();
  submissions.watch(OTHER, 'two-sum', done({ id: OTHER, revision: 2 }));
  await settle();
  assert.equal(service.sockets.length, 0);
  service.rows.set(ID, done({ revision: 4 }));
  submissions.watch(ID, 'two-sum', snapshot({ revision: 3 }));
  await settle();
  hello(service);
  await settle();
  assert.deepEqual(service.asked, [ID]);
  assert.equal(submissions.get(ID)?.snapshot?.state, 'done');
});

test('a kept submission can be withdrawn and is never sent', async () => {
  const { service, clock, open } = desk();
  service.down = true;
  const submissions = open();
  submissions.submit(SUBMISSION);
  await settle();
  await submissions.cancel(ID);
  assert.equal(submissions.get(ID)?.delivery, 'withdrawn');
  service.down = false;
  clock.fire();
  await settle();
  assert.deepEqual(service.posted, []);
});

const FULL = { reason: 'queue_full', message: '9 wait before yours.', retry_after_seconds: 60 };

test('a service that is busy gets it again when it has said, and not before', async () => {
  const { service, clock, outbox, open } = desk();
  const submissions = open();
  service.refusing = new Busy(FULL, 60);
  submissions.submit(SUBMISSION);
  await settle();
  assert.equal(submissions.get(ID)?.delivery, 'postponed');
  assert.deepEqual(submissions.get(ID)?.refusal, FULL);
  assert.deepEqual(outbox.waiting(), [SUBMISSION]);
  assert.deepEqual(
    clock.waiting.map(({ milliseconds }) => milliseconds).filter(wait => wait >= 60_000),
    [75_000]
  );
  service.refusing = null;
  submissions.hurry();
  await settle();
  assert.deepEqual(service.posted, []);
  clock.fire();
  await settle();
  assert.deepEqual(service.posted, [SUBMISSION]);
  assert.equal(submissions.get(ID)?.snapshot?.state, 'queued');
  assert.equal(submissions.get(ID)?.refusal, null);
});

test('what is postponed outlives the page, and can be withdrawn', async () => {
  const keep = new Keep();
  const before = desk(keep);
  before.service.refusing = new Busy(FULL, 60);
  before.open().submit(SUBMISSION);
  await settle();
  const after = desk(keep);
  after.service.refusing = new Busy(FULL, 60);
  const submissions = after.open();
  await settle();
  assert.equal(submissions.get(ID)?.delivery, 'postponed');
  await submissions.cancel(ID);
  assert.equal(submissions.get(ID)?.delivery, 'withdrawn');
  assert.deepEqual(after.outbox.waiting(), []);
});

test('one that was given up while it was being sent is cancelled where it came to', async () => {
  const { service, open } = desk();
  const submissions = open();
  let arrive = (): void => undefined;
  service.slow = new Promise(resolve => (arrive = resolve));
  submissions.submit(SUBMISSION);
  const cancelling = submissions.cancel(ID);
  await settle();
  assert.deepEqual(service.cancelled, []);
  arrive();
  await cancelling;
  assert.deepEqual(service.cancelled, [ID]);
  assert.equal(submissions.get(ID)?.snapshot?.state, 'done');
});

test('a verdict that is here already is not asked to be cancelled', async () => {
  const { service, open } = desk();
  const submissions = open();
  submissions.watch(ID, 'two-sum', done());
  await submissions.cancel(ID);
  assert.deepEqual(service.cancelled, []);
});

test('what is replaced before it was sent is never sent', async () => {
  const { service, clock, outbox, open } = desk();
  service.down = true;
  const submissions = open();
  submissions.submit(SUBMISSION);
  await settle();
  const newer = { ...SUBMISSION, id: OTHER, source: 'x = 2', replaces: ID };
  submissions.submit(newer);
  await settle();
  assert.equal(submissions.get(ID)?.delivery, 'withdrawn');
  assert.deepEqual(outbox.waiting(), [newer]);
  service.down = false;
  clock.fire();
  await settle();
  assert.deepEqual(service.posted, [newer]);
});

test('what is replaced while it is being sent arrives first, and the service ends it', async () => {
  const { service, open } = desk();
  const submissions = open();
  let arrive = (): void => undefined;
  service.slow = new Promise(resolve => (arrive = resolve));
  submissions.submit(SUBMISSION);
  const newer = { ...SUBMISSION, id: OTHER, source: 'x = 2', replaces: ID };
  submissions.submit(newer);
  arrive();
  await settle();
  assert.deepEqual(service.posted, [SUBMISSION, newer]);
});

test('a queued submission is cancelled at the service', async () => {
  const { open } = desk();
  const submissions = open();
  submissions.submit(SUBMISSION);
  await settle();
  await submissions.cancel(ID);
  assert.equal(submissions.get(ID)?.snapshot?.state, 'done');
});

test('ids are 32 hexadecimal digits, each another', () => {
  assert.match(newId(), /^[0-9a-f]{32}$/);
  assert.notEqual(newId(), newId());
});
