/** The `#|` lines at the top of a cell, read and rewritten; all other lines stay as they are. */

export const ROLES = [
  'starter',
  'solution',
  'wrong',
  'test',
  'hidden',
  'setup',
  'shared',
  'example'
] as const;

/** What a cell is in a problem. A hidden test is a test that says `hidden: true`. */
export type Role = (typeof ROLES)[number];

export interface IRoleSettings {
  /** A test's name, or why a wrong solution is wrong. */
  readonly label?: string;
  readonly points?: string;
  readonly hint?: string;
  readonly verdict?: string;
}

const LINE = /^(#|\/\/|--)\|(.*)$/;
const OPTION = /^\s?([^\s:]+)\s*(?::\s*(.*?))?\s*$/;
const CONTINUED = /^\s{2,}\S/;
const SLASHES = /^(c|cpp|c\+\+.*|java|javascript|typescript|go|rust|kotlin|csharp)$/;
const DASHES = /^(sql|lua|haskell)$/;
const NAMES = new Set<string>(ROLES.filter(role => role !== 'hidden'));
/** The options that go with some roles only. */
const BELONGS: { readonly [option: string]: readonly Role[] } = {
  points: ['test', 'hidden'],
  hidden: ['hidden'],
  hint: ['test', 'hidden'],
  verdict: ['wrong'],
  language: ['starter', 'solution', 'wrong']
};

interface IOption {
  readonly name: string;
  readonly value: string;
  /** The line as it stands, and those that continue it. */
  readonly lines: readonly string[];
}

/** Return what begins a comment in a language, by its name or its notebook's. */
export function commentMark(language: string): string {
  const name = language.toLowerCase();
  return SLASHES.test(name) ? '//' : DASHES.test(name) ? '--' : '#';
}

/** Return the role that a cell says, or null. */
export function roleIn(text: string): Role | null {
  const { options } = split(text);
  const role = options.find(({ name }) => NAMES.has(name))?.name as Role | undefined;
  const hidden = options.find(({ name }) => name === 'hidden');
  return role === 'test' && hidden && hidden.value !== 'false' ? 'hidden' : role ?? null;
}

/** Return what a cell says beside its role. */
export function settingsIn(text: string): IRoleSettings {
  const { options } = split(text);
  const value = (wanted: string): string | undefined =>
    options.find(({ name }) => name === wanted)?.value;
  const role = options.find(({ name }) => NAMES.has(name));
  const inline = /^(.*),\s*verdict:\s*(\w+)$/.exec(role?.value ?? '');
  return {
    label: inline?.[1] ?? role?.value,
    points: value('points'),
    hint: value('hint'),
    verdict: value('verdict') ?? inline?.[2]
  };
}

/** Where a cell's `#|` lines end, and what stands there instead: all that has to be changed. */
export interface IRewriting {
  readonly start: number;
  readonly end: number;
  readonly head: string;
}

/** Give a cell a role, or none. Options that fit the new role stay. */
export function rewriting(
  text: string,
  role: Role | null,
  mark: string,
  settings: IRoleSettings = {}
): IRewriting {
  const { start, end, options } = split(text);
  const used = LINE.exec(text.slice(start).split('\n')[0] ?? '')?.[1];
  const sign = used ?? mark;
  const lines = role ? headOf(role, sign, { ...settingsIn(text), ...settings }) : [];
  for (const option of options) {
    const written = NAMES.has(option.name) || Object.hasOwn(WRITTEN, option.name);
    const fits = BELONGS[option.name]?.includes(role as Role) ?? true;
    if (!written && fits) {
      lines.push(...option.lines);
    }
  }
  return { start, end, head: lines.map(line => `${line}\n`).join('') };
}

const WRITTEN = { points: true, hidden: true, hint: true, verdict: true };

function headOf(role: Role, mark: string, said: IRoleSettings): string[] {
  const name = role === 'hidden' ? 'test' : role;
  const labelled = name === 'test' || name === 'wrong';
  const options: [string, string | undefined][] = [];
  if (name === 'test') {
    options.push(['points', said.points]);
    options.push(['hidden', role === 'hidden' ? 'true' : undefined]);
    options.push(['hint', said.hint]);
  } else if (name === 'wrong') {
    options.push(['verdict', said.verdict || 'wrong_answer']);
  }
  const label = said.label?.trim() || (name === 'test' ? 'what it tests' : 'why it is wrong');
  return [
    `${mark}| ${name}${labelled ? `: ${label}` : ''}`,
    ...options.filter(([, value]) => value).map(([option, value]) => `${mark}| ${option}: ${value}`)
  ];
}

/** Find the `#|` lines: where they begin and end in the text, and what they say. */
function split(text: string): { start: number; end: number; options: IOption[] } {
  const start = /^(?:[^\S\n]*\n)*/.exec(text)?.[0].length ?? 0;
  let end = start;
  const options: IOption[] = [];
  for (const line of text.slice(start).split('\n')) {
    const said = LINE.exec(line)?.[2];
    if (said === undefined) {
      break;
    }
    end = Math.min(text.length, end + line.length + 1);
    const last = options[options.length - 1];
    const option = OPTION.exec(said);
    if (CONTINUED.test(said) && last) {
      options[options.length - 1] = {
        ...last,
        value: `${last.value} ${said.trim()}`.trim(),
        lines: [...last.lines, line]
      };
    } else {
      options.push({ name: option?.[1] ?? '', value: unquoted(option?.[2] ?? ''), lines: [line] });
    }
  }
  return { start, end, options };
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}

/** Return the id that a problem's front matter gives it, or null when this is none. */
export function problemIdIn(firstCell: { type: string; text: string } | null): string | null {
  if (firstCell?.type !== 'raw' || !/^\s*---\s*\n/.test(firstCell.text)) {
    return null;
  }
  return /^id:\s*["']?([a-z0-9][a-z0-9._-]*)/m.exec(firstCell.text)?.[1] ?? null;
}
