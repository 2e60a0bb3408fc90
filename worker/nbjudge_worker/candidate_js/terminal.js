'use strict';
/** What the student's code prints, kept for tests to look at, and what it is fed. */

const fs = require('node:fs');

const MAX_KEPT = 1024 * 1024;

class Terminal {
  constructor() {
    this._kept = { 1: [], 2: [] };
    this._lines = [];
    this._capture(process.stdout, 1);
    this._capture(process.stderr, 2);
    globalThis.prompt = question => {
      if (question !== undefined) {
        process.stdout.write(String(question));
      }
      return this._lines.shift() ?? null;
    };
  }

  begin() {
    this._kept = { 1: [], 2: [] };
  }

  printed() {
    return Buffer.concat(this._kept[1]).toString('utf8');
  }

  complained() {
    return Buffer.concat(this._kept[2]).toString('utf8');
  }

  feed(text) {
    this._lines = text.split('\n');
    if (this._lines.at(-1) === '') {
      this._lines.pop();
    }
  }

  _capture(stream, descriptor) {
    stream.write = (data, encoding, done) => {
      const bytes = Buffer.from(data, typeof encoding === 'string' ? encoding : 'utf8');
      try {
        fs.writeSync(descriptor, bytes);
      } catch {
        // the file is full: the worker sees that and ends this process
      }
      if (this._kept[descriptor].reduce((size, part) => size + part.length, 0) < MAX_KEPT) {
        this._kept[descriptor].push(bytes);
      }
      const callback = typeof encoding === 'function' ? encoding : done;
      callback?.();
      return true;
    };
  }
}

module.exports = { Terminal };
