'use strict';
/**
 * The candidate for functions and classes in JavaScript: runs the cell, then answers the examiner.
 *
 * The box's Python hands over three open files, by number: the job, the channel to the worker and the
 * line to the examiner. Like its brother in Python it is treated as an adversary.
 */

const fs = require('node:fs');
const { Answers } = require('./answers.js');
const { compileCell, explain, runCell } = require('./cell.js');
const { Frames } = require('./frames.js');
const { Terminal } = require('./terminal.js');
const { ascii } = require('./values.js');

const [jobFile, channel, line] = process.argv.slice(2, 5).map(Number);

/** Return the report for the worker. */
function load(source) {
  let script;
  try {
    script = compileCell(source);
  } catch (error) {
    return failed('compile_error', error);
  }
  try {
    runCell(script);
  } catch (error) {
    return failed('runtime_error', error);
  }
  return { op: 'loaded' };
}

const failed = (status, error) => ({ op: 'failed', status, message: explain(error) });

process.on('unhandledRejection', () => {});
process.on('uncaughtException', error => process.stderr.write(`${explain(error)}\n`));
process.argv.length = 1;
const { source } = JSON.parse(fs.readFileSync(jobFile, 'utf8'));
fs.closeSync(jobFile);
const terminal = new Terminal();
const report = load(source);
new Frames(channel).send(ascii(JSON.stringify(report)));
if (report.op === 'loaded') {
  void new Answers(new Frames(line), terminal).serve().then(() => process.exit(0));
}
