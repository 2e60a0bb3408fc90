/** The plugin of the student's panel. */
import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookModel, INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { Outline, Standing, Statement } from './contract';
import { CoursePanel } from './coursePanel';
import { courseIcon } from './icons';
import { request } from './request';
import { ISubmissions } from './tokens';

const SHOW = 'nbjudge:show-problems';

export const coursePlugin: JupyterFrontEndPlugin<void> = {
  id: 'nbjudge:course',
  description: 'Shows the problems of the course at the left.',
  autoStart: true,
  requires: [ISubmissions],
  optional: [INotebookTracker, ILayoutRestorer, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    submissions: ISubmissions,
    tracker: INotebookTracker | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nbjudge');
    const settings = app.serviceManager.serverSettings;
    const get = <T>(path: string): Promise<T> => request<T>(settings, path, { method: 'GET' });
    const course = {
      problems: async () => (await get<{ problems: Statement[] }>('problems')).problems,
      outline: () => get<Outline>('sets'),
      standings: async () => (await get<{ standings: Standing[] }>('standings')).standings,
      open: async (problem: string) => {
        const open = tracker?.find(({ content }) => problemIn(content.model) === problem);
        if (open) {
          app.shell.activateById(open.id); // what is written in it is nobody's to replace
          return;
        }
        const made = await request<{ path: string }>(settings, `notebooks/${problem}`, {
          method: 'POST',
          body: {}
        });
        await app.commands.execute('docmanager:open', { path: made.path });
      }
    };
    const panel = new CoursePanel(course, submissions, trans);
    panel.id = 'nbjudge-course';
    panel.title.icon = courseIcon;
    panel.title.caption = trans.__('Problems of the course');
    app.shell.add(panel, 'left', { rank: 150 });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(SHOW, {
      label: trans.__('Show the problems of the course'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => app.shell.activateById(panel.id)
    });
    palette?.addItem({ command: SHOW, category: 'nbjudge' });
  }
};

/** The problem that a student's notebook was handed out for. */
function problemIn(model: INotebookModel | null): string | null {
  const about = model?.getMetadata('nbjudge') as { problem?: unknown } | undefined;
  return typeof about?.problem === 'string' ? about.problem : null;
}
