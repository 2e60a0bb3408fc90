/** Submitting once more: what is the same as before, and what takes the place of what. */
import { ITracked, isFinal } from './store';

/** What a cell shows, or showed last. */
export interface IShown {
  readonly id: string;
  /** What was handed in; empty when this page does not know. */
  readonly source: string;
}

/** Whether this very text was handed in and has no verdict yet: then it is not sent again. */
export function isUnderWay(
  shown: IShown | null,
  tracked: ITracked | undefined,
  source: string
): boolean {
  return shown?.source === source && tracked !== undefined && !isFinal(tracked);
}

/** Return the id that a new submission to the problem replaces: the cell's own, without a verdict. */
export function replacedBy(
  shown: IShown | null,
  tracked: ITracked | undefined,
  problem: string
): string | null {
  const open = tracked !== undefined && !isFinal(tracked) && tracked.problem === problem;
  return shown && open ? shown.id : null;
}
