/** The plugin for authors: roles of cells, Check, Preview and Publish; nothing of it for students. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  Dialog,
  ICommandPalette,
  InputDialog,
  showDialog
} from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import { Menu, Widget } from '@lumino/widgets';

import { giveRole, problemOf, roleName, showRoles } from './authoring';
import { AuthorDesk } from './authorDesk';
import { element } from './element';
import { request } from './request';
import { IRoleSettings, Role, ROLES, roleIn, settingsIn } from './roles';
import { ISubmissions } from './tokens';

const VERDICTS = [
  'wrong_answer',
  'runtime_error',
  'time_limit_exceeded',
  'memory_limit_exceeded',
  'output_limit_exceeded',
  'compile_error',
  'partial'
];

export const authorPlugin: JupyterFrontEndPlugin<void> = {
  id: 'nbjudge:author',
  description: 'Helps instructors to write, check and publish problems.',
  autoStart: true,
  requires: [INotebookTracker, IRenderMimeRegistry, ISubmissions],
  optional: [ICommandPalette, ITranslator],
  activate: async (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    renderers: IRenderMimeRegistry,
    submissions: ISubmissions,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): Promise<void> => {
    const trans = (translator ?? nullTranslator).load('nbjudge');
    const settings = app.serviceManager.serverSettings;
    let started = false;
    const ask = async (): Promise<void> => {
      const { instructor } = await request<{ instructor: boolean }>(settings, 'me', {
        method: 'GET'
      }).catch(() => ({ instructor: false }));
      if (instructor && !started) {
        started = true;
        new Author(app, tracker, renderers, palette, trans).start();
      }
    };
    // A service that was down when the page was opened is asked again when it is there.
    submissions.greeted.connect(() => void ask());
    void ask();
  }
};

class Author {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _tracker: INotebookTracker,
    renderers: IRenderMimeRegistry,
    private readonly _palette: ICommandPalette | null,
    private readonly _trans: TranslationBundle
  ) {
    this._desk = new AuthorDesk(_app, renderers, _trans);
  }

  start(): void {
    this._addRoles();
    this._addVerbs();
    this._tracker.forEach(panel => this._equip(panel));
    this._tracker.widgetAdded.connect((_, panel) => this._equip(panel));
  }

  private _addRoles(): void {
    const menu = new MenuSvg({ commands: this._app.commands });
    menu.title.label = this._trans.__('Role in the problem');
    for (const role of [...ROLES, null]) {
      const command = `nbjudge:role-${role ?? 'none'}`;
      const name = role ? roleName(this._trans, role) : this._trans.__('No role');
      this._app.commands.addCommand(command, {
        label: name,
        caption: this._trans.__('Make the cell this: %1', name),
        describedBy: { args: { type: 'object', properties: {} } },
        isEnabled: () => this._isProblem() && this._tracker.activeCell?.model.type === 'code',
        isToggled: () => this._role() === role,
        execute: args => this._give(role, args as IRoleSettings)
      });
      menu.addItem({ command });
      this._palette?.addItem({ command, category: this._trans.__('Role in the problem') });
    }
    this._menu = menu;
    this._app.contextMenu.addItem({
      type: 'submenu',
      submenu: menu,
      selector: '.nbj-ProblemNotebook .jp-CodeCell',
      rank: 0.6
    });
  }

  private _addVerbs(): void {
    const verbs: [string, string, (panel: NotebookPanel) => Promise<void>][] = [
      ['check', this._trans.__('Check'), panel => this._desk.check(panel)],
      ['preview', this._trans.__('Preview'), panel => this._desk.preview(panel)],
      ['publish', this._trans.__('Publish…'), panel => this._desk.publish(panel)]
    ];
    for (const [verb, label, act] of verbs) {
      const command = `nbjudge:${verb}`;
      this._app.commands.addCommand(command, {
        label,
        describedBy: { args: { type: 'object', properties: {} } },
        isEnabled: () => this._isProblem(),
        execute: () => this._do(act)
      });
      this._palette?.addItem({ command, category: 'nbjudge' });
    }
  }

  private async _do(act: (panel: NotebookPanel) => Promise<void>): Promise<void> {
    const panel = this._tracker.currentWidget;
    if (panel) {
      await act(panel).catch(error =>
        showDialog({
          title: this._trans.__('That did not work'),
          body: new Widget({ node: element('pre', { class: 'nbj-Changes' }, (error as Error).message) }),
          buttons: [Dialog.okButton()]
        })
      );
    }
  }

  private _equip(panel: NotebookPanel): void {
    const bar = new Widget({
      node: element('div', { class: 'nbj-AuthorBar', role: 'group', 'aria-label': 'nbjudge' })
    });
    const role = this._button(this._trans.__('Role ▾'), () => {
      const { left, bottom } = role.getBoundingClientRect();
      this._menu?.open(left, bottom);
    });
    role.setAttribute('aria-haspopup', 'menu');
    role.setAttribute('aria-label', this._trans.__('Role of the cell in the problem'));
    const run = (command: string) => () => void this._app.commands.execute(command);
    bar.node.append(
      role,
      this._button(this._trans.__('Check'), run('nbjudge:check')),
      this._button(this._trans.__('Preview'), run('nbjudge:preview')),
      this._button(this._trans.__('Publish…'), run('nbjudge:publish'))
    );
    bar.hide();
    panel.contentHeader.addWidget(bar); // not the toolbar: it hides what has no room
    const look = (): void => {
      const isProblem = problemOf(panel.content) !== null;
      bar.setHidden(!isProblem);
      panel.toggleClass('nbj-ProblemNotebook', isProblem);
      showRoles(panel.content, this._trans);
    };
    void panel.context.ready.then(() => {
      look();
      panel.content.model?.contentChanged.connect(look);
    });
  }

  private _button(label: string, act: () => void): HTMLButtonElement {
    const button = element('button', { type: 'button' }, label);
    button.addEventListener('click', act);
    return button;
  }

  private _isProblem(): boolean {
    const panel = this._tracker.currentWidget;
    return panel !== null && problemOf(panel.content) !== null;
  }

  private _role(): Role | null {
    const cell = this._tracker.activeCell;
    return cell ? roleIn(cell.model.sharedModel.getSource()) : null;
  }

  private async _give(role: Role | null, said: IRoleSettings): Promise<void> {
    const [cell, panel] = [this._tracker.activeCell, this._tracker.currentWidget];
    if (cell?.model.type !== 'code' || !panel) {
      return;
    }
    const told = await this._asked(role, { ...settingsIn(cell.model.sharedModel.getSource()), ...said });
    if (told) {
      const info = panel.content.model?.getMetadata('language_info') as { name?: string } | undefined;
      giveRole(cell, role, info?.name ?? 'python', told);
      panel.content.activate();
    }
  }

  /** Ask what goes with the role; null when the author thinks better of it. */
  private async _asked(role: Role | null, said: IRoleSettings): Promise<IRoleSettings | null> {
    const text = async (title: string, known?: string): Promise<string | null> =>
      (await InputDialog.getText({ title, text: known ?? '' })).value;
    if (role === 'test' || role === 'hidden') {
      const label = await text(this._trans.__('What does it test?'), said.label);
      const points = label === null ? null : await text(this._trans.__('Points'), said.points ?? '1');
      if (label === null || points === null) {
        return null;
      }
      const title = this._trans.__('Hint for those who fail it (may be empty)');
      const hint = role === 'hidden' ? await text(title, said.hint) : said.hint;
      return hint === null ? null : { label, points, hint };
    }
    if (role === 'wrong') {
      const label = await text(this._trans.__('Why is it wrong?'), said.label);
      const current = Math.max(0, VERDICTS.indexOf(said.verdict ?? ''));
      const title = this._trans.__('The verdict that it must get');
      const chosen = label === null ? null : await InputDialog.getItem({ title, items: VERDICTS, current });
      return label === null || !chosen?.value ? null : { label, verdict: chosen.value };
    }
    return said;
  }

  private _menu: Menu | null = null;
  private readonly _desk: AuthorDesk;
}

