"""Assignments of other graders with the points that those gave, and how they come out here."""

import json
from collections import defaultdict
from pathlib import Path

from nbjudge_course.importers.running import Found, Importer
from nbjudge_course.notebook import read_problem

DATA = Path(__file__).parents[1] / "material" / "data"


def expected(suite: str) -> list[dict]:
    return json.loads((DATA / suite / "expect.json").read_text())["cases"]


def imported(importer: Importer, path: Path, out: Path):
    """Import a notebook as the command does; return it as `nbjudge publish` reads it."""
    from nbjudge_course.importers.assignment import encoded

    found = Found(path, "imported")
    notebook = out / "imported.ipynb"
    notebook.write_bytes(encoded(importer.translate(found)))
    return found, read_problem(notebook).problem


def points_by_question(verdict) -> dict[str, float]:
    """Return the points of each question or cell; `q1 (2 of 3)` belongs to `q1`."""
    points: dict[str, float] = defaultdict(float)
    for test in verdict.tests:
        points[test.name.partition(" (")[0]] += test.points
    return {name: round(value, 5) for name, value in points.items()}
