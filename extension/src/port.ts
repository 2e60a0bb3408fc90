/** What the page needs of a grader service, and how that may fail. */
import type { NewSubmission, Refusal, Snapshot } from './contract';

/** What of a WebSocket is needed. */
export interface ISocket {
  onmessage: ((event: MessageEvent) => unknown) | null;
  onclose: ((event: CloseEvent) => unknown) | null;
  close(): void;
}

/** All but `open` throw Refused, Busy or Unavailable. */
export interface IGraderService {
  /** Posting the same id twice is one submission. */
  post(submission: NewSubmission): Promise<Snapshot>;
  get(id: string): Promise<Snapshot>;
  cancel(id: string): Promise<Snapshot>;
  /** The student's last revision. */
  revision(): Promise<number>;
  /** Frames of what changed after this revision, then of what changes. */
  open(revision: number): ISocket;
}

/** The service understood and said no, for good. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** The service has too much to do: the same once more is welcome when the refusal says. */
export class Busy extends Error {
  constructor(
    readonly refusal: Refusal,
    readonly seconds: number
  ) {
    super(refusal.message);
  }
}

/** The service, or the way to it, is down; later may be better. */
export class Unavailable extends Error {}
