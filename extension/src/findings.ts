/** What a rehearsal found, beside the notebook; each finding leads to its cell. */
import type { Notebook } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { element } from './element';
import { picture } from './icons';

export interface IFinding {
  readonly kind: string;
  /** Counted from 1, as authors do. */
  readonly cell: number | null;
  readonly line: number | null;
  readonly message: string;
}

/** What `nbjudge check --json` says of one problem. */
export interface IRehearsal {
  readonly problem: string;
  readonly passed: boolean;
  readonly findings: readonly IFinding[];
  readonly strength: {
    readonly killed: number;
    readonly total: number;
    readonly survivors?: readonly { readonly diff: string; readonly line: number | null }[];
  } | null;
}

/** Show in each cell what was found there, until it is changed or checked again. */
export function markFindings(notebook: Notebook, findings: readonly IFinding[]): void {
  for (const [index, { node, model }] of notebook.widgets.entries()) {
    const told = findings.filter(({ cell }) => cell === index + 1).map(({ message }) => message);
    delete node.dataset.nbjFinding;
    if (told.length > 0) {
      node.dataset.nbjFinding = told.join('\n');
      const forget = (): void => {
        delete node.dataset.nbjFinding;
        model.sharedModel.changed.disconnect(changed);
      };
      const changed = (_: unknown, { sourceChange }: { sourceChange?: unknown }): void => {
        if (sourceChange) {
          forget();
        }
      };
      model.sharedModel.changed.connect(changed);
    }
  }
}

export function rehearsalView(
  trans: TranslationBundle,
  rehearsal: IRehearsal,
  go: (cell: number, line: number | null) => void
): HTMLElement {
  const word = rehearsal.passed ? trans.__('All is well') : trans.__('Something is to mend');
  const view = element(
    'section',
    { class: 'nbj-Rehearsal', 'data-passed': String(rehearsal.passed) },
    element('h3', {}, picture(rehearsal.passed ? 'check' : 'cross'), word),
    element('ul', {}, ...rehearsal.findings.map(finding => row(trans, finding, go)))
  );
  const { strength } = rehearsal;
  if (strength) {
    const told = trans.__('The tests notice %1 of %2 small faults put into the solution.', strength.killed, strength.total);
    view.append(element('p', {}, told));
    const survivors = strength.survivors ?? [];
    if (survivors.length > 0) {
      view.append(element('h4', {}, trans.__('These wrong programs would get full marks')));
    }
    for (const { diff } of survivors) {
      view.append(element('pre', {}, diff));
    }
  }
  return view;
}

function row(
  trans: TranslationBundle,
  { cell, line, message }: IFinding,
  go: (cell: number, line: number | null) => void
): HTMLElement {
  if (cell === null) {
    return element('li', {}, message);
  }
  const place = line === null ? trans.__('Cell %1', cell) : trans.__('Cell %1, line %2', cell, line);
  const button = element('button', { type: 'button' }, element('strong', {}, place), ` ${message}`);
  button.addEventListener('click', () => go(cell, line));
  return element('li', {}, button);
}
