'use strict';
/** Objects of the test as the student's code meets them: functions to call, items to take. */


const numbers = new WeakMap();

/** Return the number of an object of the test's, undefined for any other. */
const visitorNumber = value => numbers.get(value);

/** Return the stand-in for `[number, kind, name]`; `ask(op, number, args)` asks the examiner. */
function visitor(ask, [number, kind, name]) {
  const made = MAKERS[kind === 'function' || kind === 'iterator' ? kind : 'object'](ask, number);
  if (kind === 'function') {
    Object.defineProperty(made, 'name', { value: name });
  }
  numbers.set(made, number);
  return made;
}

const MAKERS = {
  function: (ask, number) => (...args) => ask('call', number, args),
  iterator: (ask, number) => ({
    next() {
      try {
        return { done: false, value: ask('next', number, []) };
      } catch (error) {
        if (error.name === 'StopIteration') {
          return { done: true, value: undefined };
        }
        throw error;
      }
    },
    [Symbol.iterator]() {
      return this;
    }
  }),
  object: (ask, number) =>
    new Proxy(Object.create(null), {
      get(target, name) {
        if (name === 'length') {
          return ask('len', number, []);
        }
        if (name === Symbol.iterator) {
          return () => ask('iter', number, [])[Symbol.iterator]();
        }
        if (typeof name === 'symbol') {
          return undefined;
        }
        return /^\d+$/.test(name) ? ask('item', number, [Number(name)]) : ask('attr', number, [name]);
      },
      set(target, name, value) {
        ask('setattr', number, [name, value]);
        return true;
      }
    })
};

module.exports = { visitor, visitorNumber };
