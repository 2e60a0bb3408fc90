/** A grader service on the desk: it does what the test says, when the test says so. */
import type { Frame, NewSubmission, Snapshot } from '../contract';
import type { IKeep } from '../outbox';
import { IGraderService, ISocket, Unavailable } from '../port';

export const ID = '0123456789abcdef0123456789abcdef';
export const OTHER = 'f'.repeat(32);

export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    id: ID,
    problem: 'two-sum',
    title: 'Two sum',
    language: 'python',
    state: 'queued',
    revision: 1,
    submitted_at: 0,
    number: 1,
    position: 0,
    wait_seconds: null,
    attempt: 0,
    progress: null,
    verdict: null,
    ...changes
  };
}

export function done(changes: Partial<Snapshot> = {}): Snapshot {
  return snapshot({
    state: 'done',
    position: null,
    verdict: {
      status: 'accepted',
      cause: 'accepted',
      points: 1,
      max_points: 1,
      tests: [],
      message: '',
      output: '',
      cpu_seconds: 0,
      wall_seconds: 0,
      memory_bytes: 0
    },
    ...changes
  });
}

export class DeskSocket implements ISocket {
  onmessage: ISocket['onmessage'] = null;
  onclose: ISocket['onclose'] = null;
  closed = false;

  constructor(readonly revision: number) {}

  send(frame: Frame): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as MessageEvent);
  }

  close(): void {
    this.closed = true;
    this.onclose?.({} as CloseEvent);
  }
}

export class DeskService implements IGraderService {
  down = false;
  refusing: Error | null = null;
  last = 5;
  readonly posted: NewSubmission[] = [];
  readonly asked: string[] = [];
  readonly cancelled: string[] = [];
  /** Posting takes until this is fulfilled. */
  slow: Promise<void> | null = null;
  readonly sockets: DeskSocket[] = [];
  readonly rows = new Map<string, Snapshot>();

  async post(submission: NewSubmission): Promise<Snapshot> {
    await this.slow;
    this._look();
    this.posted.push(submission);
    return this._row(submission.id);
  }

  async get(id: string): Promise<Snapshot> {
    this._look();
    this.asked.push(id);
    return this._row(id);
  }

  async cancel(id: string): Promise<Snapshot> {
    this._look();
    this.cancelled.push(id);
    return done({ id, revision: 99 });
  }

  async revision(): Promise<number> {
    this._look();
    return this.last;
  }

  open(revision: number): ISocket {
    const socket = new DeskSocket(revision);
    this.sockets.push(socket);
    return socket;
  }

  get socket(): DeskSocket {
    return this.sockets[this.sockets.length - 1]!;
  }

  private _row(id: string): Snapshot {
    return this.rows.get(id) ?? snapshot({ id, revision: this.last });
  }

  private _look(): void {
    if (this.down) {
      throw new Unavailable('down');
    }
    if (this.refusing) {
      throw this.refusing;
    }
  }
}

/** A localStorage; `full` makes it throw as a full one does. */
export class Keep implements IKeep {
  full = false;
  readonly items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.full) {
      throw new Error('QuotaExceededError');
    }
    this.items.set(key, value);
  }
}

/** Timers that fire when the test says so. */
export class Clock {
  readonly waiting: { action: () => void; milliseconds: number }[] = [];

  readonly schedule = (action: () => void, milliseconds: number): (() => void) => {
    const entry = { action, milliseconds };
    this.waiting.push(entry);
    return () => {
      const index = this.waiting.indexOf(entry);
      if (index >= 0) {
        this.waiting.splice(index, 1);
      }
    };
  };

  fire(): void {
    for (const { action } of [...this.waiting]) {
      action();
    }
  }
}

/** Let every promise that can go on do so. */
export async function settle(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve));
}
