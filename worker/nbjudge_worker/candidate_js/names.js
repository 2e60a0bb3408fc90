'use strict';
/** Names of Python's in the manner of JavaScript: `push_back` is also found as `pushBack`. */

/** Return the name as JavaScript would write it. */
const camelCase = name => name.replace(/(?<=[^_])_+([a-zA-Z0-9])/g, (_, letter) => letter.toUpperCase());

/** Return which of the two spellings the object has, else undefined. */
function spelled(object, name) {
  const target = Object(object);
  return [name, camelCase(name)].find(spelling => spelling in target);
}

/** Return the names of a function's parameters, as far as its text tells. */
function parametersOf(callable) {
  const text = Function.prototype.toString.call(callable);
  const isClass = /^class\b/.test(text);
  const own = isClass ? /\bconstructor\s*\(([^)]*)\)/.exec(text)?.[1] : parameterList(text);
  return (own ?? '')
    .split(',')
    .map(part => part.split('=')[0].trim())
    .filter(part => part !== '');
}

function parameterList(text) {
  const single = /^(?:async\s+)?([A-Za-z_$][\w$]*)\s*=>/.exec(text);
  return single ? single[1] : /^[^(]*\(([^)]*)\)/.exec(text)?.[1];
}

module.exports = { camelCase, parametersOf, spelled };
