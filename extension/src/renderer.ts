/** Shows the output of a submission, and saves the verdict in the notebook when it is final. */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { dataOf, isWorthSaving, MIME_TYPE, payloadIn, tell } from './payload';
import type { Submissions } from './submissions';
import { SubmissionView } from './view';

/** Before the widget's renderer (-10), whose model may be gone; this one needs no kernel. */
const RANK = -20;

export class SubmissionRenderer extends Widget implements IRenderMime.IRenderer {
  constructor(
    private readonly _submissions: Submissions,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('nbj-Output');
    _submissions.changed.connect(this._onChanged, this);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this._model = model;
    const payload = payloadIn(model.data);
    if (payload === null) {
      this.node.textContent = String(model.data['text/plain'] ?? '');
      return;
    }
    tell(this._submissions, payload);
    if (this._id !== payload.id) {
      this._view?.dispose();
      this._id = payload.id;
      this._view = new SubmissionView(this._submissions, payload.id, this._trans);
      this.node.replaceChildren(this._view.node);
    }
    this._save();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._submissions.changed.disconnect(this._onChanged, this);
      this._view?.dispose();
      super.dispose();
    }
  }

  private _onChanged(_: unknown, id: string): void {
    if (id === this._id) {
      this._save();
    }
  }

  private _save(): void {
    const tracked = this._submissions.get(this._id);
    const saved = this._model ? payloadIn(this._model.data) : null;
    if (this._model && tracked && saved?.id === tracked.id && isWorthSaving(saved, tracked)) {
      this._model.setData({ data: { ...this._model.data, ...dataOf(this._trans, tracked) } });
    }
  }

  private _id = '';
  private _model: IRenderMime.IMimeModel | null = null;
  private _view: SubmissionView | null = null;
}

/** Return what makes these renderers. It is safe: the view shows text, never markup. */
export function rendererFactory(
  submissions: Submissions,
  trans: TranslationBundle
): IRenderMime.IRendererFactory {
  return {
    safe: true,
    mimeTypes: [MIME_TYPE],
    defaultRank: RANK,
    createRenderer: () => new SubmissionRenderer(submissions, trans)
  };
}
