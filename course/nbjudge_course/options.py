"""The `#|` lines at the top of a cell: its role in the problem, and what goes with the role."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from nbjudge_course.cells import NotebookCell
from nbjudge_course.faults import Faults, meant, nearest

_SLASHES = ("c", "cpp", "java", "javascript", "typescript", "go", "rust", "kotlin", "csharp")
_DASHES = ("sql", "lua", "haskell")
COMMENT_MARKS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(_SLASHES, "//") | dict.fromkeys(_DASHES, "--")
)
"""What begins a comment, by language; `#` in every language that is not here."""


class Role(StrEnum):
    """What a code cell is in a problem. A cell without a role is the author's own."""

    STARTER = "starter"
    """What a student begins with."""
    SOLUTION = "solution"
    """What must be accepted. It never leaves the author's machine."""
    WRONG = "wrong"
    """What must not be accepted, with the verdict that it must get."""
    TEST = "test"
    SETUP = "setup"
    """Runs before the tests, where they run: imports and helpers."""
    SHARED = "shared"
    """Given to students, and runs before their cell."""
    EXAMPLE = "example"
    """Given to students to try; it is no test."""


@dataclass(frozen=True)
class OptionKind:
    """One option of `#|` lines: where it may stand and what it says."""

    meaning: str
    roles: tuple[Role, ...] = ()
    """The roles whose cells may have it; a role itself has none."""
    value: str = ""
    """What stands after the colon, for people; empty when nothing may."""


_SOURCES = (Role.STARTER, Role.SOLUTION, Role.WRONG)
OPTIONS: Mapping[str, OptionKind] = MappingProxyType(
    {
        "starter": OptionKind("the cell that a student begins with"),
        "solution": OptionKind("a right solution: `nbjudge check` sees it accepted"),
        "wrong": OptionKind(
            "a wrong solution, and why: `nbjudge check` sees it get its verdict",
            value="why it is wrong",
        ),
        "test": OptionKind("a test, in Python, in whatever language students write", value="name"),
        "setup": OptionKind("imports and helpers that the tests need; students never see it"),
        "shared": OptionKind("given to students as well, and run before their cell"),
        "example": OptionKind("given to students to try; it is no test"),
        "points": OptionKind(
            "what the test is worth; 1 when nothing is said", (Role.TEST,), "number"
        ),
        "hidden": OptionKind(
            "students see the test's name and hint, nothing else", (Role.TEST,), "true or false"
        ),
        "hint": OptionKind("shown to a student who fails the test", (Role.TEST,), "text"),
        "verdict": OptionKind("the verdict that it must get", (Role.WRONG,), "status"),
        "language": OptionKind("the language of the cell", _SOURCES, "name"),
    }
)
"""Every option there is: the role names first."""


@dataclass(frozen=True)
class Option:
    """The value of one option and where it stands."""

    value: str
    line: int


@dataclass(frozen=True)
class RoleCell:
    """A code cell with a role, its `#|` lines taken off and understood."""

    number: int
    role: Role
    mark: str
    """The comment mark of its `#|` lines."""
    label: str
    """What stands after the role: a test's name, or why a wrong solution is wrong."""
    options: Mapping[str, Option]
    source: str
    line: int
    """The line of the cell at which `source` begins."""

    def get(self, name: str) -> str | None:
        """Return the value of an option, or None when it is not there."""
        option = self.options.get(name)
        return None if option is None else option.value

    def line_of(self, name: str) -> int:
        """Return the line on which an option stands; the first line when it does not."""
        option = self.options.get(name)
        return 1 if option is None else option.line


_LINE = re.compile(r"^(#|//|--)\|(?P<text>.*)$")
_OPTION = re.compile(r"^\s?(?P<name>[^\s:]+)\s*(?::\s*(?P<value>.*))?$")
_CONTINUED = re.compile(r"^\s{2,}(?P<text>\S.*)$")


def comment_mark(language: str) -> str:
    """Return what begins a comment in the language."""
    return COMMENT_MARKS.get(language, "#")


def read_role(cell: NotebookCell, faults: Faults) -> RoleCell | None:
    """Read the `#|` lines of a code cell; None when it has none. What is wrong goes to faults."""
    lines = cell.source.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    end = first
    while end < len(lines) and _LINE.match(lines[end]):
        end += 1
    _check_below(cell, lines, end, faults)
    if end == first:
        return None
    mark = lines[first].partition("|")[0]
    block = _Block(cell.number, faults)
    for number in range(first, end):
        block.read(lines[number].partition("|")[2], number + 1)
    role = block.role()
    if role is None:
        return None
    while end < len(lines) and not lines[end].strip():
        end += 1
    source = "\n".join(lines[end:]).rstrip()
    options = MappingProxyType(block.options)
    label = options[role].value
    return RoleCell(cell.number, role, mark, label, options, source, end + 1)


