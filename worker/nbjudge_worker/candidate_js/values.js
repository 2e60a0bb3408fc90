'use strict';
/**
 * Plain data as the JSON of nbjudge_worker/codec, and back.
 *
 * Integers that are too large for a number are BigInts. A dict whose keys are all text is an object,
 * any other a Map; tuples are arrays that stay tuples when they are handed back. What JavaScript has
 * nothing for (a Decimal, a type) is Foreign: it can be handed back, and nothing else.
 */

const MAX_DEPTH = 100;
const UNSAFE = /NaN|Infinity|\d{16}/;
const TOKENS = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN|-?\d{16,}(?![\d.eE])/g;

/** Something of Python's that JavaScript has no value for. */
class Foreign {
  constructor(json, name) {
    Object.defineProperty(this, 'json', { value: json });
    this.name = name;
  }
}

/** Arrays and objects that came from the test, with the tag they came with. */
const origins = new WeakMap();

const isTagged = value => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Read the text of one message. `references` has readers for the tags that are no plain data. */
class Reader {
  constructor(references) {
    this._readers = { ...READERS, ...references };
  }

  read(text) {
    const plain = UNSAFE.test(text) ? text.replace(TOKENS, safeToken) : text;
    return JSON.parse(plain, (_key, value) => (isTagged(value) ? this._value(value) : value));
  }

  _value(tagged) {
    const [[tag, content]] = Object.entries(tagged);
    const reader = this._readers[tag];
    return reader ? reader(content) : new Foreign(rewritten(tag, content), FOREIGN_NAMES[tag] ?? tag);
  }
}

function safeToken(token) {
  if (token.startsWith('"')) {
    return token;
  }
  return /\d/.test(token) ? `{"i":"${token}"}` : `{"number":"${token}"}`;
}

const FOREIGN_NAMES = { D: 'Decimal', F: 'Fraction', c: 'complex', td: 'timedelta', da: 'date' };

/** Write what a tag holds as it came. Only simple content comes here. */
const rewritten = (tag, content) => ascii(JSON.stringify({ [tag]: content }));

function remembered(value, tag) {
  origins.set(value, tag);
  return value;
}

function integer(text) {
  const negative = text.startsWith('-');
  const number = BigInt(negative ? text.slice(1) : text);
  const value = negative ? -number : number;
  const small = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
  return small ? Number(value) : value;
}

function dictionary(flat) {
  const pairs = [];
  for (let n = 0; n < flat.length; n += 2) {
    pairs.push([flat[n], flat[n + 1]]);
  }
  if (!pairs.every(([key]) => typeof key === 'string')) {
    return remembered(new Map(pairs), 'm');
  }
  const object = {};
  for (const [key, value] of pairs) {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return remembered(object, 'm');
}

function range([start, stop, step]) {
  const items = [];
  for (let n = start; step > 0 ? n < stop : n > stop; n += step) {
    items.push(n);
  }
  return items;
}

const NUMBERS = {
  f8: 'getFloat64', f4: 'getFloat32', i8: 'getBigInt64', i4: 'getInt32', i2: 'getInt16', i1: 'getInt8',
  u8: 'getBigUint64', u4: 'getUint32', u2: 'getUint16', u1: 'getUint8', b1: 'getUint8'
};

/** Read the items of an array of numpy's into nested arrays. */
function numbers(dtype, shape, data, start = 0) {
  const get = NUMBERS[dtype.slice(1)];
  const size = Number(dtype.slice(2));
  if (get === undefined) {
    throw new TypeError(`JavaScript cannot read an array of ${dtype}`);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const little = !dtype.startsWith('>');
  let place = start;
  const item = () => {
    const value = view[get](place, little);
    place += size;
    return dtype[1] === 'b' ? value !== 0 : typeof value === 'bigint' ? integer(String(value)) : value;
  };
  const side = depth =>
    depth === shape.length ? item() : Array.from({ length: shape[depth] }, () => side(depth + 1));
  return side(0);
}

const READERS = {
  number: content => Number(content),
  i: integer,
  t: content => remembered(content, 't'),
  m: dictionary,
  df: ([, flat]) => dictionary(flat),
  O: dictionary,
  C: dictionary,
  s: content => new Set(content),
  z: content => remembered(new Set(content), 'z'),
  q: ([items]) => items,
  n: ([, , items]) => remembered(items, 't'),
  b: content => new Uint8Array(Buffer.from(content, 'hex')),
  y: content => remembered(new Uint8Array(Buffer.from(content, 'hex')), 'y'),
  r: range,
  pa: content => content,
  dt: ([text]) => new Date(/[+Z]|-\d\d:\d\d$/.test(text) ? text : `${text}Z`),
  a: ([dtype, shape, data]) => numbers(dtype, shape, Buffer.from(data, 'base64')),
  A: ([dtype, data]) => numbers(dtype, [], Buffer.from(data, 'base64'))
};

// ---- Writing

/** Return the value as JSON in ASCII. `refer` writes what is no plain data. */
function write(value, refer, depth = 0, hashable = false) {
  switch (typeof value) {
    case 'undefined':
      return 'null';
    case 'boolean':
      return String(value);
    case 'number':
      return Object.is(value, -0) ? '-0.0' : String(value);
    case 'bigint':
      return bigInteger(value);
    case 'string':
      return ascii(JSON.stringify(value));
    case 'object':
      return value === null ? 'null' : object(value, refer, depth, hashable);
    default:
      return refer(value);
  }
}

const ascii = text =>
  text.replace(/[\u0080-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

function bigInteger(value) {
  const text = String(value);
  if (text.length < 1000) {
    return text;
  }
  const digits = value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
  return `{"i":"${digits}"}`;
}

function object(value, refer, depth, hashable) {
  if (depth > MAX_DEPTH) {
    return refer(value);
  }
  const items = (values, keys = hashable) =>
    `[${Array.from(values, item => write(item, refer, depth + 1, keys)).join(',')}]`;
  if (value instanceof Foreign) {
    return value.json;
  }
  if (Array.isArray(value)) {
    return `{"${hashable || origins.get(value) === 't' ? 't' : 'ja'}":${items(value)}}`;
  }
  if (value instanceof Uint8Array) {
    return `{"${origins.get(value) ?? 'b'}":"${Buffer.from(value).toString('hex')}"}`;
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return `{"ja":${items(value)}}`;
  }
  if (value instanceof Map) {
    return `{"m":${pairs(value, refer, depth)}}`;
  }
  if (value instanceof Set) {
    return `{"${hashable || origins.get(value) === 'z' ? 'z' : 's'}":${items(value, true)}}`;
  }
  if (value instanceof Date && !Number.isNaN(value.getTime())) {
    return `{"dt":["${value.toISOString().replace('Z', '+00:00')}",0]}`;
  }
  if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    return write(value.valueOf(), refer, depth, hashable);
  }
  return isRecord(value) ? `{"m":${pairs(Object.entries(value), refer, depth)}}` : refer(value);
}

/** Tell whether an object holds data only: with methods, or something to iterate, it acts. */
function isRecord(value) {
  const family = Object.getPrototypeOf(value);
  return (
    (family === Object.prototype || family === null) &&
    value[Symbol.iterator] === undefined &&
    value[Symbol.asyncIterator] === undefined &&
    !Object.values(value).some(part => typeof part === 'function')
  );
}

function pairs(entries, refer, depth) {
  const flat = [];
  for (const [key, value] of entries) {
    flat.push(write(key, refer, depth + 1, true), write(value, refer, depth + 1));
  }
  return `[${flat.join(',')}]`;
}

module.exports = { Foreign, Reader, ascii, numbers, write };
