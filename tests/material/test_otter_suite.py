"""Assignments of Otter's own tests and tutorial: each submission gets the points that Otter gave."""

import pytest
from graders import opened_grader
from nbjudge_course.importers.otter import Otter
from other_graders import DATA, expected, imported, points_by_question

CASES = [(case["case"].removeprefix("master/"), case) for case in expected("otter-suite")]
"""Recorded with NumPy 1.26 for `demo`. With NumPy 2 Otter itself takes half a point away from its
author's solution, because NumPy shows a boolean in another way; here both ways are the same."""


@pytest.fixture(scope="module")
def bubblewrap():
    with opened_grader("bubblewrap") as grader:
        yield grader


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{n}/{c['submission']}" for n, c in CASES])
def test_a_submission_gets_the_points_of_otter_question_by_question(
    name, case, bubblewrap, tmp_path
):
    importer, folder = Otter(), DATA / "otter-suite" / f"master-{name}"
    found, problem = imported(importer, folder / f"{name}.ipynb", tmp_path)
    source = importer.submission(found, folder / "submissions" / f"{case['submission']}.ipynb")

    verdict = bubblewrap.grade(problem, source, "python")

    wanted = {each["name"]: round(each["score"], 5) for each in case["questions"]}
    assert points_by_question(verdict) == wanted
    assert problem.points == pytest.approx(case["max_score"])


@pytest.mark.parametrize("name", sorted({name for name, _ in CASES}))
def test_the_starter_says_nothing_of_the_solution(name, tmp_path):
    path = DATA / "otter-suite" / f"master-{name}" / f"{name}.ipynb"

    _, problem = imported(Otter(), path, tmp_path)

    assert "SOLUTION" not in problem.starter["python"]
    for told in ("x**2", "while True", "is_prime", "groupby", "hailstone(n // 2)"):
        assert told not in problem.starter["python"]


def test_students_get_the_seed_of_students(tmp_path):
    path = DATA / "otter-suite" / "master-assign-full-example-v1"
    _, problem = imported(Otter(), path / "assign-full-example-v1.ipynb", tmp_path)

    assert "rng_seed = 90" in problem.starter["python"]


def test_the_public_tests_of_a_students_notebook_can_be_imported(bubblewrap, tmp_path):
    folder = DATA / "otter-suite" / "master-demo"
    found, problem = imported(Otter(), folder / "student" / "demo.ipynb", tmp_path)
    source = Otter().submission(found, folder / "submissions" / "demo-passesAll.ipynb")

    verdict = bubblewrap.grade(problem, source, "python")

    assert verdict.status == "accepted"
    assert points_by_question(verdict) == {"q1": 1, "q2": 1, "q3": 1}
