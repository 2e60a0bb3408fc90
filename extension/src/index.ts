/** The plugins that the notebook loads. */
import { IJupyterWidgetRegistry } from '@jupyter-widgets/base';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import type { CodeCell } from '@jupyterlab/cells';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

import { authorPlugin } from './authorPlugin';
import { coursePlugin } from './coursePlugin';
import { HandIn } from './handIn';
import { submitIcon } from './icons';
import { announce } from './notices';
import { Outbox } from './outbox';
import { rendererFactory } from './renderer';
import { JupyterGraderService } from './service';
import { Submissions } from './submissions';
import { addSubmitRows } from './submitRow';
import { ISubmissions } from './tokens';
import { VERSION } from './version';

const SUBMIT = 'nbjudge:submit';
const SETTINGS = 'nbjudge:plugin';

const submissionsPlugin: JupyterFrontEndPlugin<ISubmissions> = {
  id: 'nbjudge:submissions',
  description: 'Submits to the grader service and follows what becomes of it.',
  autoStart: true,
  provides: ISubmissions,
  activate: (app: JupyterFrontEnd): ISubmissions => {
    const service = new JupyterGraderService(app.serviceManager.serverSettings);
    const submissions = new Submissions(service, new Outbox(localStorage, service.place));
    window.addEventListener('online', () => submissions.hurry());
    return submissions;
  }
};

const rendererPlugin: JupyterFrontEndPlugin<void> = {
  id: 'nbjudge:renderer',
  description: 'Shows submissions and verdicts in the outputs of cells.',
  autoStart: true,
  requires: [ISubmissions, IRenderMimeRegistry],
  optional: [ITranslator],
  activate: (
    _app: JupyterFrontEnd,
    submissions: ISubmissions,
    renderers: IRenderMimeRegistry,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nbjudge');
    renderers.addFactory(rendererFactory(submissions, trans));
  }
};

const widgetPlugin: JupyterFrontEndPlugin<void> = {
  id: 'nbjudge:widget',
  description: 'Shows submissions that the kernel made, as widgets.',
  autoStart: true,
  requires: [ISubmissions, IJupyterWidgetRegistry],
  optional: [ITranslator],
  activate: (
    _app: JupyterFrontEnd,
    submissions: ISubmissions,
    registry: IJupyterWidgetRegistry,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nbjudge');
    registry.registerWidget({
      name: 'nbjudge',
      version: VERSION,
      exports: async () => {
        const module = await import('./widget');
        module.connect({ submissions, trans });
        return { VerdictModel: module.VerdictModel, VerdictView: module.VerdictView };
      }
    });
  }
};

const submitPlugin: JupyterFrontEndPlugin<void> = {
  id: SETTINGS,
  description: 'Adds the Submit button, its command and its shortcut.',
  autoStart: true,
  requires: [ISubmissions, INotebookTracker],
  optional: [ISettingRegistry, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    submissions: ISubmissions,
    tracker: INotebookTracker,
    settings: ISettingRegistry | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nbjudge');
    const handIn = new HandIn(submissions, tracker, trans);
    announce(submissions, handIn.ids, trans);
    app.commands.addCommand(SUBMIT, {
      label: trans.__('Submit cell to nbjudge'),
      caption: trans.__('Submit this cell to nbjudge'),
      icon: submitIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => handIn.answerOf(tracker.activeCell) !== null,
      execute: () => handIn.submit(tracker.activeCell as CodeCell)
    });
    tracker.activeCellChanged.connect(() => app.commands.notifyCommandChanged(SUBMIT));
    // The keys come from the settings, which are there once the application is.
    void app.restored.then(() => addSubmitRows(tracker, handIn, trans, shortcut(app.commands)));
    palette?.addItem({ command: SUBMIT, category: trans.__('Notebook Cell Operations') });
    void settings?.load(SETTINGS).then(loaded => follow(loaded, submissions));
  }
};

/** The keys of the command as people write them, such as `Ctrl+Alt+Enter`. */
function shortcut(commands: CommandRegistry): string {
  const binding = commands.keyBindings.find(({ command }) => command === SUBMIT);
  return binding ? CommandRegistry.formatKeystroke(binding.keys) : '';
}

function follow(settings: ISettingRegistry.ISettings, submissions: ISubmissions): void {
  const read = (): void => {
    submissions.preferences.showOutput = settings.get('showOutput').composite === true;
    submissions.preferences.notify = settings.get('notify').composite !== false;
  };
  settings.changed.connect(read);
  read();
}

export { ISubmissions };
export default [
  submissionsPlugin,
  rendererPlugin,
  widgetPlugin,
  submitPlugin,
  coursePlugin,
  authorPlugin
];
