/** The author's roles in an open notebook: read, shown as bands, rewritten so that undo works. */
import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { commentMark, IRoleSettings, problemIdIn, rewriting, Role, roleIn } from './roles';

/** Return the id of the problem that the notebook is, or null. */
export function problemOf(notebook: Notebook): string | null {
  const first = notebook.widgets[0]?.model;
  return problemIdIn(first ? { type: first.type, text: first.sharedModel.getSource() } : null);
}

export function roleName(trans: TranslationBundle, role: Role): string {
  switch (role) {
    case 'starter':
      return trans.__('Starter');
    case 'solution':
      return trans.__('Solution');
    case 'wrong':
      return trans.__('Wrong solution');
    case 'test':
      return trans.__('Test');
    case 'hidden':
      return trans.__('Hidden test');
    case 'setup':
      return trans.__('Set-up of the tests');
    case 'shared':
      return trans.__('Shared with students');
    case 'example':
      return trans.__('Example for students');
  }
}

/** Write a role into a cell: only its `#|` lines change, in one step of undo. */
export function giveRole(cell: Cell, role: Role | null, language: string, said: IRoleSettings): void {
  const shared = cell.model.sharedModel;
  const { start, end, head } = rewriting(shared.getSource(), role, commentMark(language), said);
  shared.transact(() => shared.updateSource(start, end, head));
}

/** Mark each cell of a notebook with its role, for the style sheet; all lose it elsewhere. */
export function showRoles(notebook: Notebook, trans: TranslationBundle): void {
  const isProblem = problemOf(notebook) !== null;
  for (const { node, model } of notebook.widgets) {
    const code = isProblem && model.type === 'code';
    const role = code ? roleIn(model.sharedModel.getSource()) : null;
    if (role) {
      node.dataset.nbjRole = role;
      node.dataset.nbjRoleName = roleName(trans, role);
    } else {
      delete node.dataset.nbjRole;
      delete node.dataset.nbjRoleName;
    }
  }
}
