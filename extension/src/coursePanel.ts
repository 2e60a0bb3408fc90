/** The panel at the left: the sets, when they are due, and how far one is with each problem. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { attemptsLeft, fromNow, grouped, IGroup, scoreOf } from './catalogue';
import type { Outline, Snapshot, Standing, Statement } from './contract';
import { element } from './element';
import { picture } from './icons';
import type { Submissions } from './submissions';
import { pictureOf } from './tests';
import { statusWord } from './words';

/** What the panel asks for; all throw Refused or Unavailable. */
export interface ICourse {
  problems(): Promise<readonly Statement[]>;
  outline(): Promise<Outline>;
  standings(): Promise<readonly Standing[]>;
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
    this._title.textContent = _trans.__('Problems');
    this._again.textContent = _trans.__('Load again');
    this._again.addEventListener('click', () => void this.load());
    this._list.setAttribute('aria-label', _trans.__('Problems of the course'));
    this.node.append(element('header', {}, this._title, this._again), this._told, this._list);
    _submissions.changed.connect(this._hear, this);
    _submissions.published.connect(() => void this.load(), this);
    _submissions.greeted.connect(() => void this.load(), this);
  }

  /** Ask for all anew; what is asked meanwhile makes one more question, not many. */
  async load(): Promise<void> {
    this._stale = true;
    if (this._loading) {
      return;
    }
    this._loading = true;
    while (this._stale) {
      this._stale = false;
      await this._ask();
    }
    this._loading = false;
  }

  protected override onAfterShow(message: Parameters<Widget['processMessage']>[0]): void {
    super.onAfterShow(message);
    this._submissions.listen();
    void this.load();
  }

  private async _ask(): Promise<void> {
    try {
      const [problems, outline, standings] = await Promise.all([
        this._course.problems(),
        this._course.outline(),
        this._course.standings()
      ]);
      this._problems = problems;
      this._outline = outline;
      this._standings = new Map(standings.map(standing => [standing.problem, standing]));
      this._told.textContent = problems.length ? '' : this._trans.__('Nothing is published yet.');
    } catch (error) {
      this._told.textContent = (error as Error).message;
    }
    this._draw();
  }

  private _hear(_: unknown, id: string): void {
    const snapshot = this._submissions.get(id)?.snapshot;
    if (!snapshot) {
      return;
    }
    if (snapshot.state === 'done') {
      const isKnown = this._concluded.has(id);
      this._concluded.add(id);
      this._underWay.delete(id);
      if (!isKnown) {
        void this.load();
      }
    } else {
      this._concluded.delete(id); // the grader failed, and it is graded again
      this._underWay.set(id, snapshot);
      this._draw();
    }
  }

  private _draw(): void {
    const focused = (document.activeElement as HTMLElement | null)?.dataset.problem;
    this._title.textContent = this._outline.title || this._trans.__('Problems');
    this._list.replaceChildren(
      ...grouped(this._problems, this._outline).map(group => this._section(group))
    );
    if (focused) {
      this._list.querySelector<HTMLElement>(`[data-problem="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  private _section(group: IGroup): HTMLElement {
    const { set, dueAt, problems } = group;
    const { points, of } = scoreOf(group, this._standings);
    const head = element(
      'h3',
      {},
      element('span', {}, set?.title ?? this._trans.__('Other problems')),
      element('span', { class: 'nbj-CourseScore' }, this._trans.__('%1 / %2 points', points, of))
    );
    const section = element('section', { 'data-set': set?.id ?? '' }, head);
    if (this._isAhead(set?.opens_at ?? null)) {
      section.append(element('p', { class: 'nbj-CourseDue' }, this._opens(set?.opens_at ?? 0)));
    }
    if (dueAt !== null) {
      const terms = set ?? problems[0];
      section.append(element('p', { class: 'nbj-CourseDue' }, ...this._due(dueAt), ...this._late(terms)));
    }
    section.append(element('ul', {}, ...problems.map(problem => this._row(problem, dueAt))));
    return section;
  }

  private _due(dueAt: number): (Node | string)[] {
    const now = Date.now() / 1000;
    const away = fromNow(dueAt, now);
    const words = dueAt > now ? this._trans.__('Due %1', away) : this._trans.__('Was due %1', away);
    return [`${words}, `, element('time', { datetime: isoTime(dueAt) }, local(dueAt))];
  }

  private _late(terms: Pick<Statement, 'due_at' | 'closes_at' | 'late_deduct'> | undefined): string[] {
    if (!terms || terms.closes_at === null || terms.closes_at === terms.due_at) {
      return [];
    }
    const share = `${Math.round(terms.late_deduct * 100)}%`;
    const until = local(terms.closes_at);
    return [
      terms.late_deduct > 0
        ? this._trans.__('; late until %1, each day costs %2', until, share)
        : this._trans.__('; late until %1', until)
    ];
  }

  private _row(problem: Statement, dueAt: number | null): HTMLElement {
    const status = this._now(problem.id) ? null : this._standings.get(problem.id)?.status ?? null;
    const line = element('span', { class: 'nbj-CourseStatus' });
    if (status) {
      line.append(picture(pictureOf(status)));
    }
    line.append(this._words(problem).join(' · '));
    if (problem.due_at !== null && problem.due_at !== dueAt) {
      line.append(' · ', ...this._due(problem.due_at));
    }
    const button = element(
      'button',
      { type: 'button', 'data-problem': problem.id, 'data-status': status ?? '' },
      element('span', { class: 'nbj-CourseTitle' }, problem.title),
      line
    );
    button.addEventListener('click', () => void this._open(problem.id));
    return element('li', {}, button);
  }

  private _words(problem: Statement): string[] {
    if (this._isAhead(problem.opens_at)) {
      return [this._opens(problem.opens_at ?? 0)];
    }
    const standing = this._standings.get(problem.id);
    const now = this._now(problem.id);
    const word = standing?.status ? statusWord(this._trans, standing.status) : this._trans.__('Not tried yet');
    const running = now?.state === 'running' ? this._trans.__('Running') : this._trans.__('Queued');
    const words = [
      now ? running : word,
      this._trans.__('%1 / %2 points', standing?.points ?? 0, problem.points)
    ];
    const left = attemptsLeft(problem, standing);
    return left === null ? words : [...words, this._trans._n('%1 attempt left', '%1 attempts left', left)];
  }

  /** What waits for its verdict now, the newest. */
  private _now(problem: string): Snapshot | null {
    const mine = [...this._underWay.values()].filter(snapshot => snapshot.problem === problem);
    return mine.sort((one, other) => other.number - one.number)[0] ?? null;
  }

  private _isAhead(opensAt: number | null): boolean {
    return opensAt !== null && opensAt > Date.now() / 1000;
  }

  private _opens(opensAt: number): string {
    return this._trans.__('Opens %1', local(opensAt));
  }

  private async _open(problem: string): Promise<void> {
    try {
      await this._course.open(problem);
      this._told.textContent = '';
    } catch (error) {
      this._told.textContent = (error as Error).message;
    }
  }

  private readonly _title = element('h2');
  private readonly _again = element('button', { class: 'nbj-Again', type: 'button' });
  private readonly _told = element('p', { class: 'nbj-CourseTold', role: 'status' });
  private readonly _list = element('div', { class: 'nbj-CourseList', role: 'region' });
  private _problems: readonly Statement[] = [];
  private _outline: Outline = { title: '', sets: [] };
  private _standings: ReadonlyMap<string, Standing> = new Map();
  private readonly _underWay = new Map<string, Snapshot>();
  private readonly _concluded = new Set<string>();
  private _loading = false;
  private _stale = false;
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function local(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'short'
  });
}