@dataclass
class _Block:
    """The `#|` lines of one cell, while they are read."""

    cell: int
    faults: Faults
    options: dict[str, Option] = field(default_factory=dict)
    _last: str | None = None

    def read(self, text: str, line: int) -> None:
        """Read what stands behind the bar of one line."""
        continued = _CONTINUED.match(text)
        if continued and self._last is not None:
            before = self.options[self._last]
            joined = f"{before.value} {continued['text'].strip()}".strip()
            self.options[self._last] = Option(joined, before.line)
            return
        match = _OPTION.match(text.rstrip())
        if match is None or match["name"] not in OPTIONS:
            self._refuse(text.strip(), match, line)
            return
        name, value = match["name"], match["value"]
        if name == Role.WRONG and value is not None:
            value = self._split_verdict(value, line)
        self._put(name, value, line)

    def role(self) -> Role | None:
        """Return the one role of the cell, when all of its lines fit together."""
        roles = [name for name in self.options if name in list(Role)]
        if len(roles) != 1:
            said = "no role" if not roles else " and ".join(f"`{role}`" for role in roles)
            names = ", ".join(Role)
            self.faults.add(
                f"its `#|` lines say {said}; a cell has one role of {names}", cell=self.cell, line=1
            )
            return None
        role = Role(roles[0])
        for name, option in self.options.items():
            fits = OPTIONS[name].roles
            if name != role and role not in fits:
                self.faults.add(
                    f"`{name}` belongs to a cell with the role {' or '.join(fits)}, "
                    f"this is a {role} cell",
                    cell=self.cell,
                    line=option.line,
                )
        return role

    def _put(self, name: str, value: str | None, line: int) -> None:
        wanted = OPTIONS[name].value
        if name in self.options:
            self._fault(f"`{name}` is said twice in this cell; keep one of them", line)
        elif value and not wanted:
            self._fault(f"`{name}` takes no value; write only `{name}`", line)
        elif not value and wanted and name != "hidden":
            self._fault(f"`{name}` needs a value: `{name}: {wanted}`", line)
        self.options[name] = Option(_unquoted(value or ""), line)
        self._last = name

    def _split_verdict(self, value: str, line: int) -> str:
        """Take `, verdict: ...` off the end of why a solution is wrong."""
        why, comma, rest = value.rpartition(",")
        match = _OPTION.match(rest.strip())
        if not comma or match is None or match["value"] is None or " " in match["value"].strip():
            return value
        if match["name"] in OPTIONS:
            self._put(match["name"], match["value"], line)
        elif nearest(match["name"], OPTIONS):
            self._refuse(rest.strip(), match, line)
        else:
            return value
        return why.strip()

    def _refuse(self, text: str, match: re.Match[str] | None, line: int) -> None:
        self._last = None
        if match is None:
            self._fault(f"`#| {text}` is no option: write `#| name: value`", line)
            return
        name = match["name"]
        if name == "problem":
            self._fault("`problem` marks a student's cell; here the cell is a `starter`", line)
            return
        self._fault(f"`#| {name}` is not an option{meant(name, OPTIONS)}", line)
        near = nearest(name, OPTIONS)
        if near:  # it is read as what was meant, so that one slip is one fault
            value = match["value"] or ""
            value = self._split_verdict(value, line) if near == Role.WRONG else value
            self.options.setdefault(near, Option(_unquoted(value), line))

    def _fault(self, message: str, line: int) -> None:
        self.faults.add(message, cell=self.cell, line=line)


def _check_below(cell: NotebookCell, lines: list[str], end: int, faults: Faults) -> None:
    """A known option further down was meant to stand at the top."""
    for number in range(end, len(lines)):
        match = _LINE.match(lines[number])
        option = _OPTION.match(match["text"].rstrip()) if match else None
        if option and option["name"] in OPTIONS:
            faults.add(
                f"`#| {option['name']}` stands below other lines; move it to the top of the cell",
                cell=cell.number,
                line=number + 1,
            )


def _unquoted(value: str) -> str:
    value = value.strip()
    quote = value[:1]
    if quote in {'"', "'"} and len(value) > 1 and value.endswith(quote):
        inner = value[1:-1]
        return value if quote in inner else inner
    return value
