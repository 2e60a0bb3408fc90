/** A submission as a notebook's output keeps it. */
import type { IOutputAreaModel } from '@jupyterlab/outputarea';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Refusal, Snapshot } from './contract';
import { ITracked, isFinal, isSame } from './store';
import type { Submissions } from './submissions';
import { points } from './text';
import { headline, note } from './words';

export const MIME_TYPE = 'application/vnd.nbjudge.submission+json';

/** The value under MIME_TYPE. */
export interface IPayload {
  readonly id: string;
  readonly problem: string;
  readonly snapshot: Snapshot | null;
  readonly refusal?: Refusal | null;
  readonly refused_at?: number | null;
}

/** Return the payload of an output's data, or null when there is none that can be read. */
export function payloadIn(data: { readonly [type: string]: unknown }): IPayload | null {
  const found = data[MIME_TYPE] as Partial<IPayload> | undefined;
  if (!found || typeof found.id !== 'string' || !/^[0-9a-f]{32}$/.test(found.id)) {
    return null;
  }
  const snapshot = found.snapshot?.id === found.id ? found.snapshot : null;
  const problem = snapshot?.problem ?? String(found.problem ?? '');
  const { id, refusal = null, refused_at = null } = found;
  return { id, problem, snapshot, refusal, refused_at };
}

/** Let the page know what the notebook knows. */
export function tell(submissions: Submissions, payload: IPayload): void {
  const { id, problem, snapshot, refusal, refused_at } = payload;
  if (refusal && !snapshot) {
    submissions.recall(id, problem, refusal, refused_at ?? 0);
  } else {
    submissions.watch(id, problem, snapshot);
  }
}

/** Return an output's data: for this extension, and in words for every other reader. */
export function dataOf(
  trans: TranslationBundle,
  tracked: ITracked
): IRenderMime.IMimeModel['data'] {
  const { id, problem, snapshot, delivery, refusedAt } = tracked;
  const refusal = delivery === 'refused' ? tracked.refusal : null;
  const payload: IPayload = refusal
    ? { id, problem, snapshot, refusal, refused_at: refusedAt }
    : { id, problem, snapshot };
  const verdict = snapshot?.verdict;
  const words = [`nbjudge: ${snapshot?.title ?? problem}: ${headline(trans, tracked)}`];
  if (verdict) {
    const score = [points(verdict.points), points(verdict.max_points)];
    words.push(trans.__('%1 / %2 points', ...score));
  } else if (refusal) {
    words.push(note(trans, tracked));
  }
  const made = { [MIME_TYPE]: payload, 'text/plain': words.join(', ') };
  return made as unknown as IRenderMime.IMimeModel['data'];
}

/** Whether the notebook should learn what the page knows: it is final there and not yet here. */
export function isWorthSaving(saved: IPayload, tracked: ITracked): boolean {
  if (!isFinal(tracked)) {
    return false;
  }
  return (
    !isSame(saved.snapshot, tracked.snapshot) || (tracked.refusal !== null && !saved.refusal)
  );
}

/** Return where the outputs hold a submission, or -1. */
export function indexIn(outputs: IOutputAreaModel): number {
  for (let index = 0; index < outputs.length; index++) {
    if (outputs.get(index).data[MIME_TYPE] !== undefined) {
      return index;
    }
  }
  return -1;
}

/** Put the submission into the outputs, in the place of an earlier one. */
export function write(
  outputs: IOutputAreaModel,
  trans: TranslationBundle,
  tracked: ITracked
): void {
  const output = {
    output_type: 'display_data' as const,
    data: dataOf(trans, tracked) as never,
    metadata: {}
  };
  const index = indexIn(outputs);
  if (index >= 0) {
    outputs.set(index, output);
  } else {
    outputs.add(output);
  }
}
