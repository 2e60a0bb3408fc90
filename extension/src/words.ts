/** What a student reads of a status, a place in the queue, a delivery. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Snapshot, Status } from './contract';
import type { ITracked } from './store';

/** A wait that is not worth telling. */
const SHORT_SECONDS = 5;
const LONG_SECONDS = 20;
const LONG_LINE = 20;

export function statusWord(trans: TranslationBundle, status: Status): string {
  switch (status) {
    case 'accepted':
      return trans.__('Accepted');
    case 'wrong_answer':
      return trans.__('Wrong answer');
    case 'partial':
      return trans.__('Partly right');
    case 'time_limit_exceeded':
      return trans.__('Time limit exceeded');
    case 'memory_limit_exceeded':
      return trans.__('Memory limit exceeded');
    case 'output_limit_exceeded':
      return trans.__('Output limit exceeded');
    case 'runtime_error':
      return trans.__('Runtime error');
    case 'compile_error':
      return trans.__('Compile error');
    case 'cancelled':
      return trans.__('Cancelled');
    case 'internal_error':
      return trans.__('Grader error');
  }
}

/** One line that says where a submission is. */
export function headline(trans: TranslationBundle, tracked: ITracked): string {
  if (tracked.snapshot) {
    return progressLine(trans, tracked.snapshot);
  }
  switch (tracked.delivery) {
    case 'kept':
      return trans.__('Waiting for the grading service');
    case 'postponed':
      return trans.__('Waiting: the grading service is busy');
    case 'refused':
      return trans.__('Not accepted');
    case 'withdrawn':
      return trans.__('Cancelled');
    case 'unknown':
      return trans.__('Asking the grading service…');
    default:
      return trans.__('Sending…');
  }
}

function progressLine(trans: TranslationBundle, snapshot: Snapshot): string {
  if (snapshot.verdict) {
    return statusWord(trans, snapshot.verdict.status);
  }
  if (snapshot.state === 'running') {
    const { progress } = snapshot;
    return progress && progress.total > 0
      ? trans.__(
          'Running: test %1 of %2',
          Math.min(progress.done + 1, progress.total),
          progress.total
        )
      : trans.__('Running');
  }
  if (snapshot.position === null) {
    return trans.__('Queued');
  }
  if (snapshot.position === 0) {
    return trans.__('Queued: next in line');
  }
  const place = trans._n('Queued: %1 before yours', 'Queued: %1 before yours', snapshot.position);
  const wait = snapshot.wait_seconds ?? 0;
  return wait < SHORT_SECONDS ? place : trans.__('%1, about %2', place, duration(trans, wait));
}

/** `40 s`, `3 min`: no more exact than an expectation can be. */
function duration(trans: TranslationBundle, seconds: number): string {
  return seconds < 90
    ? trans.__('%1 s', Math.ceil(seconds / 5) * 5)
    : trans.__('%1 min', Math.round(seconds / 60));
}

/** A sentence below the headline: what the student may expect or do. Empty when all is well. */
export function note(trans: TranslationBundle, tracked: ITracked): string {
  if (tracked.snapshot?.verdict?.status === 'internal_error') {
    return trans.__('This is not your fault. Your instructor can see it; you may submit again.');
  }
  if (tracked.snapshot?.verdict?.status === 'cancelled') {
    return tracked.snapshot.verdict.message;
  }
  if (tracked.snapshot && waitsLong(tracked.snapshot)) {
    const at = new Date(tracked.snapshot.submitted_at * 1000).toLocaleTimeString();
    return trans.__(
      'It counts as submitted at %1, however long it waits. You may close the notebook: the verdict will be here.',
      at
    );
  }
  if (tracked.delivery === 'kept') {
    return trans.__(
      'The grading service is down. Your submission is kept in this browser and is sent when the service is back.'
    );
  }
  const { refusal, refusedAt } = tracked;
  if (!refusal) {
    return '';
  }
  if (refusal.reason === 'not_found') {
    return trans.__('The grading service does not know this submission. Please submit again.');
  }
  if (refusal.retry_after_seconds === null || refusedAt === null) {
    return refusal.message;
  }
  const again = new Date((refusedAt + refusal.retry_after_seconds) * 1000);
  if (tracked.delivery === 'postponed') {
    return trans.__(
      '%1. Your submission is kept in this browser and is sent again by itself, at about %2. It counts as submitted then.',
      sentence(refusal.message),
      again.toLocaleTimeString()
    );
  }
  return `${refusal.message} ${trans.__('You may submit again at %1.', again.toLocaleTimeString())}`;
}

function waitsLong({ state, position, wait_seconds }: Snapshot): boolean {
  const long = (wait_seconds ?? 0) >= LONG_SECONDS || (position ?? 0) >= LONG_LINE;
  return state === 'queued' && long;
}

/** The service's word as the beginning of a sentence, without its full stop. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '');
}
