/** Handing in a cell: its text goes to the service, its output shows what becomes of it. */
import type { CodeCell, ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import { INotebookTracker, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { indexIn, payloadIn, write } from './payload';
import { answerIn, IAnswer, languageNamed } from './problem';
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

  /** Hand the cell in. The same text again, while the first is still on its way, is one. */
  submit(cell: CodeCell): void {
    const answer = this.answerOf(cell);
    if (!answer || this._isOnItsWay(cell.model, answer)) {
      return;
    }
    const id = newId();
    const language = answer.language ?? this._languageAround(cell);
    this.ids.add(id);
    this._last.set(cell.model, { id, source: answer.source });
    this._submissions.submit({ id, problem: answer.problem, language, source: answer.source });
    cell.outputHidden = false;
    this._write(cell.model, id);
  }

  private _isOnItsWay(model: ICellModel, answer: IAnswer): boolean {
    const last = this._last.get(model);
    const tracked = last && this._submissions.get(last.id);
    return (
      last?.source === answer.source &&
      tracked?.snapshot === null &&
      (tracked.delivery === 'sending' || tracked.delivery === 'kept')
    );
  }

  private _languageAround(cell: CodeCell): string {
    const panel = this._tracker.find((one: NotebookPanel) => one.content.widgets.includes(cell));
    const info = panel?.content.model?.getMetadata('language_info') as { name?: string } | undefined;
    return languageNamed(info?.name ?? panel?.content.model?.defaultKernelLanguage ?? 'python');
  }

  /** Running a cell clears its outputs; the verdict comes back when it has run. */
  private _remember(model: ICellModel): void {
    const outputs = outputsOf(model);
    const index = outputs ? indexIn(outputs) : -1;
    const payload = outputs && index >= 0 ? payloadIn(outputs.get(index).data) : null;
    if (payload && this._last.get(model)?.id !== payload.id) {
      this._last.set(model, { id: payload.id, source: '' });
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

  private readonly _last = new WeakMap<ICellModel, { id: string; source: string }>();
}

function outputsOf(model: ICellModel): ICodeCellModel['outputs'] | null {
  return model.type === 'code' ? (model as ICodeCellModel).outputs : null;
}
