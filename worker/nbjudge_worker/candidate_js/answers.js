'use strict';
/** The student's side of the line: calls, names and attributes, answered one after the other. */

const fs = require('node:fs');
const util = require('node:util');
const { bind, explain, lookUp } = require('./cell.js');
const { Handles } = require('./handles.js');
const { camelCase, parametersOf, spelled } = require('./names.js');
const { METHODS } = require('./specials.js');
const { Foreign, Reader, numbers, write } = require('./values.js');
const { visitor, visitorNumber } = require('./visitors.js');

const ANSWERS = new Set(['v', 's', 'x']);

class Answers {
  constructor(frames, terminal) {
    this._frames = frames;
    this._handles = new Handles(explain);
    this._bound = new WeakMap();
    this._reader = new Reader({
      o: number => this._handles.get(number),
      V: content => visitor((op, number, args) => this._callBack(op, number, args), content),
      T: name => new Foreign(`{"T":"${name}"}`, name),
      X: thrownByTest,
      io: content => content,
      '@': ([dtype, shape, start]) => numbers(dtype, shape, this._frames.attached, start)
    });
    this._ops = {
      names: () => Object.keys(globalThis),
      bind: (name, value) => void bind(name, value),
      unbind: name => void bind(name, undefined),
      setattr: (number, name, value) => {
        const target = this._handles.get(number);
        target[spelled(target, name) ?? name] = value;
      },
      delattr: (number, name) => void delete this._handles.get(number)[name],
      plain: number => this._handles.get(number),
      dir: number => propertiesOf(this._handles.get(number)),
      str: number => shown(this._handles.get(number)),
      repr: number => util.inspect(this._handles.get(number)),
      format: number => shown(this._handles.get(number)),
      hash: number => number,
      eq: (one, other) => this._equal(one, other),
      ne: (one, other) => !this._equal(one, other),
      order: (name, one, other) => this._method(one, name)(this._handles.get(other)),
      isinstance: (kind, value) => Object(value) instanceof this._handles.get(kind),
      issubclass: (kind, value) => value === this._handles.get(kind) || value?.prototype instanceof this._handles.get(kind),
      isa: () => false,
      signature: number => `(${parametersOf(this._handles.get(number)).join(', ')})`,
      begin: names => {
        terminal.begin();
        const known = names.map(name => [name, lookUp(name)[1]]);
        return known.filter(([, value]) => typeof value === 'function');
      },
      stdout: () => terminal.printed(),
      stderr: () => terminal.complained(),
      feed: text => terminal.feed(text),
      seed: number => void seed(number),
      run_to: () => null,
      patch: () => null,
      subclass: () => {
        throw new TypeError('a class of a test cannot inherit from a class in JavaScript');
      },
      read: name => new Uint8Array(fs.readFileSync(name)),
      write: (name, content) => void fs.writeFileSync(name, content),
      exists: name => fs.existsSync(name)
    };
  }

  /** Answer until the examiner hangs up. */
  async serve() {
    for (let text; (text = this._frames.receive()) !== null; ) {
      const [op, free, ...args] = this._reader.read(text);
      this._handles.release(free);
      this._frames.send(op === 'await' ? await this._awaited(args[0]) : this._answer(op, args));
    }
  }

  _answer(op, args) {
    try {
      switch (op) {
        case 'name': {
          const [found, value] = lookUp(args[0]);
          return `["v",${found ? this._write(value) : null},${found}]`;
        }
        case 'call':
          return this._called(this._handles.get(args[0]), args[1], args[2]);
        case 'special':
          return this._called(this._method(args[0], args[1]), args[2], {});
        case 'attr':
          return this._value(this._attribute(args[0], args[1]));
        default:
          return this._value(this._ops[op](...args));
      }
    } catch (error) {
      return this._thrown(error);
    }
  }

  async _awaited(number) {
    try {
      return this._value(await this._handles.get(number));
    } catch (error) {
      return this._thrown(error);
    }
  }

  /** Call and say what it returned, and which of the values that were given it has changed. */
  _called(callable, args, named) {
    const given = [...args, ...Object.values(named)];
    const before = given.map(value => this._content(value));
    let result;
    try {
      result = callable === null ? null : this._call(callable, args, named);
    } catch (error) {
      return this._thrown(error, this._changes(given, before));
    }
    const changes = this._changes(given, before);
    const same = given.findIndex((value, n) => value === result && before[n] !== null);
    return same >= 0 ? `["s",${same},${changes}]` : `["v",${this._write(result)},${changes}]`;
  }

  _call(callable, args, named) {
    const all = withNamed(callable, args, named);
    return isClass(callable) ? Reflect.construct(callable, all) : callable(...all);
  }

