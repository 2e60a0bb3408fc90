/** What there is to solve, set by set, and how far one is. */
import type { Outline, SetOutline, Standing, Statement } from './contract';

/** Problems that stand under one heading: a set of the course, or what is in none. */
export interface IGroup {
  readonly set: SetOutline | null;
  readonly dueAt: number | null;
  readonly problems: readonly Statement[];
}

/** Return the sets in their order with what is in no set behind them, by due time. */
export function grouped(problems: readonly Statement[], outline: Outline): IGroup[] {
  const left = new Map(problems.map(problem => [problem.id, problem]));
  const groups: IGroup[] = [];
  for (const set of outline.sets) {
    const members = set.problems.flatMap(id => left.get(id) ?? []);
    set.problems.forEach(id => left.delete(id));
    if (members.length > 0) {
      groups.push({ set, dueAt: set.due_at, problems: members });
    }
  }
  return [...groups, ...byDueTime([...left.values()])];
}

/** Return the problems by their due time, the next first, those without one last. */
function byDueTime(problems: readonly Statement[]): IGroup[] {
  const groups = new Map<number | null, Statement[]>();
  for (const problem of problems) {
    groups.set(problem.due_at, [...(groups.get(problem.due_at) ?? []), problem]);
  }
  return [...groups]
    .map(([dueAt, members]) => ({ set: null, dueAt, problems: members }))
    .sort((one, other) => (one.dueAt ?? Infinity) - (other.dueAt ?? Infinity));
}

export interface IScore {
  readonly points: number;
  readonly of: number;
}

/** Return what a group counts, and what of it one has: one's share of its problems' points. */
export function scoreOf(group: IGroup, standings: ReadonlyMap<string, Standing>): IScore {
  const possible = sum(group.problems.map(({ points }) => points));
  const earned = sum(group.problems.map(({ id }) => standings.get(id)?.points ?? 0));
  const of = group.set?.points ?? possible;
  return { points: possible > 0 ? rounded((of * earned) / possible) : 0, of };
}

/** Return how often one may still submit, or null when that is without limit. */
export function attemptsLeft(problem: Statement, standing: Standing | undefined): number | null {
  return problem.attempts === null
    ? null
    : Math.max(0, problem.attempts - (standing?.attempts ?? 0));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function rounded(points: number): number {
  return Math.round(points * 100) / 100;
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
