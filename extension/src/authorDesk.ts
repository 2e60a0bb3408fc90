/** Check, Preview and Publish of the notebook that an author has open: always of the saved file. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, MainAreaWidget, showDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Panel, Widget } from '@lumino/widgets';

import { element } from './element';
import { IRehearsal, markFindings, rehearsalView } from './findings';
import { request } from './request';

interface IPreview {
  readonly notebook: { cells: { cell_type: string; source: string }[] };
  readonly leaks: readonly string[];
}

export class AuthorDesk {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _renderers: IRenderMimeRegistry,
    private readonly _trans: TranslationBundle
  ) {}

  /** Rehearse it, and show what was found at the right of it. */
  async check(panel: NotebookPanel): Promise<void> {
    await panel.context.save();
    markFindings(panel.content, []);
    const given = new AbortController();
    const cancel = element('button', { type: 'button' }, this._trans.__('Cancel'));
    cancel.addEventListener('click', () => given.abort());
    const said = element('p', { role: 'status' }, this._trans.__('Checking…'));
    const body = element('div', { class: 'nbj-Findings', tabindex: '0' }, said, cancel);
    this._show('nbjudge-check', this._trans.__('Check'), new Widget({ node: body }), panel);
    try {
      const { problems } = await request<{ problems: IRehearsal[] }>(this._settings, 'check', {
        method: 'POST',
        body: { path: panel.context.path },
        signal: given.signal
      });
      const go = (cell: number): void => this._go(panel, cell);
      said.textContent = this._trans.__('Checked.');
      body.append(...problems.map(problem => rehearsalView(this._trans, problem, go)));
      problems.forEach(({ findings }) => markFindings(panel.content, findings));
    } catch (error) {
      const message = (error as Error).message;
      said.textContent = given.signal.aborted ? this._trans.__('Given up.') : message;
    }
    cancel.remove();
  }

  /** Show it as students get it. */
  async preview(panel: NotebookPanel): Promise<void> {
    await panel.context.save();
    const query = new URLSearchParams({ path: panel.context.path });
    const { notebook, leaks } = await request<IPreview>(this._settings, `preview?${query}`, {
      method: 'GET'
    });
    const view = new Panel();
    view.addClass('nbj-Preview');
    if (leaks.length > 0) {
      const told = this._trans.__('Students would see %1', leaks.join('; '));
      view.addWidget(new Widget({ node: element('p', { class: 'nbj-Leaks', role: 'alert' }, told) }));
    }
    for (const { cell_type, source } of notebook.cells) {
      view.addWidget(await this._rendered(cell_type, source));
    }
    this._show('nbjudge-preview', this._trans.__('Student’s view'), view, panel);
  }

  /** Say what would change for students, and send it when the author agrees. */
  async publish(panel: NotebookPanel): Promise<void> {
    await panel.context.save();
    const { lines } = await this._publication(panel, false);
    const asked = await showDialog({
      title: this._trans.__('Publish to students?'),
      body: new Widget({ node: element('pre', { class: 'nbj-Changes' }, lines.join('\n')) }),
      buttons: [Dialog.cancelButton(), Dialog.okButton({ label: this._trans.__('Publish') })]
    });
    if (asked.button.accept) {
      const done = await this._publication(panel, true);
      await showDialog({
        title: this._trans.__('Published'),
        body: new Widget({ node: element('pre', { class: 'nbj-Changes' }, done.lines.join('\n')) }),
        buttons: [Dialog.okButton()]
      });
    }
  }

  private _publication(panel: NotebookPanel, confirmed: boolean): Promise<{ lines: string[] }> {
    const body = { path: panel.context.path, confirmed };
    return request(this._settings, 'publication', { method: 'POST', body });
  }

  private async _rendered(kind: string, source: string): Promise<Widget> {
    const renderer = this._renderers.createRenderer('text/markdown');
    const text = kind === 'markdown' ? source : fenced(source);
    await renderer.renderModel(new MimeModel({ data: { 'text/markdown': text } }));
    renderer.toggleClass('nbj-PreviewCode', kind !== 'markdown');
    return renderer;
  }

  private _show(id: string, title: string, content: Widget, beside: NotebookPanel): void {
    this._shown.get(id)?.dispose();
    const neighbour = [...this._shown.values()].find(({ isDisposed }) => !isDisposed);
    const widget = new MainAreaWidget({ content });
    widget.id = id;
    widget.title.label = `${title}: ${beside.title.label}`;
    widget.title.closable = true;
    this._shown.set(id, widget);
    this._app.shell.add(
      widget,
      'main',
      neighbour
        ? { mode: 'tab-after', ref: neighbour.id }
        : { mode: 'split-right', ref: beside.id, activate: false }
    );
  }

  private _go(panel: NotebookPanel, cell: number): void {
    this._app.shell.activateById(panel.id);
    panel.content.activeCellIndex = Math.min(cell, panel.content.widgets.length) - 1;
    void panel.content.scrollToItem(panel.content.activeCellIndex, 'center');
  }

  private get _settings(): JupyterFrontEnd['serviceManager']['serverSettings'] {
    return this._app.serviceManager.serverSettings;
  }

  private readonly _shown = new Map<string, Widget>();
}

/** Return code as Markdown, so that it is coloured as in a notebook. */
function fenced(source: string): string {
  const language = /^(?:#|\/\/|--)\| language: (\w+)$/m.exec(source)?.[1] ?? 'python';
  const fence = '`'.repeat(Math.max(3, ...[...source.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}${language}\n${source}\n${fence}`;
}
