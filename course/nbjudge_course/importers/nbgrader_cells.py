"""What nbgrader says of a cell: its metadata, schema version 1 to 3, and regions in its text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from nbjudge_course.faults import Faults
from nbjudge_course.importers.source import SourceCell

NEWEST_SCHEMA = 3
CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
_ID = re.compile(r"^[A-Za-z0-9_-]+$")
_MARK = re.compile(
    r"^\s*#+\s*(?P<end>BEGIN|END) (?P<what>SOLUTION|HIDDEN TESTS|ALWAYS HIDDEN TESTS|MARK SCHEME)"
)


class Use(StrEnum):
    """What a cell is for."""

    TEST = "test"
    ANSWER = "answer"
    MANUAL = "manual"
    TASK = "task"
    READ_ONLY = "read-only"
    PLAIN = "plain"


@dataclass(frozen=True)
class GraderCell:
    """One cell and what nbgrader does with it."""

    cell: SourceCell
    use: Use
    id: str = ""
    points: float = 0.0


def read_uses(cells: Sequence[SourceCell], faults: Faults) -> list[GraderCell]:
    """Return what each cell is for; what is wrong goes to the faults."""
    found = [read_use(cell, faults) for cell in cells]
    seen: dict[str, int] = {}
    for each in found:
        if each.id and each.id in seen:
            faults.add(
                f"cell {seen[each.id]} has the same grade_id {each.id!r}; give one of them another "
                "in nbgrader's Create Assignment toolbar",
                cell=each.cell.number,
            )
        seen.setdefault(each.id, each.cell.number)
    return found


def read_use(cell: SourceCell, faults: Faults) -> GraderCell:
    """Return what one cell is for."""
    said = cell.metadata.get("nbgrader")
    if not isinstance(said, dict) or not said:
        _check_regions(cell, Use.PLAIN, faults)
        return GraderCell(cell, Use.PLAIN)
    if not _known_schema(said.get("schema_version", 0), cell, faults):
        return GraderCell(cell, Use.PLAIN)
    use = _use(said)
    name = said.get("grade_id", "")
    if use is not Use.PLAIN and not (isinstance(name, str) and _ID.match(name)):
        faults.add(
            f"its grade_id {name!r} is none: letters, digits, `_` and `-`; "
            "set it in nbgrader's Create Assignment toolbar",
            cell=cell.number,
        )
        name = ""
    if use is Use.TEST and cell.kind != "code":
        faults.add(
            f"`{name}` is graded by running it, but is a {cell.kind} cell; make it a code cell, or "
            "one that is graded by hand",
            cell=cell.number,
        )
    points = _points(said, use, name, cell, faults)
    _check_regions(cell, use, faults)
    return GraderCell(cell, use, str(name) if use is not Use.PLAIN else "", points)


def without(source: str, what: str) -> str:
    """Return the source without the regions of this kind and their marks."""
    return "\n".join(line for line, region in _regions(source) if region not in (what, f"={what}"))


def has_region(source: str, what: str) -> bool:
    """Return whether the source has a region of this kind."""
    return any(region == f"={what}" for _, region in _regions(source))


def starter_of(source: str) -> str:
    """Return what students get of an answer: its solution regions, or all of it, are a stub."""
    if "raise NotImplementedError()" in source or "YOUR CODE HERE" in source:
        return source
    if not has_region(source, "SOLUTION"):
        return CODE_STUB
    lines: list[str] = []
    for line, region in _regions(source):
        if region == "=SOLUTION" and "BEGIN" in line:
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + stub for stub in CODE_STUB.split("\n")]
        elif region not in ("SOLUTION", "=SOLUTION"):
            lines.append(line)
    return "\n".join(lines)


def without_marks(source: str) -> str:
    """Return the source without the lines that begin or end a region."""
    return "\n".join(line for line, region in _regions(source) if not region.startswith("="))


def _regions(source: str) -> list[tuple[str, str]]:
    """Return each line with the region it is in; `=REGION` for the marks of the region."""
    found = []
    inside = ""
    for line in source.split("\n"):
        mark = _MARK.match(line)
        if mark is None:
            found.append((line, inside))
            continue
        inside = mark["what"] if mark["end"] == "BEGIN" else ""
        found.append((line, f"={mark['what']}"))
    return found


def _known_schema(version: object, cell: SourceCell, faults: Faults) -> bool:
    if isinstance(version, int) and 0 <= version <= NEWEST_SCHEMA:
        return True
    faults.add(
        f"its nbgrader metadata is of schema version {version!r}; versions up to {NEWEST_SCHEMA} "
        "are understood; save it with nbgrader 0.9 or older",
        cell=cell.number,
    )
    return False


def _use(said: dict[str, object]) -> Use:
    grade, solution = said.get("grade") is True, said.get("solution") is True
    if said.get("task") is True:
        return Use.TASK
    if grade:
        return Use.MANUAL if solution else Use.TEST
    if solution:
        return Use.ANSWER
    return Use.READ_ONLY if said.get("locked") is True else Use.PLAIN


def _points(
    said: dict[str, object], use: Use, name: object, cell: SourceCell, faults: Faults
) -> float:
    if use not in {Use.TEST, Use.MANUAL, Use.TASK}:
        return 0.0
    points = said.get("points")
    try:
        number = float(points) if isinstance(points, (int, float, str)) else -1.0
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e9:
        said_so = "has no points" if points is None else f"has {points!r} points"
        faults.add(
            f"`{name}` is graded, but {said_so}; give it a number of points in nbgrader's "
            "Create Assignment toolbar",
            cell=cell.number,
        )
        return 0.0
    return number


_PLACES = {
    "SOLUTION": {Use.ANSWER, Use.MANUAL},
    "HIDDEN TESTS": {Use.TEST},
    "ALWAYS HIDDEN TESTS": {Use.TEST},
    "MARK SCHEME": {Use.MANUAL, Use.TASK},
}


def _check_regions(cell: SourceCell, use: Use, faults: Faults) -> None:
    inside = ""
    for number, line in enumerate(cell.source.split("\n"), start=1):
        mark = _MARK.match(line)
        if mark is None:
            continue
        what, begins = mark["what"], mark["end"] == "BEGIN"
        if use not in _PLACES[what]:
            names = " or ".join(sorted(_PLACES[what]))
            message = (
                f"a region {what} in a {use} cell; it belongs into a cell of nbgrader's for {names}"
            )
            if begins:
                faults.add(message, cell=cell.number, line=number)
        elif begins == bool(inside) or (not begins and inside != what):
            faults.add(
                f"{mark['end']} {what} has no partner; write BEGIN and END in turn",
                cell=cell.number,
                line=number,
            )
        inside = what if begins else ""
    if inside and use in _PLACES[inside]:
        faults.add(f"BEGIN {inside} has no END {inside}; write it", cell=cell.number)
