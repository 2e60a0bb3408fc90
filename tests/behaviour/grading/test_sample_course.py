"""The sample course does what it says: solutions are accepted, each wrong one gets its verdict."""

from pathlib import Path

import pytest
from nbjudge_course.course_file import read_course
from nbjudge_course.notebook import read_problem
from nbjudge_course.verdict import Status
from nbjudge_worker.grade import SandboxedGrader

COURSE = Path(__file__).parents[3] / "course" / "intro"
NOTEBOOKS = {path.stem: path for _, path in read_course(COURSE).notebooks()}
WRONG = [(name, wrong) for name, path in NOTEBOOKS.items() for wrong in read_problem(path).wrong]


def test_every_notebook_is_in_the_course() -> None:
    assert set(NOTEBOOKS) == {path.stem for path in COURSE.glob("*.ipynb")}
    assert len(NOTEBOOKS) >= 12


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_solution_is_accepted(grader: SandboxedGrader, name: str) -> None:
    notebook = read_problem(NOTEBOOKS[name])
    assert notebook.solutions
    for language, source in notebook.solutions.items():
        verdict = grader.grade(notebook.problem, source, language)
        assert verdict.status is Status.ACCEPTED, verdict


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_starter_is_not_accepted(grader: SandboxedGrader, name: str) -> None:
    problem = read_problem(NOTEBOOKS[name]).problem
    for language, source in problem.starter.items():
        assert grader.grade(problem, source, language).points < problem.points


@pytest.mark.parametrize(("name", "wrong"), WRONG, ids=[f"{name}: {w.why}" for name, w in WRONG])
def test_a_wrong_solution_gets_its_verdict(grader: SandboxedGrader, name: str, wrong) -> None:
    verdict = grader.grade(read_problem(NOTEBOOKS[name]).problem, wrong.source, wrong.language)
    assert verdict.status is not Status.ACCEPTED
    assert wrong.verdict in (verdict.status, verdict.cause), verdict


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_there_are_public_and_hidden_tests_and_two_wrong_solutions(name: str) -> None:
    notebook = read_problem(NOTEBOOKS[name])
    assert {test.hidden for test in notebook.problem.tests} == {True, False}
    assert all(test.hint for test in notebook.problem.tests if test.hidden)
    assert len(notebook.wrong) >= 2
