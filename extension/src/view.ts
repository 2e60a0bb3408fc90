/** What a student sees of one submission, live, in an output and in a widget alike. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Snapshot, Verdict } from './contract';
import { element } from './element';
import { Picture, picture } from './icons';
import { ITracked, isFinal } from './store';
import type { Submissions } from './submissions';
import { foldable, pictureOf, testTable } from './tests';
import { plain, points } from './text';
import { headline, note } from './words';

export class SubmissionView {
  readonly node = element('div', { class: 'nbj-Submission', role: 'group' });

  constructor(
    private readonly _submissions: Submissions,
    private readonly _id: string,
    private readonly _trans: TranslationBundle
  ) {
    // These stay for the view's life, so that a screen reader hears what changes in them.
    this._cancel.textContent = _trans.__('Cancel');
    this._cancel.onclick = () => void this._giveUp();
    this._bar.setAttribute('aria-label', _trans.__('Progress of the tests'));
    const head = element('div', { class: 'nbj-Head' }, this._picture, this._status, this._about);
    head.append(this._cancel);
    this.node.append(head, this._bar, this._note, this._link, this._body);
    this.node.setAttribute('data-submission', _id);
    _submissions.changed.connect(this._onChanged, this);
    _submissions.linkChanged.connect(this._draw, this);
    this._draw();
  }

  dispose(): void {
    this._submissions.changed.disconnect(this._onChanged, this);
    this._submissions.linkChanged.disconnect(this._draw, this);
    this.node.remove();
  }

  private _onChanged(_: unknown, id: string): void {
    if (id === this._id) {
      this._draw();
    }
  }

  private _draw(): void {
    const tracked = this._submissions.get(this._id);
    if (!tracked) {
      return;
    }
    const { snapshot } = tracked;
    const verdict = snapshot?.verdict ?? null;
    const title = plain(snapshot?.title ?? tracked.problem);
    this.node.setAttribute('aria-label', this._trans.__('Submission to %1', title));
    this.node.dataset.state = snapshot?.state ?? tracked.delivery;
    this.node.dataset.status = verdict?.status ?? '';
    this._picture.replaceChildren(picture(pictureFor(tracked)));
    this._drawStatus(headline(this._trans, tracked), verdict);
    this._about.textContent = about(this._trans, title, snapshot);
    this._cancel.hidden = isFinal(tracked) || tracked.delivery === 'unknown';
    say(this._note, plain(note(this._trans, tracked)));
    say(this._link, this._linkNote(tracked));
    this._drawBar(snapshot);
    if (verdict !== this._drawn) {
      this._drawn = verdict;
      this._drawVerdict(verdict);
    }
  }

  private _drawStatus(line: string, verdict: Verdict | null): void {
    const score = verdict && verdict.status !== 'cancelled'
      ? this._trans.__('%1 / %2 points', points(verdict.points), points(verdict.max_points))
      : '';
    if (this._said !== line + score) {
      this._said = line + score;
      this._status.replaceChildren(element('span', { class: 'nbj-Word' }, line));
      if (score) {
        this._status.append(' ', element('span', { class: 'nbj-Points' }, score));
      }
    }
  }

  private _drawBar(snapshot: Snapshot | null): void {
    const progress = snapshot?.state === 'running' ? snapshot.progress : null;
    this._bar.hidden = !progress;
    if (progress) {
      this._bar.max = Math.max(progress.total, 1);
      this._bar.value = progress.done;
    }
  }

  private _drawVerdict(verdict: Verdict | null): void {
    this._body.replaceChildren();
    if (!verdict) {
      return;
    }
    if (verdict.message && verdict.status !== 'cancelled') {
      this._body.append(element('pre', { class: 'nbj-Message' }, plain(verdict.message)));
    }
    if (verdict.tests.length > 0) {
      this._body.append(testTable(this._trans, verdict.tests));
    }
    if (verdict.output) {
      const open = this._submissions.preferences.showOutput;
      const text = element('pre', {}, plain(verdict.output));
      const title = this._trans.__('Printed by your code');
      this._body.append(foldable(title, open, text));
    }
  }

  private _linkNote(tracked: ITracked): string {
    if (this._trouble) {
      return plain(this._trouble);
    }
    const here = tracked.delivery === 'kept' || tracked.delivery === 'postponed';
    const waits = !isFinal(tracked) && !here;
    return waits && this._submissions.link === 'lost'
      ? this._trans.__('Connection lost, reconnecting…')
      : '';
  }

  private async _giveUp(): Promise<void> {
    this._cancel.disabled = true;
    this._trouble = '';
    try {
      await this._submissions.cancel(this._id);
    } catch (error) {
      this._trouble = this._trans.__('Could not cancel: %1', (error as Error).message);
    }
    this._cancel.disabled = false;
    this._draw();
  }

  private readonly _picture = element('span', { class: 'nbj-Picture' });
  private readonly _status = element('span', {
    class: 'nbj-Status',
    role: 'status',
    'aria-live': 'polite'
  });
  private readonly _about = element('span', { class: 'nbj-About' });
  private readonly _cancel = element('button', {
    class: 'nbj-Cancel jp-mod-styled jp-mod-minimal',
    type: 'button'
  });
  private readonly _bar = element('progress', { class: 'nbj-Bar' });
  private readonly _note = element('p', { class: 'nbj-Note', 'aria-live': 'polite' });
  private readonly _link = element('p', { class: 'nbj-Link', 'aria-live': 'polite' });
  private readonly _body = element('div', { class: 'nbj-Body' });
  private _drawn: Verdict | null = null;
  private _said = '';
  private _trouble = '';
}

function say(node: HTMLElement, text: string): void {
  node.hidden = text === '';
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

function pictureFor(tracked: ITracked): Picture {
  if (tracked.snapshot?.verdict) {
    return pictureOf(tracked.snapshot.verdict.status);
  }
  switch (tracked.delivery) {
    case 'refused':
    case 'withdrawn':
      return 'ban';
    default:
      return 'wait';
  }
}

function about(trans: TranslationBundle, title: string, snapshot: Snapshot | null): string {
  if (!snapshot) {
    return title;
  }
  const when = new Date(snapshot.submitted_at * 1000).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'short'
  });
  return [title, trans.__('attempt %1', snapshot.number), when].join(' · ');
}
