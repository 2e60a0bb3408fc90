/** What there is to solve, and how far one is with each problem. */
import type { Snapshot, Statement } from './contract';

/** One's best result and last attempt at a problem. */
export interface IStanding {
  readonly best: Snapshot | null;
  readonly latest: Snapshot | null;
}

/** Problems that are due together. */
export interface IGroup {
  readonly dueAt: number | null;
  readonly problems: readonly Statement[];
}

const COUNTS_NOT = new Set(['cancelled', 'internal_error']);

/** Return the standing after one more snapshot. */
export function advanced(standing: IStanding | undefined, snapshot: Snapshot): IStanding {
  const { best = null, latest = null } = standing ?? {};
  const newer = !latest || latest.id === snapshot.id || snapshot.number >= latest.number;
  return { best: better(best, snapshot), latest: newer ? snapshot : latest };
}

function better(best: Snapshot | null, snapshot: Snapshot): Snapshot | null {
  const verdict = snapshot.verdict;
  if (!verdict || COUNTS_NOT.has(verdict.status)) {
    return best?.id === snapshot.id ? null : best;
  }
  return !best?.verdict || verdict.points > best.verdict.points ? snapshot : best;
}

/** Return the problems by their due time, the next first, those without one last. */
export function grouped(problems: readonly Statement[]): IGroup[] {
  const groups = new Map<number | null, Statement[]>();
  for (const problem of problems) {
    groups.set(problem.due_at, [...(groups.get(problem.due_at) ?? []), problem]);
  }
  return [...groups]
    .map(([dueAt, members]) => ({ dueAt, problems: members }))
    .sort((one, other) => (one.dueAt ?? Infinity) - (other.dueAt ?? Infinity));
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60]
];

/** Return how far away a time is, such as `in 3 hours`; both are seconds since 1970. */
export function fromNow(seconds: number, now: number, locale?: string): string {
  const away = seconds - now;
  const [unit, length] = STEPS.find(([, size]) => Math.abs(away) >= size) ?? ['minute', 60];
  return new Intl.RelativeTimeFormat(locale).format(Math.trunc(away / length), unit);
}
