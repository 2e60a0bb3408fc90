/** Tells of a verdict that came while the student looked elsewhere. */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Submissions } from './submissions';
import { points } from './text';
import { statusWord } from './words';

/** Announce the verdicts of these submissions, each once, unless they are in sight. */
export function announce(
  submissions: Submissions,
  ids: ReadonlySet<string>,
  trans: TranslationBundle
): void {
  const told = new Set<string>();
  submissions.changed.connect((_, id) => {
    const snapshot = submissions.get(id)?.snapshot;
    if (!snapshot?.verdict || !ids.has(id) || told.has(id)) {
      return;
    }
    told.add(id);
    const { status, points: won, max_points: all } = snapshot.verdict;
    if (submissions.preferences.notify && status !== 'cancelled' && !isInSight(id)) {
      const score = trans.__('%1 / %2 points', points(won), points(all));
      const text = `${snapshot.title}: ${statusWord(trans, status)}, ${score}`;
      Notification.emit(text, status === 'accepted' ? 'success' : 'info', { autoClose: 8000 });
    }
  });
}

function isInSight(id: string): boolean {
  const views = document.querySelectorAll<HTMLElement>(`[data-submission="${id}"]`);
  return (
    !document.hidden &&
    [...views].some(view => {
      const box = view.getBoundingClientRect();
      return box.height > 0 && box.bottom > 0 && box.top < window.innerHeight;
    })
  );
}
