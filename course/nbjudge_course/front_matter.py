"""The front matter of a problem notebook: YAML between `---` lines in its first, raw cell."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import msgspec
import yaml

from nbjudge_course import quantities
from nbjudge_course.cells import NotebookCell
from nbjudge_course.faults import Faults, meant
from nbjudge_course.languages import LANGUAGES_OF
from nbjudge_course.problem import File, Kind, Limits, ProblemId, Rule
from nbjudge_course.submission import Language

T = TypeVar("T")
D = TypeVar("D")

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "id": "the name of the problem in `#| problem:` lines and addresses: `two-sum`",
        "title": "what people call it",
        "points": "all points together; tests that say none share what is left of them",
        "kind": "`function`: tests call what students define; `program`: tests run what they write",
        "languages": "a list of languages that students may choose from",
        "limits": "what a student's code may use",
        "libraries": "modules to hold ready, such as numpy",
        "files": "data files beside the notebook, for the working folder of students' code",
        "forbid": "constructs that a source may not use",
        "require": "constructs that a source must use",
    }
)
LIMITS: Mapping[str, str] = MappingProxyType(
    {
        "cpu": "cpu_seconds",
        "time": "cpu_seconds",
        "wall": "wall_seconds",
        "memory": "memory_bytes",
        "processes": "processes",
        "output": "output_bytes",
        "files": "file_bytes",
    }
)
"""The fields of Limits by the words of the front matter."""

_WALL_PER_CPU = Limits().wall_seconds / Limits().cpu_seconds


@dataclass(frozen=True)
class FrontMatter:
    """What the first cell says of a problem."""

    id: str
    title: str
    points: float | None = None
    kind: Kind = Kind.FUNCTION
    languages: tuple[str, ...] = ("python",)
    limits: Limits = field(default_factory=Limits)
    libraries: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    rules: tuple[Rule, ...] = ()


def read_front_matter(cell: NotebookCell, folder: Path, faults: Faults) -> FrontMatter | None:
    """Read the first cell; None, and a fault, when it is no front matter at all.

    Files named in it are read from the folder.
    """
    if cell.kind != "raw":
        faults.add(
            "a problem begins with a raw cell that holds `id:` and `title:` between `---` lines; "
            f"this is a {cell.kind} cell",
            cell=cell.number,
        )
        return None
    lines = cell.source.strip("\n").split("\n")
    if len(lines) < 2 or lines[0].rstrip() != "---" or lines[-1].rstrip() != "---":
        faults.add("the front matter stands between two lines `---`", cell=cell.number)
        return None
    return _Reader(cell, folder, faults).read("\n".join(["", *lines[1:-1]]))


class _Reader:
    """Reads one front matter; the line numbers of YAML are those of the cell, less one."""

    def __init__(self, cell: NotebookCell, folder: Path, faults: Faults) -> None:
        self._cell = cell
        self._offset = 1 + len(cell.source) - len(cell.source.lstrip("\n"))
        self._folder = folder
        self._faults = faults

    def read(self, text: str) -> FrontMatter | None:
        """Read all fields of the YAML text."""
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + self._offset if mark else None
            self._faults.add(f"this is no YAML: {error.problem}", cell=self._cell.number, line=line)
            return None
        except yaml.YAMLError as error:
            self._faults.add(f"this is no YAML: {error}", cell=self._cell.number)
            return None
        if not isinstance(root, yaml.MappingNode):
            self._faults.add("the front matter has lines `name: value`", cell=self._cell.number)
            return None
        nodes = self._mapping(root, FIELDS, "a field of the front matter")
        return self._front_matter(nodes)

    def _front_matter(self, nodes: dict[str, yaml.Node]) -> FrontMatter:
        for name in ("id", "title"):
            if name not in nodes:
                self._faults.add(f"`{name}` is missing: {FIELDS[name]}", cell=self._cell.number)
        limits = nodes.get("limits")
        kind = self._one(nodes, "kind", _kind, Kind.FUNCTION)
        rules = [rule for demand in ("forbid", "require") for rule in self._rules(nodes, demand)]
        return FrontMatter(
            id=self._one(nodes, "id", _problem_id, ""),
            title=self._one(nodes, "title", _text, ""),
            points=self._one(nodes, "points", points, None),
            kind=kind,
            languages=self._languages(nodes, kind) or ("python",),
            limits=self._limits(limits) if limits is not None else Limits(),
            libraries=self._many(nodes, "libraries", _module),
            files=self._many(nodes, "files", self._file),
            rules=tuple(rules),
        )

    def _languages(self, nodes: dict[str, yaml.Node], kind: Kind) -> tuple[str, ...]:
        languages = self._many(nodes, "languages", _language)
        known = LANGUAGES_OF[kind]
        for language in languages:
            if language not in known:
                many = " and ".join((", ".join(known[:-1]), known[-1]))
                self._fault(nodes["languages"], f"a {kind} is written in {many}, not in {language}")
        return languages

    def _one(
        self, nodes: dict[str, yaml.Node], name: str, read: Callable[[str], T], default: D
    ) -> T | D:
        node = nodes.get(name)
        value = self._scalar(node, f"`{name}`", read) if node is not None else None
        return default if value is None else value

    def _many(
        self, nodes: dict[str, yaml.Node], name: str, read: Callable[[str], T]
    ) -> tuple[T, ...]:
        node = nodes.get(name)
        values = (self._scalar(item, f"`{name}`", read) for item in _items(node))
        return tuple(value for value in values if value is not None)

    def _scalar(self, node: yaml.Node, what: str, read: Callable[[str], T]) -> T | None:
        if not isinstance(node, yaml.ScalarNode):
            self._fault(node, f"{what} is one value, not a list or a mapping")
            return None
        try:
            return read(node.value)
        except ValueError as error:
            self._fault(node, f"{what}: {error}")
            return None

    def _mapping(
        self, node: yaml.MappingNode, known: Mapping[str, str], what: str
    ) -> dict[str, yaml.Node]:
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name not in known:
                self._fault(key, f"`{name}` is not {what}{meant(name, known)}")
            elif name in found:
                self._fault(key, f"`{name}` is said twice; keep one of them")
            else:
                found[name] = value
        return found

    def _limits(self, node: yaml.Node) -> Limits:
        if not isinstance(node, yaml.MappingNode):
            self._fault(node, "`limits` has lines such as `cpu: 2s` and `memory: 256MB`")
            return Limits()
        values: dict[str, float | int] = {}
        for word, value in self._mapping(node, LIMITS, "a limit").items():
            name = LIMITS[word]
            if name in values:
                self._fault(value, "`time` and `cpu` are the same limit; keep one of them")
            amount = self._scalar(value, f"`{word}`", partial(_limit, name))
            if amount is not None:
                values[name] = amount
        if "cpu_seconds" in values and "wall_seconds" not in values:
            values["wall_seconds"] = min(600.0, values["cpu_seconds"] * _WALL_PER_CPU)
        return msgspec.convert(values, Limits)

    def _rules(self, nodes: dict[str, yaml.Node], demand: str) -> Iterator[Rule]:
        for node in _items(nodes.get(demand)):
            if isinstance(node, yaml.MappingNode):
                known = {"what": "", "message": ""}
                parts = self._mapping(node, known, f"a part of `{demand}`")
                what = self._one(parts, "what", _text, "")
                if not what:
                    self._fault(node, f"`{demand}` needs `what:`, such as `for` or `sort()`")
                yield Rule(demand=demand, what=what, message=self._one(parts, "message", _text, ""))
            else:
                text = self._scalar(node, f"`{demand}`", _text)
                if text is not None:
                    yield Rule(demand=demand, what=text)

    def _file(self, name: str) -> File:
        path = self._folder / name
        try:
            file = File(name=path.name, content=path.read_bytes())
            msgspec.convert({"name": file.name, "content": b""}, File)
        except OSError as error:
            raise ValueError(f"{name!r} cannot be read: {error.strerror}") from error
        except msgspec.ValidationError as error:
            raise ValueError(f"{name!r} is no plain file name") from error
        return file

    def _fault(self, node: yaml.Node, message: str) -> None:
        line = node.start_mark.line + self._offset
        self._faults.add(message, cell=self._cell.number, line=line)


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    if node is None:
        return []
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text.strip()


def _problem_id(text: str) -> str:
    try:
        return msgspec.convert(text, ProblemId)
    except msgspec.ValidationError as error:
        raise ValueError(
            f"{text!r} is no id; an id has lower-case letters, digits, `.`, `_` and `-`, "
            "begins and ends with a letter or digit, and has at most 64 characters"
        ) from error


def points(text: str) -> float:
    """Return a number of points. Raise ValueError when it is none."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e9:
        raise ValueError(f"{text!r} is no number of points, such as 2 or 0.5")
    return number


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no kind{meant(text, Kind)}") from error


def _language(text: str) -> str:
    try:
        return msgspec.convert(text, Language)
    except msgspec.ValidationError as error:
        raise ValueError(f"{text!r} is no language, such as python or c") from error


def _module(text: str) -> str:
    if not all(part.isidentifier() for part in text.split(".")):
        raise ValueError(f"{text!r} is no name of a module, such as numpy")
    return text


def _limit(name: str, text: str) -> float | int:
    """Read one limit of Limits in its unit and hold it against its bounds."""
    amount: float | int
    if name.endswith("_seconds"):
        amount = quantities.seconds(text)
    elif name.endswith("_bytes"):
        amount = quantities.size_bytes(text)
    else:
        amount = _whole(text)
    try:
        msgspec.convert({name: amount}, Limits)
    except msgspec.ValidationError as error:
        raise ValueError(f"{text} is out of bounds: {str(error).partition(' - ')[0]}") from error
    return amount


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"{text!r} is no whole number")
    return int(text)
