/** The Submit button of a cell's toolbar: there while the cell names a problem. */
import type { Cell, CodeCell } from '@jupyterlab/cells';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ToolbarButton } from '@jupyterlab/ui-components';

import type { HandIn } from './handIn';
import { submitIcon } from './icons';

export class SubmitButton extends ToolbarButton {
  constructor(
    private readonly _cell: Cell,
    private readonly _handIn: HandIn,
    trans: TranslationBundle,
    keys: string
  ) {
    super({
      className: 'nbj-Submit',
      icon: submitIcon,
      label: trans.__('Submit'),
      tooltip: keys
        ? trans.__('Submit this cell to nbjudge (%1)', keys)
        : trans.__('Submit this cell to nbjudge'),
      onClick: () => _handIn.submit(_cell as CodeCell)
    });
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
