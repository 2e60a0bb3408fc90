/** Handing in a cell: its text goes to the service, its output shows what becomes of it. */
import type { CodeCell, ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import { INotebookTracker, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { indexIn, payloadIn, write } from './payload';
import { answerIn, IAnswer, languageNamed } from './problem';
import { IShown, isUnderWay, replacedBy } from './resubmission';
import { newId, Submissions } from './submissions';

export class HandIn {
  constructor(
    private readonly _submissions: Submissions,
    private readonly _tracker: INotebookTracker,
    private readonly _trans: TranslationBundle
  ) {
    NotebookActions.executionScheduled.connect((_, { cell }) => this._remember(cell.model));
    NotebookActions.executed.connect((_, { cell }) => this._restore(cell.model));
  }

  /** The ids that were handed in since the page was opened. */
  readonly ids = new Set<string>();

  /** Return what the cell would hand in, or null when it answers no problem. */
  answerOf(cell: { model: ICellModel } | null | undefined): IAnswer | null {
    return cell?.model.type === 'code' ? answerIn(cell.model.sharedModel.getSource()) : null;
  }

  /**
   * Hand the cell in. The same text again, while it has no verdict, is one; another text
   * replaces what the cell handed in before, while that has no verdict.
   */
  submit(cell: CodeCell): void {
    const answer = this.answerOf(cell);
    const shown = this._shownBy(cell.model);
    const tracked = shown ? this._submissions.get(shown.id) : undefined;
    if (!answer || isUnderWay(shown, tracked, answer.source)) {
      return;
    }
    const id = newId();
    const { problem, source } = answer;
    const language = answer.language ?? this._languageAround(cell);
    const replaces = replacedBy(shown, tracked, problem);
    this.ids.add(id);
    this._last.set(cell.model, { id, source });
    this._submissions.submit({ id, problem, language, source, ...(replaces && { replaces }) });
    cell.outputHidden = false;
    this._write(cell.model, id);
  }

  /** The submission that the cell shows: this page made it, or an earlier one, or the kernel. */
  private _shownBy(model: ICellModel): IShown | null {
    const outputs = outputsOf(model);
    const index = outputs ? indexIn(outputs) : -1;
    const payload = outputs && index >= 0 ? payloadIn(outputs.get(index).data) : null;
    const last = this._last.get(model) ?? null;
    return payload && payload.id !== last?.id ? { id: payload.id, source: '' } : last;
  }

  private _languageAround(cell: CodeCell): string {
    const panel = this._tracker.find((one: NotebookPanel) => one.content.widgets.includes(cell));
    const info = panel?.content.model?.getMetadata('language_info') as { name?: string } | undefined;
    return languageNamed(info?.name ?? panel?.content.model?.defaultKernelLanguage ?? 'python');
  }

  /** Running a cell clears its outputs; the verdict comes back when it has run. */
  private _remember(model: ICellModel): void {
    const shown = this._shownBy(model);
    if (shown) {
      this._last.set(model, shown);
    }
  }

  private _restore(model: ICellModel): void {
    const last = this._last.get(model);
    const outputs = outputsOf(model);
    if (last && outputs && indexIn(outputs) < 0) {
      this._write(model, last.id);
    }
  }

  private _write(model: ICellModel, id: string): void {
    const outputs = outputsOf(model);
    const tracked = this._submissions.get(id);
    if (outputs && tracked) {
      write(outputs, this._trans, tracked);
    }
  }

  private readonly _last = new WeakMap<ICellModel, IShown>();
}

function outputsOf(model: ICellModel): ICodeCellModel['outputs'] | null {
  return model.type === 'code' ? (model as ICodeCellModel).outputs : null;
}
