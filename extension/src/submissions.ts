/** Submitting and following, as one: what is submitted is delivered, and its news arrive. */
import { ISignal, Signal } from '@lumino/signaling';

import { Backoff } from './backoff';
import { Link, LiveConnection } from './connection';
import type { NewSubmission, Refusal, Snapshot } from './contract';
import type { Outbox } from './outbox';
import { Busy, IGraderService, Refused } from './port';
import { ITracked, isFinal, SubmissionStore } from './store';

/** What the student wishes for. */
export interface IPreferences {
  showOutput: boolean;
  notify: boolean;
}

export class Submissions {
  readonly preferences: IPreferences = { showOutput: false, notify: true };

  constructor(
    private readonly _service: IGraderService,
    private readonly _outbox: Outbox,
    private readonly _store = new SubmissionStore(),
    private readonly _live = new LiveConnection(_service, _store),
    private readonly _backoff = new Backoff()
  ) {
    _store.changed.connect((_, id) => this._changed.emit(id));
    _live.linkChanged.connect(() => this._linkChanged.emit(_live.link));
    _live.greeted.connect(() => {
      this.hurry();
      void this._refresh();
    });
    for (const { id, problem } of _outbox.waiting()) {
      _store.begin(id, problem, 'kept');
      this._live.start();
    }
    void this._deliver();
  }

  /** Emits the id of a submission that changed. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  get link(): Link {
    return this._live.link;
  }

  get linkChanged(): ISignal<this, Link> {
    return this._linkChanged;
  }

  get(id: string): ITracked | undefined {
    return this._store.get(id);
  }

  /** Send it, now or as soon as the service is there. What it replaces is not sent any more. */
  submit(submission: NewSubmission): void {
    const { replaces } = submission;
    if (replaces && this._outbox.has(replaces) && this._posting?.id !== replaces) {
      this._withdraw(replaces, submission.problem);
    }
    this._outbox.add(submission);
    this._store.begin(submission.id, submission.problem, 'sending');
    this._live.start();
    void this._deliver();
  }

  /** Emits at each new connection: what was known before may be stale. */
  get greeted(): ISignal<unknown, void> {
    return this._live.greeted;
  }

  /** Emits the id of a problem that has a new version. */
  get published(): ISignal<unknown, string> {
    return this._live.published;
  }

  /** Hear of all submissions of this student, wherever they were made. */
  listen(): void {
    this._live.start();
  }

  /** Follow a submission that something else knows of: a saved notebook, a kernel. */
  watch(id: string, problem: string, snapshot: Snapshot | null): void {
    if (snapshot) {
      this._store.accept(snapshot);
    } else if (!this._store.get(id)) {
      this._store.begin(id, problem, this._outbox.has(id) ? 'kept' : 'unknown');
    }
    const known = this._store.get(id);
    if (known && !isFinal(known)) {
      this._live.start();
      if (this._live.link === 'online' && !this._outbox.has(id)) {
        void this._ask(id);
      }
    }
  }

  /** Remember how it was refused when the page was open last. */
  recall(id: string, problem: string, refusal: Refusal, refusedAt: number): void {
    this._store.refuse(id, problem, refusal, refusedAt);
  }

  /** Give it up: unsent here, else at the service. Throw Refused or Unavailable. */
  async cancel(id: string): Promise<void> {
    if (this._posting?.id === id) {
      await this._posting.end; // until then nobody knows where it is
    }
    const known = this._store.get(id);
    if (!known || isFinal(known)) {
      return;
    }
    const asked = this._service.cancel(id);
    if (this._outbox.has(id)) {
      this._withdraw(id, known.problem);
      // It may have come there all the same, and only the answer was lost.
      await asked.then(snapshot => this._store.accept(snapshot)).catch(() => undefined);
    } else {
      this._store.accept(await asked);
    }
  }

  private _withdraw(id: string, problem: string): void {
    this._outbox.remove(id);
    this._store.begin(id, problem, 'withdrawn');
  }

  /** Something tells that the service may be back: do not wait any longer. */
  hurry(): void {
    this._live.hurry();
    if (!this._busy) {
      this._backoff.hurry();
    }
  }

  /** Post what waits, the oldest first, one at a time, until all is sent or the service is down. */
  private async _deliver(): Promise<void> {
    if (this._delivering) {
      return;
    }
    this._delivering = true;
    this._busy = false;
    try {
      for (let next = this._outbox.waiting()[0]; next; next = this._outbox.waiting()[0]) {
        await this._send(next);
      }
      this._backoff.reset();
    } catch (error) {
      this._keep(error);
    } finally {
      this._delivering = false;
    }
  }

  /** Nothing that waits is lost: it is sent when the service is back, or has room. */
  private _keep(error: unknown): void {
    for (const { id, problem } of this._outbox.waiting()) {
      if (error instanceof Busy) {
        this._store.postpone(id, problem, error.refusal, Date.now() / 1000);
      } else {
        this._store.begin(id, problem, 'kept');
      }
    }
    const again = (): void => void this._deliver();
    if (error instanceof Busy) {
      this._busy = true;
      this._backoff.after(again, error.seconds * 1000);
    } else {
      this._backoff.retry(again);
    }
  }

  private async _send(submission: NewSubmission): Promise<void> {
    const sending = this._post(submission);
    this._posting = { id: submission.id, end: sending.catch(() => undefined) };
    try {
      await sending;
    } finally {
      this._posting = null;
    }
  }

  private async _post(submission: NewSubmission): Promise<void> {
    const { id, problem } = submission;
    try {
      this._store.accept(await this._service.post(submission));
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
      this._store.refuse(id, problem, error.refusal, Date.now() / 1000);
    }
    this._outbox.remove(id);
  }

  /** Ask for what changed before the websocket began to listen. */
  private async _refresh(): Promise<void> {
    await Promise.all(
      this._store
        .unfinished()
        .filter(({ id }) => !this._outbox.has(id))
        .map(({ id }) => this._ask(id))
    );
  }

  private async _ask(id: string): Promise<void> {
    try {
      this._store.accept(await this._service.get(id));
    } catch (error) {
      const known = this._store.get(id);
      if (error instanceof Refused && known && !isFinal(known) && !this._outbox.has(id)) {
        const { refusal } = error;
        const lost = refusal.reason === 'not_found';
        this._store[lost ? 'lose' : 'refuse'](id, known.problem, refusal, Date.now() / 1000);
      } // else the next hello asks again
    }
  }

  private _busy = false;
  private _delivering = false;
  private _posting: { readonly id: string; readonly end: Promise<void> } | null = null;
  private _changed = new Signal<this, string>(this);
  private _linkChanged = new Signal<this, Link>(this);
}

/** A new submission's id: 32 hexadecimal digits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
