/** Waiting longer after each failure, with full jitter so that a class does not come back as one. */

/** Runs `action` after `milliseconds`; returns how to give it up. */
export type Schedule = (action: () => void, milliseconds: number) => () => void;

export const onTimer: Schedule = (action, milliseconds) => {
  const timer = setTimeout(action, milliseconds);
  return () => clearTimeout(timer);
};

const FIRST_MILLISECONDS = 500;
const LAST_MILLISECONDS = 15_000;
/** Who is told when to come back comes up to this share later, so that not all come at once. */
const LATENESS = 0.25;

export class Backoff {
  constructor(
    private readonly _schedule: Schedule = onTimer,
    private readonly _random: () => number = Math.random
  ) {}

  /** Run the action after the next wait. A wait under way is replaced. */
  retry(action: () => void): void {
    const longest = Math.min(LAST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** this._failures);
    this._failures += 1;
    this._wait(action, longest * this._random());
  }

  /** Run the action after this time, which the service has named, or somewhat later. */
  after(action: () => void, milliseconds: number): void {
    this._failures = 0;
    this._wait(action, milliseconds * (1 + LATENESS * this._random()));
  }

  /** Run what waits now. */
  hurry(): void {
    const action = this._action;
    this.stop();
    action?.();
  }

  /** All is well: the next wait is short again. */
  reset(): void {
    this._failures = 0;
  }

  stop(): void {
    this._giveUp?.();
    this._giveUp = null;
    this._action = null;
  }

  private _wait(action: () => void, milliseconds: number): void {
    this._giveUp?.();
    this._action = action;
    this._giveUp = this._schedule(() => this.hurry(), milliseconds);
  }

  private _failures = 0;
  private _action: (() => void) | null = null;
  private _giveUp: (() => void) | null = null;
}
