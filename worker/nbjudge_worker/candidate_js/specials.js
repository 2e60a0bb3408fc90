'use strict';
/**
 * Python's special methods on objects of JavaScript's: `len(stack)` asks for `size` or `length`,
 * `a + b` for `add`, `x in bag` for `has`. A method that is called `__add__` comes first.
 */

/** Return a method that calls the first of these that the object has. */
const called = (...names) => value => {
  const name = names.find(one => typeof value[one] === 'function');
  return name === undefined ? undefined : (...args) => value[name](...args);
};

const measured = value => {
  const name = ['size', 'length'].find(one => typeof value[one] === 'number');
  return name === undefined || typeof value === 'function' ? called('size', 'length')(value) : () => value[name];
};

const ordered = holds => value => {
  const compare = called('compareTo')(value);
  return compare && (other => holds(compare(other)));
};

/** What ends an iteration. It is written as Python's own exception. */
class StopIteration extends Error {}
Object.defineProperty(StopIteration.prototype, 'name', { value: 'StopIteration' });
class StopAsyncIteration extends Error {}
Object.defineProperty(StopAsyncIteration.prototype, 'name', { value: 'StopAsyncIteration' });

const next = value =>
  typeof value.next === 'function' && value[Symbol.asyncIterator] === undefined
    ? () => {
        const { done, value: item } = value.next();
        if (done) {
          throw new StopIteration();
        }
        return item;
      }
    : undefined;

const nextLater = value =>
  typeof value.next === 'function' && value[Symbol.asyncIterator] !== undefined
    ? async () => {
        const { done, value: item } = await value.next();
        if (done) {
          throw new StopAsyncIteration();
        }
        return item;
      }
    : undefined;

const iterated = symbol => value =>
  typeof value[symbol] === 'function' ? () => value[symbol]() : undefined;

const either = (name, otherwise) => value => called(name)(value) ?? otherwise(value);

/** By the name of the special method: what finds it on an object, undefined when there is none. */
const METHODS = {
  __call__: value => (typeof value === 'function' ? value : undefined),
  __len__: either('__len__', value => (typeof value === 'function' ? undefined : measured(value))),
  __iter__: either('__iter__', iterated(Symbol.iterator)),
  __next__: either('__next__', next),
  __aiter__: iterated(Symbol.asyncIterator),
  __anext__: nextLater,
  __contains__: called('__contains__', 'has', 'includes', 'contains'),
  __getitem__: called('__getitem__', 'get', 'at'),
  __setitem__: called('__setitem__', 'set'),
  __delitem__: called('__delitem__', 'delete'),
  __add__: called('__add__', 'add', 'plus'),
  __sub__: called('__sub__', 'sub', 'subtract', 'minus'),
  __mul__: called('__mul__', 'mul', 'multiply', 'times'),
  __truediv__: called('__truediv__', 'div', 'divide'),
  __mod__: called('__mod__', 'mod'),
  __pow__: called('__pow__', 'pow'),
  __neg__: called('__neg__', 'neg', 'negate'),
  __abs__: called('__abs__', 'abs'),
  __bool__: called('__bool__'),
  __int__: called('__int__'),
  __float__: called('__float__'),
  __lt__: either('__lt__', ordered(order => order < 0)),
  __le__: either('__le__', ordered(order => order <= 0)),
  __gt__: either('__gt__', ordered(order => order > 0)),
  __ge__: either('__ge__', ordered(order => order >= 0))
};

module.exports = { METHODS };
