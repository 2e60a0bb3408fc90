/** Waiting longer after each failure, with jitter so that a class does not come back as one. */

/** Runs `action` after `milliseconds`; returns how to give it up. */
export type Schedule = (action: () => void, milliseconds: number) => () => void;

export const onTimer: Schedule = (action, milliseconds) => {
  const timer = setTimeout(action, milliseconds);
  return () => clearTimeout(timer);
};

const FIRST_MILLISECONDS = 500;
const LAST_MILLISECONDS = 30_000;

export class Backoff {
  constructor(
    private readonly _schedule: Schedule = onTimer,
    private readonly _random: () => number = Math.random
  ) {}

  /** Run the action after the next wait. A wait under way is replaced. */
  retry(action: () => void): void {
    this._giveUp?.();
    const longest = Math.min(LAST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** this._failures);
    this._failures += 1;
    this._action = action;
    this._giveUp = this._schedule(() => this.hurry(), longest * (0.5 + this._random() / 2));
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

  private _failures = 0;
  private _action: (() => void) | null = null;
  private _giveUp: (() => void) | null = null;
}
