"""Releasing: students get the statement and the starter, and keep what they have written."""

import json
from pathlib import Path

from nbjudge_course import wire
from nbjudge_course.handout import handout_of
from nbjudge_course.notebook import read_problem
from nbjudge_course.problem import Problem
from nbjudge_course.release import Released, main, release, student_notebook

COURSE = Path(__file__).parents[3] / "course" / "intro"


def text_of(notebook: dict) -> str:
    return "\n".join(cell["source"] for cell in notebook["cells"])


def test_a_student_gets_the_statement_and_a_cell_that_can_be_submitted() -> None:
    notebook = student_notebook(read_problem(COURSE / "two-sum.ipynb"))
    text = text_of(notebook)
    assert "Two numbers that add up" in text
    assert "#| problem: two-sum\ndef two_sum(prices, total)" in text


def test_no_problem_of_the_sample_course_gives_a_test_or_a_solution_away() -> None:
    for path in COURSE.glob("*.ipynb"):
        problem = read_problem(path)
        text = text_of(student_notebook(problem))
        for test in problem.problem.tests:
            asserts = [line for line in test.source.splitlines() if line.startswith("assert")]
            assert not [line for line in asserts if test.hidden and line in text]
        for solution in problem.solutions.values():
            assert solution.strip() not in text


def test_releasing_again_never_overwrites_a_students_work(tmp_path: Path) -> None:
    problem = read_problem(COURSE / "two-sum.ipynb")
    assert dict(release([problem], tmp_path)) == {"two-sum.ipynb": Released.WRITTEN}
    assert dict(release([problem], tmp_path)) == {"two-sum.ipynb": Released.UNCHANGED}

    path = tmp_path / "two-sum.ipynb"
    worked = json.loads(path.read_text("utf-8"))
    worked["cells"][-1]["source"] += "\n# my own work"
    path.write_text(json.dumps(worked), "utf-8")
    assert dict(release([problem], tmp_path)) == {"two-sum.ipynb": Released.KEPT}
    assert "# my own work" in path.read_text("utf-8")


def test_data_files_come_along(tmp_path: Path) -> None:
    released = dict(release([read_problem(COURSE / "bakery.ipynb")], tmp_path))
    assert set(released) == {"bakery.ipynb", "bakery.csv"}
    assert (tmp_path / "bakery.csv").read_bytes() == (COURSE / "bakery.csv").read_bytes()


def test_a_course_that_is_not_there_is_a_message(tmp_path: Path, capsys) -> None:
    assert main([str(tmp_path / "nothing"), str(tmp_path / "out")]) == 1
    assert "nothing" in capsys.readouterr().err


def test_a_starter_in_another_language_says_so_on_the_students_cell(tmp_path):
    raw = "---\nid: sum\ntitle: Sum\nkind: program\nlanguages: [python, c]\n---"
    sources = [
        ("raw", raw),
        ("code", "#| starter\nprint()"),
        ("code", "//| starter\nint main() {}"),
        ("code", "#| test: it runs\nrun()"),
    ]
    cells = [
        {"cell_type": kind, "id": f"c{n}", "metadata": {}, "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for n, (kind, source) in enumerate(sources)
    ]
    path = tmp_path / "sum.ipynb"
    path.write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )

    given = student_notebook(read_problem(path))

    texts = [cell["source"] for cell in given["cells"]]
    assert texts == [
        "#| problem: sum\nprint()",
        "//| problem: sum\n//| language: c\nint main() {}",
    ]
    assert given["metadata"]["kernelspec"]["name"] == "python3"


def test_a_published_problem_gives_students_the_same_notebook_as_a_release() -> None:
    notebook = read_problem(COURSE / "bakery.ipynb")
    stored = wire.decode(wire.encode(notebook.problem), Problem)
    handout = handout_of(stored)
    assert handout.notebook == student_notebook(notebook)
    assert [file.name for file in handout.files] == ["bakery.csv"]


def test_a_problem_that_was_published_without_its_cells_has_a_notebook_all_the_same() -> None:
    old = Problem(
        id="old", title="Old", statement="# Old", shared="x = 1", starter={"python": "y = 2"}
    )
    sources = [cell["source"] for cell in handout_of(old).notebook["cells"]]
    assert sources == ["# Old", "#| shared\nx = 1", "#| problem: old\ny = 2"]
