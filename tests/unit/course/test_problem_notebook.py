"""Problem notebooks: what is read from them, and what is told of the ones that are wrong."""

import json
from pathlib import Path

import pytest
from nbjudge_course.faults import BadNotebook
from nbjudge_course.notebook import read_problem
from nbjudge_course.verdict import Status

FRONT = "---\nid: double\ntitle: Twice\n---"
STARTER = "#| starter\ndef double(n): ..."
SOLUTION = "#| solution\ndef double(n):\n    return 2 * n"
TEST = "#| test: small\nassert double(4) == 8"
HIDDEN = "#| test: below zero\n#| points: 2\n#| hidden: true\n#| hint: What is twice -3?\nassert double(-3) == -6"
WRONG = "#| wrong: adds two, verdict: wrong_answer\ndef double(n):\n    return n + 2"


def notebook(folder: Path, *cells: str, front: str = FRONT) -> Path:
    made = [{"cell_type": "raw", "id": "c0", "metadata": {}, "source": front}]
    for number, source in enumerate(cells, start=1):
        kind = "markdown" if source.startswith("# ") else "code"
        cell = {"cell_type": kind, "id": f"c{number}", "metadata": {}, "source": source}
        if kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        made.append(cell)
    path = folder / "double.ipynb"
    content = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content), "utf-8")
    return path


def faults(path: Path) -> str:
    with pytest.raises(BadNotebook) as caught:
        read_problem(path)
    return str(caught.value)


def test_a_whole_problem_is_read(tmp_path: Path) -> None:
    path = notebook(tmp_path, "# Twice\n\nDouble it.", STARTER, SOLUTION, TEST, HIDDEN, WRONG)
    read = read_problem(path)
    problem = read.problem
    assert (problem.id, problem.title, problem.points) == ("double", "Twice", 3.0)
    assert [(test.name, test.points, test.hidden) for test in problem.tests] == [
        ("small", 1.0, False),
        ("below zero", 2.0, True),
    ]
    assert problem.tests[1].hint == "What is twice -3?"
    assert "Double it." in problem.statement
    assert read.wrong[0].verdict is Status.WRONG_ANSWER
    assert list(read.solutions) == ["python"]


def test_solutions_and_wrong_solutions_are_not_part_of_what_is_published(tmp_path: Path) -> None:
    problem = read_problem(notebook(tmp_path, STARTER, SOLUTION, TEST, WRONG)).problem
    assert "2 * n" not in repr(problem)
    assert "n + 2" not in repr(problem)


def test_the_digest_changes_with_the_content_and_with_nothing_else(tmp_path: Path) -> None:
    one = read_problem(notebook(tmp_path, STARTER, SOLUTION, TEST)).problem.digest
    same = read_problem(notebook(tmp_path, STARTER, SOLUTION, TEST)).problem.digest
    other = read_problem(notebook(tmp_path, STARTER, SOLUTION, HIDDEN)).problem.digest
    assert one == same != other


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((STARTER, SOLUTION, "#| test: a\n#| pionts: 2\nassert 1"), "did you mean `points`"),
        ((STARTER, SOLUTION, TEST, "#| wrong: x, verdit: wrong_answer\npass"), "verdict"),
        ((STARTER, SOLUTION, TEST, "#| wrong: x, verdict: wrong_anser\npass"), "wrong_answer"),
        ((STARTER, SOLUTION, "#| test: a\n#| points: many\nassert 1"), "many"),
    ],
)
def test_a_slip_is_told_with_its_cell_and_what_was_meant(
    tmp_path: Path, cells: tuple[str, ...], said: str
) -> None:
    told = faults(notebook(tmp_path, *cells))
    assert said in told
    assert "cell " in told
    assert "double.ipynb" in told


@pytest.mark.parametrize(
    "cell",
    [
        "#| wronk: x, verdict: wrong_answer\npass",
        "#| wrong: x, verdit: wrong_answer\npass",
        "#| wrong: x\n#| verdit: wrong_answer\npass",
        "#| tset: a\n#| points: 2\nassert 1",
    ],
)
def test_one_slip_is_one_fault(tmp_path: Path, cell: str) -> None:
    told = faults(notebook(tmp_path, STARTER, SOLUTION, TEST, cell))
    assert len(told.splitlines()) == 1
    assert "cell 5, line" in told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    told = faults(
        notebook(tmp_path, STARTER, "#| tset: a\nassert 1", "#| test: b\n#| hiden: true\nassert 1")
    )
    assert len(told.splitlines()) >= 2


@pytest.mark.parametrize(
    "front",
    [
        "",
        "no front matter",
        "---\nid: Double Trouble\ntitle: x\n---",
        "---\nid: [1\n---",
        "---\nidd: double\n---",
    ],
)
def test_bad_front_matter_is_a_message(tmp_path: Path, front: str) -> None:
    assert "double.ipynb" in faults(notebook(tmp_path, STARTER, SOLUTION, TEST, front=front))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"cells": 3}', "\x00\x01"])
def test_a_file_that_is_no_notebook_is_a_message(tmp_path: Path, text: str) -> None:
    path = tmp_path / "double.ipynb"
    path.write_text(text, "utf-8")
    assert "double.ipynb" in faults(path)


def test_a_missing_file_is_a_message(tmp_path: Path) -> None:
    assert "nowhere.ipynb" in faults(tmp_path / "nowhere.ipynb")


def test_a_function_is_written_in_python_or_javascript_only(tmp_path: Path) -> None:
    front = FRONT.replace("title", "languages: [python, c]\ntitle")
    said = faults(notebook(tmp_path, STARTER, SOLUTION, TEST, front=front))
    assert "a function is written in python and javascript, not in c" in said
