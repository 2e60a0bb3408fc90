/** Everything this page knows of submissions: one entry per id, where the newer snapshot wins. */
import { JSONExt } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';

import type { Refusal, Snapshot } from './contract';

/**
 * What became of sending it: `sending` now; `kept` until the service is back; `postponed`
 * while the service is busy; `sent`; `refused` for good; `withdrawn` by the student before it
 * was sent; `unknown` while the service has not been asked yet.
 */
export type Delivery =
  | 'sending'
  | 'kept'
  | 'postponed'
  | 'sent'
  | 'refused'
  | 'withdrawn'
  | 'unknown';

/** One submission as this page knows it. */
export interface ITracked {
  readonly id: string;
  readonly problem: string;
  readonly delivery: Delivery;
  readonly snapshot: Snapshot | null;
  readonly refusal: Refusal | null;
  /** When it was refused or postponed, in seconds since 1970. */
  readonly refusedAt: number | null;
}

/** Whether `incoming` is older than `known`, by the contract's rule for snapshots. */
export function isOlder(incoming: Snapshot, known: Snapshot): boolean {
  return (
    (incoming.revision - known.revision ||
      incoming.attempt - known.attempt ||
      (incoming.progress?.done ?? -1) - (known.progress?.done ?? -1)) < 0
  );
}

/** Whether the two say the same, in whatever order of their fields. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSONExt.deepEqual(one as never, other as never);
}

/** Whether nothing will change any more. */
export function isFinal(tracked: ITracked): boolean {
  return (
    tracked.snapshot?.state === 'done' ||
    (tracked.snapshot === null &&
      (tracked.delivery === 'refused' || tracked.delivery === 'withdrawn'))
  );
}

export class SubmissionStore {
  /** The last revision that came over the websocket, hence all before it are known. */
  revision = 0;

  /** Emits the id of a submission that changed. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  get(id: string): ITracked | undefined {
    return this._tracked.get(id);
  }

  /** Those whose verdict is not here yet. */
  unfinished(): ITracked[] {
    return [...this._tracked.values()].filter(tracked => !isFinal(tracked));
  }

  /** Know of a submission; what is known already stays. */
  begin(id: string, problem: string, delivery: Delivery): void {
    const known = this._tracked.get(id);
    if (!known || (known.snapshot === null && known.delivery !== delivery)) {
      this._put({ id, problem, delivery, snapshot: null, refusal: null, refusedAt: null });
    }
  }

  /** Take a snapshot unless a newer one is known. */
  accept(snapshot: Snapshot): void {
    const known = this._tracked.get(snapshot.id);
    if (known?.snapshot) {
      if (isSame(snapshot, known.snapshot) || isOlder(snapshot, known.snapshot)) {
        return;
      }
    }
    const { id, problem } = snapshot;
    this._put({ id, problem, delivery: 'sent', snapshot, refusal: null, refusedAt: null });
  }

  refuse(id: string, problem: string, refusal: Refusal, refusedAt: number): void {
    if (!this._tracked.get(id)?.snapshot) {
      this._put({ id, problem, delivery: 'refused', snapshot: null, refusal, refusedAt });
    }
  }

  /** The service is busy, and says when it may be sent again. */
  postpone(id: string, problem: string, refusal: Refusal, refusedAt: number): void {
    if (!this._tracked.get(id)?.snapshot) {
      this._put({ id, problem, delivery: 'postponed', snapshot: null, refusal, refusedAt });
    }
  }

  /** The service does not know it: its database was brought back from an older copy. */
  lose(id: string, problem: string, refusal: Refusal, refusedAt: number): void {
    this._put({ id, problem, delivery: 'refused', snapshot: null, refusal, refusedAt });
  }

  private _put(tracked: ITracked): void {
    this._tracked.set(tracked.id, tracked);
    this._changed.emit(tracked.id);
  }

  private _changed = new Signal<this, string>(this);
  private _tracked = new Map<string, ITracked>();
}
