/** The tests of a verdict, a row each, with what a student may see of those that failed. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { TestResult } from './contract';
import { element } from './element';
import { Picture, picture } from './icons';
import { memory, plain, points, time } from './text';
import { statusWord } from './words';

const COLUMNS = 5;

export function pictureOf(status: string): Picture {
  switch (status) {
    case 'accepted':
      return 'check';
    case 'partial':
      return 'half';
    case 'time_limit_exceeded':
      return 'clock';
    case 'memory_limit_exceeded':
    case 'output_limit_exceeded':
      return 'gauge';
    case 'cancelled':
      return 'ban';
    case 'runtime_error':
    case 'compile_error':
    case 'internal_error':
      return 'bang';
    default:
      return 'cross';
  }
}

/** A table of the tests; the details of the first failing one are open. */
export function testTable(trans: TranslationBundle, tests: readonly TestResult[]): HTMLElement {
  const heads = [
    trans.__('Test'),
    trans.__('Result'),
    trans.__('Points'),
    trans.__('Time'),
    trans.__('Memory')
  ].map(head => element('th', { scope: 'col' }, head));
  const body = element('tbody');
  const firstFailing = tests.findIndex(test => test.status !== 'accepted');
  tests.forEach((test, number) => {
    body.append(testRow(trans, test));
    const told = details(trans, test, number === firstFailing);
    if (told) {
      body.append(
        element(
          'tr',
          { class: 'nbj-Details' },
          element('td', { colspan: String(COLUMNS) }, told)
        )
      );
    }
  });
  return element(
    'table',
    { class: 'nbj-Tests', 'aria-label': trans.__('Tests') },
    element('thead', {}, element('tr', {}, ...heads)),
    body
  );
}

function testRow(trans: TranslationBundle, test: TestResult): HTMLElement {
  const name = element('th', { scope: 'row' }, plain(test.name));
  if (test.hidden) {
    name.append(' ', element('span', { class: 'nbj-Tag' }, trans.__('hidden')));
  }
  const word = element('td', { class: 'nbj-Result' }, picture(pictureOf(test.status)));
  word.append(statusWord(trans, test.status));
  const numbers = [
    `${points(test.points)} / ${points(test.max_points)}`,
    test.cpu_seconds === null ? '–' : time(test.cpu_seconds),
    test.memory_bytes === null ? '–' : memory(test.memory_bytes)
  ].map(text => element('td', { class: 'nbj-Number' }, text));
  return element('tr', { class: 'nbj-Test', 'data-status': test.status }, name, word, ...numbers);
}

function details(trans: TranslationBundle, test: TestResult, open: boolean): HTMLElement | null {
  if (test.status === 'accepted') {
    return null;
  }
  if (test.hidden) {
    const hint = element('strong', {}, trans.__('Hint:'));
    return test.message
      ? element('p', { class: 'nbj-Hint' }, hint, ' ', plain(test.message))
      : null;
  }
  const parts: [string, string | null][] = [
    [trans.__('What went wrong'), test.message || null],
    [trans.__('Expected'), test.expected],
    [trans.__('Your result'), test.got],
    [trans.__('Printed'), test.output || null]
  ];
  const list = element('dl');
  for (const [label, text] of parts) {
    if (text !== null) {
      list.append(element('dt', {}, label), element('dd', {}, element('pre', {}, plain(text))));
    }
  }
  return list.childElementCount > 0
    ? foldable(trans.__('Details of “%1”', plain(test.name)), open, list)
    : null;
}

/** A part that opens and closes. */
export function foldable(title: string, open: boolean, content: HTMLElement): HTMLElement {
  const made = element('details', {}, element('summary', {}, title), content);
  made.open = open;
  return made;
}
