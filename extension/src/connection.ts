/** The websocket that brings news: it comes back by itself and misses nothing. */
import { ISignal, Signal } from '@lumino/signaling';

import { Backoff } from './backoff';
import type { Frame } from './contract';
import type { IGraderService, ISocket } from './port';
import type { SubmissionStore } from './store';

/** `idle`: nothing to listen for yet; `lost`: it was there and is being sought again. */
export type Link = 'idle' | 'connecting' | 'online' | 'lost';

export class LiveConnection {
  constructor(
    private readonly _service: IGraderService,
    private readonly _store: SubmissionStore,
    private readonly _backoff = new Backoff()
  ) {}

  get link(): Link {
    return this._link;
  }

  get linkChanged(): ISignal<this, Link> {
    return this._linkChanged;
  }

  /** Emits at each hello: the service is there, and a replay follows. */
  get greeted(): ISignal<this, void> {
    return this._greeted;
  }

  /** Emits the id of a problem that has a new version. */
  get published(): ISignal<this, string> {
    return this._published;
  }

  /** Connect unless that is under way already. */
  start(): void {
    if (this._link === 'idle') {
      this._setLink('connecting');
      void this._open();
    }
  }

  /** Do not wait any longer with the next try: the network is back. */
  hurry(): void {
    this._backoff.hurry();
  }

  stop(): void {
    this._backoff.stop();
    const socket = this._socket;
    this._socket = null;
    socket?.close();
    this._setLink('idle');
  }

  private async _open(): Promise<void> {
    try {
      if (this._store.revision === 0) {
        // Without a replay of the whole course: what is open is asked for one by one.
        this._store.revision = await this._service.revision();
      }
    } catch {
      this._again();
      return;
    }
    if (this._link === 'idle') {
      return;
    }
    const socket = this._service.open(this._store.revision);
    this._socket = socket;
    socket.onmessage = event => {
      if (socket === this._socket) {
        this._receive(event.data);
      }
    };
    socket.onclose = () => {
      if (socket === this._socket) {
        this._socket = null;
        this._again();
      }
    };
  }

  private _again(): void {
    if (this._link !== 'idle') {
      this._setLink('lost');
      this._backoff.retry(() => void this._open());
    }
  }

  private _receive(data: unknown): void {
    const frame = parsed(data);
    if (frame?.type === 'hello') {
      this._backoff.reset();
      this._setLink('online');
      this._greeted.emit();
    } else if (frame?.type === 'submission') {
      const { revision } = frame.submission;
      this._store.revision = Math.max(this._store.revision, revision);
      this._store.accept(frame.submission);
    } else if (frame?.type === 'problem') {
      this._published.emit(frame.problem);
    }
  }

  private _setLink(link: Link): void {
    if (link !== this._link) {
      this._link = link;
      this._linkChanged.emit(link);
    }
  }

  private _link: Link = 'idle';
  private _socket: ISocket | null = null;
  private _linkChanged = new Signal<this, Link>(this);
  private _greeted = new Signal<this, void>(this);
  private _published = new Signal<this, string>(this);
}

function parsed(data: unknown): Frame | null {
  try {
    return JSON.parse(String(data)) as Frame;
  } catch {
    return null; // not ours to judge: the next frame or the next replay tells it again
  }
}
