/** The panel at the left: the problems, when they are due, and how far one is. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { advanced, fromNow, grouped, IStanding } from './catalogue';
import type { Snapshot, Statement } from './contract';
import { element } from './element';
import { picture } from './icons';
import type { Submissions } from './submissions';
import { pictureOf } from './tests';
import { statusWord } from './words';

/** What the panel asks for; all throw Refused or Unavailable. */
export interface ICourse {
  problems(): Promise<readonly Statement[]>;
  mine(): Promise<readonly Snapshot[]>;
  /** Open the problem's notebook, laid out first if need be. */
  open(problem: string): Promise<void>;
}

export class CoursePanel extends Widget {
  constructor(
    private readonly _course: ICourse,
    private readonly _submissions: Submissions,
    private readonly _trans: TranslationBundle
  ) {
    super({ node: element('div', { class: 'nbj-Course' }) });
    this._again.textContent = _trans.__('Load again');
    this._again.addEventListener('click', () => void this.load());
    this._list.setAttribute('aria-label', _trans.__('Problems of the course'));
    this.node.append(
      element('header', {}, element('h2', {}, _trans.__('Problems')), this._again),
      this._told,
      this._list
    );
    _submissions.changed.connect(this._hear, this);
    _submissions.greeted.connect(() => void this.load(), this);
  }

  /** Ask for all anew. */
  async load(): Promise<void> {
    try {
      const [problems, mine] = await Promise.all([this._course.problems(), this._course.mine()]);
      this._problems = problems;
      for (const snapshot of [...mine].reverse()) {
        this._take(snapshot);
      }
      this._told.textContent = problems.length ? '' : this._trans.__('Nothing is published yet.');
    } catch (error) {
      this._told.textContent = (error as Error).message;
    }
    this._draw();
  }

  protected override onAfterShow(message: Parameters<Widget['processMessage']>[0]): void {
    super.onAfterShow(message);
    this._submissions.listen();
    void this.load();
  }

  private _hear(_: unknown, id: string): void {
    const snapshot = this._submissions.get(id)?.snapshot;
    if (snapshot) {
      this._take(snapshot);
      this._draw();
    }
  }

  private _take(snapshot: Snapshot): void {
    this._standings.set(snapshot.problem, advanced(this._standings.get(snapshot.problem), snapshot));
  }

  private _draw(): void {
    const focused = (document.activeElement as HTMLElement | null)?.dataset.problem;
    this._list.replaceChildren(
      ...grouped(this._problems).map(({ dueAt, problems }) =>
        element(
          'section',
          {},
          element('h3', {}, ...this._due(dueAt)),
          element('ul', {}, ...problems.map(problem => this._row(problem)))
        )
      )
    );
    if (focused) {
      this._list.querySelector<HTMLElement>(`[data-problem="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  private _due(dueAt: number | null): (Node | string)[] {
    if (dueAt === null) {
      return [this._trans.__('Without a due time')];
    }
    const now = Date.now() / 1000;
    const away = fromNow(dueAt, now);
    const words = dueAt > now ? this._trans.__('Due %1', away) : this._trans.__('Was due %1', away);
    return [words, element('time', { datetime: new Date(dueAt * 1000).toISOString() }, local(dueAt))];
  }

  private _row(problem: Statement): HTMLElement {
    const { best, latest } = this._standings.get(problem.id) ?? { best: null, latest: null };
    const status = latest?.verdict === null ? null : best?.verdict?.status ?? null;
    const line = element('span', { class: 'nbj-CourseStatus' });
    if (status) {
      line.append(picture(pictureOf(status)));
    }
    line.append(this._words(problem, best, latest));
    const button = element(
      'button',
      { type: 'button', 'data-problem': problem.id, 'data-status': status ?? '' },
      element('span', { class: 'nbj-CourseTitle' }, problem.title),
      line
    );
    button.addEventListener('click', () => void this._open(problem.id));
    return element('li', {}, button);
  }

  private _words(problem: Statement, best: Snapshot | null, latest: Snapshot | null): string {
    const points = this._trans.__('%1 / %2 points', best?.verdict?.points ?? 0, problem.points);
    if (latest && latest.state !== 'done') {
      return `${latest.state === 'running' ? this._trans.__('Running') : this._trans.__('Queued')} · ${points}`;
    }
    if (problem.opens_at !== null && problem.opens_at > Date.now() / 1000) {
      return this._trans.__('Opens %1', local(problem.opens_at));
    }
    const word = best?.verdict ? statusWord(this._trans, best.verdict.status) : this._trans.__('Not tried yet');
    return `${word} · ${points}`;
  }

  private async _open(problem: string): Promise<void> {
    try {
      await this._course.open(problem);
      this._told.textContent = '';
    } catch (error) {
      this._told.textContent = (error as Error).message;
    }
  }

  private readonly _again = element('button', { class: 'nbj-Again', type: 'button' });
  private readonly _told = element('p', { class: 'nbj-CourseTold', role: 'status' });
  private readonly _list = element('div', { class: 'nbj-CourseList', role: 'region' });
  private _problems: readonly Statement[] = [];
  private readonly _standings = new Map<string, IStanding>();
}

function local(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'short'
  });
}
