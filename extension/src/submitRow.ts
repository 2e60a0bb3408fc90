/** The row with Submit below the code of each cell that names a problem, whatever its width. */
import type { Cell, CodeCell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PanelLayout, Widget } from '@lumino/widgets';

import { element } from './element';
import type { HandIn } from './handIn';
import { submitIcon } from './icons';

/** Give every notebook's cells their row, those that come later as well. */
export function addSubmitRows(
  tracker: INotebookTracker,
  handIn: HandIn,
  trans: TranslationBundle,
  keys: string
): void {
  const rows = new WeakSet<Cell>();
  const equip = (panel: NotebookPanel): void => {
    for (const cell of panel.content.widgets) {
      if (cell.model.type === 'code' && !rows.has(cell)) {
        rows.add(cell);
        void cell.ready.then(() => insert(cell as CodeCell, handIn, trans, keys));
      }
    }
  };
  const follow = (panel: NotebookPanel): void => {
    panel.content.modelContentChanged.connect(() => equip(panel));
    void panel.context.ready.then(() => equip(panel));
  };
  tracker.forEach(follow);
  tracker.widgetAdded.connect((_, panel) => follow(panel));
}

/** Lay the row between the code and its output. JupyterLab hides a cell's toolbar when it is narrow. */
function insert(cell: CodeCell, handIn: HandIn, trans: TranslationBundle, keys: string): void {
  if (cell.isDisposed) {
    return;
  }
  const layout = cell.layout as PanelLayout;
  const input = layout.widgets.findIndex(({ node }) => node.classList.contains('jp-Cell-inputWrapper'));
  layout.insertWidget(input + 1, new SubmitRow(cell, handIn, trans, keys));
}

class SubmitRow extends Widget {
  constructor(
    private readonly _cell: CodeCell,
    private readonly _handIn: HandIn,
    trans: TranslationBundle,
    keys: string
  ) {
    super({ node: element('div', { class: 'nbj-SubmitRow' }) });
    const hint = keys ? trans.__('Submit this cell to nbjudge (%1)', keys) : trans.__('Submit this cell to nbjudge');
    const button = element('button', { class: 'nbj-Submit', type: 'button', title: hint });
    button.append(submitIcon.element({ tag: 'span' }), trans.__('Submit'));
    // The cell stays as it is, in edit mode or not: the focus must not leave it.
    button.addEventListener('mousedown', event => event.preventDefault());
    button.addEventListener('click', () => _handIn.submit(_cell));
    this.node.append(button, element('kbd', { 'aria-hidden': 'true' }, keys));
    _cell.model.contentChanged.connect(this._look, this);
    this._look();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._cell.model?.contentChanged.disconnect(this._look, this);
      super.dispose();
    }
  }

  private _look(): void {
    this.setHidden(this._handIn.answerOf(this._cell) === null);
  }
}
