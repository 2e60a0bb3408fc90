import assert from 'node:assert/strict';
import { test } from 'node:test';

import { IRoleSettings, problemIdIn, rewriting, Role, roleIn, settingsIn } from '../roles';

function given(text: string, role: Role | null, said: IRoleSettings = {}, mark = '#'): string {
  const { start, end, head } = rewriting(text, role, mark, said);
  return text.slice(0, start) + head + text.slice(end);
}

test('a cell gets a role above its own lines, which stay as they are', () => {
  assert.equal(given('def f():\n    # note\n', 'starter'), '#| starter\ndef f():\n    # note\n');
});

test('a hidden test says its points and hint, and a public one keeps them', () => {
  const hidden = given('assert f()', 'hidden', { label: 'twice', points: '2', hint: 'Try it.' });
  assert.equal(
    hidden,
    '#| test: twice\n#| points: 2\n#| hidden: true\n#| hint: Try it.\nassert f()'
  );
  assert.equal(roleIn(hidden), 'hidden');
  assert.equal(given(hidden, 'test'), '#| test: twice\n#| points: 2\n#| hint: Try it.\nassert f()');
});

test('what belongs to another role goes, and what nobody here knows stays', () => {
  const text = '#| wrong: greedy, verdict: partial\n#| language: python\n#| echo: false\nx = 1';
  assert.deepEqual(settingsIn(text).verdict, 'partial');
  assert.equal(given(text, 'setup'), '#| setup\n#| echo: false\nx = 1');
  assert.equal(given(text, 'solution'), '#| solution\n#| language: python\n#| echo: false\nx = 1');
});

test('no role takes the lines off, and other languages have other marks', () => {
  assert.equal(given('#| starter\nx = 1', null), 'x = 1');
  assert.equal(given('int main() {}', 'solution', {}, '//'), '//| solution\nint main() {}');
  assert.equal(given('', 'setup'), '#| setup\n');
});

test('a problem is a notebook whose first cell is front matter with an id', () => {
  assert.equal(problemIdIn({ type: 'raw', text: '---\nid: two-sum\n---' }), 'two-sum');
  assert.equal(problemIdIn({ type: 'raw', text: '---\ntitle: x\n---' }), null);
  assert.equal(problemIdIn({ type: 'code', text: '---\nid: two-sum\n---' }), null);
});
