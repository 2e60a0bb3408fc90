'use strict';
/** The student's cell as JavaScript: its names, and its mistakes as the student should see them. */

const { createRequire } = require('node:module');
const path = require('node:path');
const vm = require('node:vm');
const { camelCase } = require('./names.js');

const CELL = 'Cell';
const MAX_TEXT = 8000;
const IDENTIFIER = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
const EXPORT = /^export\s+(?:default\s+)?(?=(?:async\s+)?function\b|class\b|const\b|let\b|var\b)/gm;

/** Return the cell as a script, whose names stay when it has run. Throws SyntaxError. */
const compileCell = source => new vm.Script(source.replace(EXPORT, ''), { filename: CELL });

/** Run it. Throws what it throws. */
function runCell(script) {
  globalThis.require = createRequire(path.join(process.cwd(), 'cell.js'));
  globalThis.module = { exports: {} };
  globalThis.exports = globalThis.module.exports;
  script.runInThisContext();
}

/** Return `[found, value]` of a name of the cell's; exported ones count as well. */
function lookUp(name) {
  for (const spelling of new Set([name, camelCase(name)])) {
    if (!IDENTIFIER.test(spelling)) {
      continue;
    }
    if (vm.runInThisContext(`typeof ${spelling} !== 'undefined'`)) {
      return [true, vm.runInThisContext(spelling)];
    }
    const exported = globalThis.module?.exports;
    if (exported !== null && typeof exported === 'object' && Object.hasOwn(exported, spelling)) {
      return [true, exported[spelling]];
    }
  }
  return [false, null];
}

/** Give a name of the cell's another value. */
function bind(name, value) {
  const spelling = [name, camelCase(name)].find(one => lookUp(one)[0]) ?? name;
  if (!IDENTIFIER.test(spelling)) {
    throw new SyntaxError(`${name} is no name`);
  }
  vm.runInThisContext(`(value => { ${spelling} = value; })`)(value);
}

/** Return an error as text: what it says and where in the cell, none of our frames. */
function explain(error) {
  if (!(error instanceof Error)) {
    return `Uncaught ${String(error)}`;
  }
  const text = String(error.stack ?? error);
  const isOwn = line => !/^ {4}at /.test(line) || line.includes(`${CELL}:`);
  return text.split('\n').filter(isOwn).join('\n').trim().slice(-MAX_TEXT);
}

module.exports = { bind, compileCell, explain, lookUp, runCell };
