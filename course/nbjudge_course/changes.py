"""What publishing changes: two versions of a problem side by side, in words for its author."""

from collections.abc import Iterator

from nbjudge_course.problem import Limits, Problem, Test
from nbjudge_course.terms import Terms, moment, terms_of

_PLAIN = ("title", "kind", "languages", "libraries")
_TEXTS = ("statement", "starter", "shared")
_GRADING = (
    "kind",
    "shared",
    "setup",
    "tests",
    "rules",
    "files",
    "limits",
    "libraries",
    "languages",
)
"""The fields that a verdict hangs on."""
_TIMES = ("opens_at", "due_at", "closes_at")


def changes(old: Problem, new: Problem) -> list[str]:
    """Return a line for each thing in which two versions of a problem differ."""
    lines = [
        f"{name}: {_shown(getattr(old, name))} -> {_shown(getattr(new, name))}"
        for name in _PLAIN
        if getattr(old, name) != getattr(new, name)
    ]
    lines += [f"{name}: changed" for name in _TEXTS if getattr(old, name) != getattr(new, name)]
    lines += [*_limits(old.limits, new.limits), *_tests(old.tests, new.tests)]
    if old.points != new.points:
        lines.append(f"points: {old.points:g} -> {new.points:g}")
    lines += [
        f"{name}: changed"
        for name in ("setup", "rules", "files")
        if getattr(old, name) != getattr(new, name)
    ]
    if old.given != new.given and not lines:
        lines.append("the notebook that students are given: changed")
    return lines or (["order of the tests: changed"] if old.digest != new.digest else [])


def changes_of_terms(old: Terms, new: Terms) -> list[str]:
    """Return a line for each term of the course that differs."""
    before, after = terms_of(old), terms_of(new)
    lines = []
    for name in Terms.__struct_fields__:
        values: tuple[object, ...] = getattr(before, name), getattr(after, name)
        if values[0] == values[1]:
            continue
        if name in _TIMES:
            values = tuple(
                "-" if at is None else moment(at, after.time_zone)
                for at in (getattr(before, name), getattr(after, name))
            )
        elif name == "late_deduct":
            values = tuple(f"{value:.0%} a day" for value in values)
        lines.append(f"{name.removesuffix('_at')}: {_shown(values[0])} -> {_shown(values[1])}")
    return lines


def alters_verdicts(old: Problem, new: Problem) -> bool:
    """Return whether a submission graded on the old version might get another verdict now."""
    return any(getattr(old, name) != getattr(new, name) for name in _GRADING)


def _limits(old: Limits, new: Limits) -> Iterator[str]:
    for name in Limits.__struct_fields__:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield f"limit {name}: {before:g} -> {after:g}"


def _tests(old: tuple[Test, ...], new: tuple[Test, ...]) -> Iterator[str]:
    before, after = {test.name: test for test in old}, {test.name: test for test in new}
    for name in before.keys() - after.keys():
        yield f"test removed: {name}"
    for name, test in after.items():
        if name not in before:
            yield f"test added: {name} ({test.points:g} points{', hidden' * test.hidden})"
        elif test != before[name]:
            yield f"test changed: {name} ({', '.join(_parts(before[name], test))})"


def _parts(old: Test, new: Test) -> Iterator[str]:
    differing = [n for n in Test.__struct_fields__ if getattr(old, n) != getattr(new, n)]
    for name in differing:
        if name in {"points", "hidden"}:
            yield f"{name} {_shown(getattr(old, name))} -> {_shown(getattr(new, name))}"
        elif name != "line":
            yield {"source": "what it tests"}.get(name, name)
        elif differing == ["line"]:  # else it moved since the lines above it changed
            yield "its place in the cell"


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "-"
    return f"{value:g}" if isinstance(value, float) else str(value)
