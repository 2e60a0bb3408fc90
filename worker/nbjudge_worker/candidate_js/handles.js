'use strict';
/** The student's objects that are no plain data: numbered, described, and kept while in use. */

const { Foreign, ascii } = require('./values.js');
const { METHODS } = require('./specials.js');

const { AsyncGenerator, Generator } = (() => {
  const of = make => Object.getPrototypeOf(Object.getPrototypeOf(make.prototype));
  return { AsyncGenerator: of(async function* () {}), Generator: of(function* () {}) };
})();

/** The exceptions of Python that say the same as one of JavaScript's own. */
const PYTHONS = {
  Error: 'Exception', TypeError: 'TypeError', RangeError: 'ValueError', ReferenceError: 'NameError',
  SyntaxError: 'SyntaxError', EvalError: 'Exception', URIError: 'ValueError', AggregateError: 'Exception'
};
/** Names that a class of the student's may have to be taken for Python's own. */
const OWN_NAMES = new Set([
  'ArithmeticError', 'AssertionError', 'AttributeError', 'EOFError', 'FileNotFoundError', 'IndexError',
  'KeyError', 'LookupError', 'NotImplementedError', 'OSError', 'OverflowError', 'PermissionError',
  'RuntimeError', 'StopIteration', 'StopAsyncIteration', 'TimeoutError', 'ValueError', 'ZeroDivisionError'
]);

class Handles {
  constructor(explain) {
    this._explain = explain;
    this._objects = new Map();
    this._numbers = new Map();
    this._last = 0;
  }

  get(number) {
    if (!this._objects.has(number)) {
      throw new ReferenceError('an object that is gone');
    }
    return this._objects.get(number);
  }

  number(value) {
    const known = this._numbers.get(value);
    if (known !== undefined) {
      return known;
    }
    this._last += 1;
    this._objects.set(this._last, value);
    this._numbers.set(value, this._last);
    return this._last;
  }

  release(numbers) {
    for (const number of numbers) {
      this._numbers.delete(this._objects.get(number));
      this._objects.delete(number);
    }
  }

  /** Write an object that is no plain data. */
  refer(value) {
    if (value instanceof Error) {
      return this.exception(value);
    }
    if (isErrorClass(value)) {
      return this._exceptionClass(value);
    }
    const told = [this.number(value), kindOf(value), nameOf(value), specialsOf(value), familyOf(value)];
    return `{"h":${ascii(JSON.stringify(told))}}`;
  }

  /** Write what was thrown, which can be anything. */
  exception(thrown) {
    const isError = thrown instanceof Error;
    const kind = isError ? this._kind(thrown) : '{"T":"Exception"}';
    const message = isError ? String(thrown.message) : String(thrown);
    const rest = ascii(
      [[message], message, this._explain(thrown), this.number(isError ? thrown : Object(thrown))]
        .map(part => JSON.stringify(part))
        .join(',')
    );
    return `{"X":[${kind},"Exception",${rest}]}`;
  }

  _kind(error) {
    if (error instanceof RangeError && /call stack/.test(error.message)) {
      return '{"T":"RecursionError"}';
    }
    if (error.code === 'ENOENT') {
      return '{"T":"FileNotFoundError"}';
    }
    const named = OWN_NAMES.has(error.name) ? error.name : undefined;
    return named ? `{"T":"${named}"}` : this._exceptionClass(error.constructor ?? Error);
  }

  _exceptionClass(kind) {
    const name = String(kind.name);
    if (OWN_NAMES.has(name)) {
      return `{"T":"${name}"}`;
    }
    if (globalThis[name] === kind && PYTHONS[name]) {
      return `{"T":"${PYTHONS[name]}"}`;
    }
    const base = Object.getPrototypeOf(kind);
    const bases = isErrorClass(base) ? this._exceptionClass(base) : '{"T":"Exception"}';
    return `{"E":[${this.number(kind)},${ascii(JSON.stringify(name))},[${bases}]]}`;
  }
}

const isErrorClass = value =>
  typeof value === 'function' && (value === Error || value.prototype instanceof Error);

const isClass = value =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));

function kindOf(value) {
  if (typeof value === 'function') {
    return isClass(value) || isConstructor(value) ? 'class' : 'function';
  }
  if (value instanceof Promise) {
    return 'coroutine';
  }
  if (Generator.isPrototypeOf(value)) {
    return 'generator';
  }
  return AsyncGenerator.isPrototypeOf(value) ? 'async_generator' : 'object';
}

/** Tell whether a function is a class in the older manner: its prototype has methods. */
const isConstructor = value =>
  value.prototype !== undefined && Object.getOwnPropertyNames(value.prototype).some(isMethodName) &&
  !Generator.isPrototypeOf(value.prototype) && !AsyncGenerator.isPrototypeOf(value.prototype);

const isMethodName = name => name !== 'constructor';

const nameOf = value => String(typeof value === 'function' ? value.name : familyOf(value));

const familyOf = value =>
  typeof value === 'function' ? 'function' : String(value?.constructor?.name ?? typeof value);

/** Return the special methods that Python would see. */
function specialsOf(value) {
  if (typeof value === 'symbol' || value instanceof Foreign) {
    return [];
  }
  return Object.keys(METHODS).filter(name => METHODS[name](value) !== undefined);
}

module.exports = { Handles };
