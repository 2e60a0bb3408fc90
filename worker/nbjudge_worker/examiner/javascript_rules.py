"""Rules on a source in JavaScript, told by its words: there is no parser here, and none is needed.

Comments, texts and regular expressions count for nothing; what a template computes is not seen.
"""

import itertools
import re
from collections.abc import Callable

_TOKENS = re.compile(
    r"""(?P<skip>//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)
    |(?P<regex>(?<=[=(,:\[!&|?{};\n])\s*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
    |(?P<word>[A-Za-z_$][\w$]*)
    |(?P<sign>=>|\?\.|[^\s\w])""",
    re.DOTALL | re.VERBOSE,
)
_LITERAL = re.compile(r"""(?:\bimport\b[^'"\n]*|\brequire\s*\(\s*)['"](?:node:)?([\w@/.-]+)['"]""")
_WORDS = {
    "for": {"for"},
    "while": {"while", "do"},
    "loop": {"for", "while", "do"},
    "lambda": {"=>"},
    "class": {"class"},
    "def": {"function", "=>"},
    "function": {"function", "=>"},
    "if": {"if", "?"},
    "try": {"try"},
    "import": {"import", "require"},
    "yield": {"yield"},
    "generator": {"yield"},
    "return": {"return"},
    "raise": {"throw"},
    "del": {"delete"},
    "break": {"break"},
    "continue": {"continue"},
}
_SPELLING = re.compile(r"(?<=[^_])_+([a-zA-Z0-9])")


def constructs(source: str) -> Callable[[str], bool]:
    """Return what tells whether the source uses a construct or a name."""
    tokens = [m[0] for m in _TOKENS.finditer(source) if m.lastgroup in ("word", "sign")]

    def uses(what: str) -> bool:
        if what == "recursion":
            return _recursive(tokens)
        if what in _WORDS:
            return not _WORDS[what].isdisjoint(tokens)
        if what.startswith("import "):
            return what.removeprefix("import ").strip() in _LITERAL.findall(source)
        name = what.removesuffix("()")
        places = [n for n, word in enumerate(tokens) if word in (name, _camel_case(name))]
        return any(not what.endswith("()") or tokens[n + 1 : n + 2] == ["("] for n in places)

    return uses


def _camel_case(name: str) -> str:
    return _SPELLING.sub(lambda found: found[1].upper(), name)


def _recursive(tokens: list[str]) -> bool:
    """Tell whether some named function reaches itself through calls."""
    bodies = dict(_functions(tokens))
    calls = {
        name: {n for n in bodies if _calls(tokens[start:end], n)}
        for name, (start, end) in bodies.items()
    }
    for name in bodies:
        reached, waiting = set[str](), set(calls[name])
        while waiting:
            reached |= waiting
            waiting = set().union(*(calls[n] for n in waiting)) - reached
        if name in reached:
            return True
    return False


def _calls(body: list[str], name: str) -> bool:
    return any(pair == (name, "(") for pair in itertools.pairwise(body))


def _functions(tokens: list[str]) -> list[tuple[str, tuple[int, int]]]:
    """Return named functions with where their bodies begin and end."""
    found = []
    for place, word in enumerate(tokens[:-2]):
        following = tokens[place + 1 : place + 3]
        if word == "function" and following[0] == "*":
            found.append((following[1], _body(tokens, place + 3)))
        elif word == "function" and following[0] != "(":
            found.append((following[0], _body(tokens, place + 2)))
        elif word in ("const", "let", "var") and following[1] == "=":
            found.append((following[0], _body(tokens, place + 3)))
    return found


def _body(tokens: list[str], start: int) -> tuple[int, int]:
    """Return the extent of a function: to the end of its braces, or of its statement."""
    depth, braces = 0, False
    for place in range(start, len(tokens)):
        word = tokens[place]
        if word in ("{", "(", "["):
            depth += 1
            braces = braces or word == "{"
        elif word in ("}", ")", "]"):
            depth -= 1
            if depth == 0 and word == "}" and braces:
                return start, place
        elif word == ";" and depth == 0:
            return start, place
    return start, len(tokens)
