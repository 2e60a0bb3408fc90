/** A submission as a widget of the kernel's: the same view, and its news reach Python. */
import { DOMWidgetModel, DOMWidgetView, ISerializers } from '@jupyter-widgets/base';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Snapshot } from './contract';
import { isSame } from './store';
import type { Submissions } from './submissions';
import { VERSION } from './version';
import { SubmissionView } from './view';

interface IServices {
  readonly submissions: Submissions;
  readonly trans: TranslationBundle;
}

/** The widget manager makes the models, so what they need is left here. */
let services: IServices | null = null;

export function connect(made: IServices): void {
  services = made;
}

function connected(): IServices {
  if (!services) {
    throw new Error('the nbjudge widgets were loaded without their plugin');
  }
  return services;
}

export class VerdictModel extends DOMWidgetModel {
  override defaults(): Record<string, unknown> {
    return {
      ...super.defaults(),
      _model_name: 'VerdictModel',
      _model_module: 'nbjudge',
      _model_module_version: VERSION,
      _view_name: 'VerdictView',
      _view_module: 'nbjudge',
      _view_module_version: VERSION,
      submission: '',
      problem: '',
      snapshot: {}
    };
  }

  static override serializers: ISerializers = { ...DOMWidgetModel.serializers };

  override initialize(
    attributes: Record<string, unknown>,
    options: Parameters<DOMWidgetModel['initialize']>[1]
  ): void {
    super.initialize(attributes, options);
    connected().submissions.changed.connect(this._onChanged, this);
    this.on('change:snapshot change:submission', this._hear, this);
    this._hear();
  }

  override async close(comm_closed?: boolean): Promise<void> {
    services?.submissions.changed.disconnect(this._onChanged, this);
    return super.close(comm_closed);
  }

  /** Let the page know what Python knows. */
  private _hear(): void {
    const id = String(this.get('submission') ?? '');
    const snapshot = this.get('snapshot') as Partial<Snapshot> | null;
    if (id) {
      const known = snapshot?.id === id ? (snapshot as Snapshot) : null;
      connected().submissions.watch(id, known?.problem ?? String(this.get('problem') ?? ''), known);
      this._onChanged(null, id);
    }
  }

  /** Let Python know what the page knows. */
  private _onChanged(_: unknown, id: string): void {
    const snapshot = connected().submissions.get(id)?.snapshot;
    if (id !== this.get('submission') || !snapshot) {
      return;
    }
    if (!isSame(this.get('snapshot'), snapshot)) {
      this.set('snapshot', snapshot);
      if (this.comm_live) {
        this.save_changes();
      }
    }
  }
}

export class VerdictView extends DOMWidgetView {
  override render(): void {
    super.render();
    this.el.classList.add('nbj-Output');
    this.listenTo(this.model, 'change:submission', this._show);
    this._show();
  }

  override remove(): void {
    this._view?.dispose();
    this._view = null;
    super.remove();
  }

  private _show(): void {
    const { submissions, trans } = connected();
    const id = String(this.model.get('submission') ?? '');
    this._view?.dispose();
    this._view = id ? new SubmissionView(submissions, id, trans) : null;
    this.el.replaceChildren(...(this._view ? [this._view.node] : []));
  }

  // No initial value: the base class renders while it constructs, before fields are set.
  private declare _view: SubmissionView | null | undefined;
}
