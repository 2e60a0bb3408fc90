"""The tours in notebooks/: what they tell people to do works."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbjudge_course.notebook import read_problem
from nbjudge_course.release import student_notebook

ROOT = Path(__file__).parents[3]
TOURS = ROOT / "notebooks"


def test_every_cell_of_the_students_tour_names_a_problem_that_there_is() -> None:
    cells = json.loads((TOURS / "student-tour.ipynb").read_text("utf-8"))["cells"]
    sources = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    named = [m[1] for s in sources if (m := re.match(r"(?:#\| problem:|%%submit) ?([\w-]+)", s))]
    assert len(named) == 4
    assert all((ROOT / "course" / "intro" / f"{name}.ipynb").exists() for name in named)


def test_the_instructors_tour_is_a_problem_whose_notes_stay_with_the_author() -> None:
    tour = read_problem(TOURS / "instructor-tour.ipynb")
    assert [test.hidden for test in tour.problem.tests] == [False, True]
    released = repr(student_notebook(tour))
    assert "Twice as much" in released
    assert "tour explains" not in released
    assert "instructor" not in released.lower()


def test_the_instructors_tour_passes_run_all_and_grades(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    path = Path(shutil.copy(TOURS / "instructor-tour.ipynb", tmp_path))
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=100, resources={"metadata": {"path": str(tmp_path)}}).execute()
    printed = "".join(
        output.get("text", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "tour-right.py: accepted 3/3" in printed
    assert "tour-wrong.py: wrong_answer 0/3" in printed
