/** Submissions that the service has not taken yet; they outlive the page. */
import type { NewSubmission } from './contract';

/** What of the browser's localStorage is needed. */
export interface IKeep {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export class Outbox {
  /** `place` tells one Jupyter server from another on the same host: its base URL. */
  constructor(
    private readonly _keep: IKeep,
    place: string
  ) {
    this._key = `nbjudge:outbox:${place}`;
  }

  /** All that wait, the oldest first. */
  waiting(): NewSubmission[] {
    return Object.values(this._read());
  }

  has(id: string): boolean {
    return id in this._read();
  }

  add(submission: NewSubmission): void {
    this._write({ ...this._read(), [submission.id]: submission });
  }

  remove(id: string): void {
    const { [id]: gone, ...rest } = this._read();
    if (gone) {
      this._write(rest);
    }
  }

  private _read(): Record<string, NewSubmission> {
    if (this._here) {
      return this._here;
    }
    try {
      const read: unknown = JSON.parse(this._keep.getItem(this._key) ?? '{}');
      return read !== null && typeof read === 'object'
        ? (read as Record<string, NewSubmission>)
        : {};
    } catch {
      return {};
    }
  }

  private _write(all: Record<string, NewSubmission>): void {
    try {
      this._keep.setItem(this._key, JSON.stringify(all));
      this._here = null;
    } catch {
      this._here = all; // storage is full or forbidden: at least this page remembers
    }
  }

  private readonly _key: string;
  private _here: Record<string, NewSubmission> | null = null;
}