  _content(value) {
    const isMutable = typeof value === 'object' && value !== null && visitorNumber(value) === undefined;
    return isMutable && !(value instanceof Foreign) ? this._write(value) : null;
  }

  _changes(given, before) {
    const changed = given.flatMap((value, n) => {
      const after = before[n] === null ? null : this._write(value);
      return after === before[n] ? [] : [`[${n},${after}]`];
    });
    return `[${changed.join(',')}]`;
  }

  _method(number, name) {
    const method = METHODS[name]?.(this._handles.get(number));
    if (method === undefined) {
      throw new TypeError(`the object has nothing that does what ${name} does`);
    }
    return method;
  }

  /** Return an attribute; a method stays one of its object. */
  _attribute(number, name) {
    const target = this._handles.get(number);
    if (name === '__class__') {
      return Object(target).constructor;
    }
    if (name === '__name__') {
      return target.name;
    }
    const spelling = spelled(target, name);
    if (spelling === undefined) {
      throw namedError('AttributeError', `there is no ${name} or ${camelCase(name)}`);
    }
    const value = target[spelling];
    return typeof value === 'function' && !isClass(value) ? this._boundTo(target, spelling, value) : value;
  }

  _boundTo(target, name, method) {
    const owner = Object(target);
    const known = this._bound.get(owner) ?? new Map();
    this._bound.set(owner, known);
    if (known.get(name)?.method !== method) {
      const bound = Object.defineProperty((...args) => method.apply(target, args), 'name', { value: name });
      bound.toString = () => Function.prototype.toString.call(method);
      known.set(name, { method, bound });
    }
    return known.get(name).bound;
  }

  _equal(one, other) {
    const [left, right] = [this._handles.get(one), this._handles.get(other)];
    const method = ['__eq__', 'equals'].find(name => typeof left?.[name] === 'function');
    return left === right || (method !== undefined && Boolean(left[method](right)));
  }

  // ---- Writing

  _write(value) {
    return write(value, unusual => this._refer(unusual));
  }

  _refer(value) {
    const number = visitorNumber(value);
    return number === undefined ? this._handles.refer(value) : `{"o":${number}}`;
  }

  _value(value) {
    return `["v",${this._write(value)},[]]`;
  }

  _thrown(error, changes = '[]') {
    return `["x",${this._handles.exception(error)},${changes}]`;
  }

  _callBack(op, number, args) {
    const written = args.map(value => this._write(value)).join(',');
    this._frames.send(`["${op}",${number},{"t":[${written}]},{"m":[]}]`);
    for (;;) {
      const text = this._frames.receive();
      if (text === null) {
        process.exit(0);
      }
      const message = this._reader.read(text);
      if (!ANSWERS.has(message[0])) {
        const [inner, free, ...rest] = message;
        this._handles.release(free);
        this._frames.send(this._answer(inner, rest));
      } else if (message[0] === 'x') {
        throw message[1];
      } else {
        return message[1];
      }
    }
  }
}

const isClass = value =>
  typeof value === 'function' && value.prototype !== undefined &&
  (/^class\b/.test(Function.prototype.toString.call(value)) ||
    Object.getOwnPropertyNames(value.prototype).some(name => name !== 'constructor') &&
      typeof value.prototype.next !== 'function');

/** Put named arguments where the parameters of these names are; what fits nowhere comes last. */
function withNamed(callable, args, named) {
  const rest = named instanceof Map ? Object.fromEntries(named) : { ...named };
  if (Object.keys(rest).length === 0) {
    return args;
  }
  const all = [...args];
  parametersOf(callable).forEach((parameter, place) => {
    const name = Object.keys(rest).find(one => one === parameter || camelCase(one) === parameter);
    if (place >= args.length && name !== undefined) {
      all[place] = rest[name];
      delete rest[name];
    }
  });
  return Object.keys(rest).length === 0 ? all : [...all, rest];
}

function propertiesOf(value) {
  const names = new Set();
  for (let at = Object(value); at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    Object.getOwnPropertyNames(at).forEach(name => names.add(name));
  }
  return [...names];
}

const shown = value =>
  value?.toString === Object.prototype.toString || typeof value === 'function'
    ? util.inspect(value)
    : String(value);

function namedError(name, message) {
  return Object.defineProperty(new Error(message), 'name', { value: name });
}

/** Return an exception of the test's, `[class, arguments]`, as something to catch. */
const thrownByTest = ([kind, args]) => namedError(kind?.name ?? 'Error', String(args?.[0] ?? ''));

/** Let Math.random give the same numbers again (mulberry32). Only an integer is a seed. */
function seed(number) {
  if (typeof number !== 'bigint' && !Number.isInteger(number)) {
    return;
  }
  let state = Number(BigInt.asUintN(32, BigInt(number)));
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

module.exports = { Answers };
