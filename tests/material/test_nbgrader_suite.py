"""Assignments of nbgrader's own tests: each submission gets the points that nbgrader gave."""

import json

import pytest
from graders import opened_grader
from nbjudge_course.importers.command import main
from nbjudge_course.importers.nbgrader import Nbgrader
from other_graders import DATA, expected, imported, points_by_question

SUITE = DATA / "nbgrader-suite"
CASES = [
    (case["case"], case["student"], notebook)
    for case in expected("nbgrader-suite")
    for notebook in case["notebooks"]
]


@pytest.fixture(scope="module")
def bubblewrap():
    with opened_grader("bubblewrap") as grader:
        yield grader


@pytest.mark.parametrize(
    ("case", "student", "notebook"), CASES, ids=[f"{c}/{s}/{n['notebook']}" for c, s, n in CASES]
)
def test_a_submission_gets_the_points_of_nbgrader_cell_by_cell(
    case, student, notebook, bubblewrap, tmp_path
):
    importer = Nbgrader()
    name = f"{notebook['notebook']}.ipynb"
    [assignment] = [
        importer.translate(found)
        for found in importer.find(SUITE / case / "source" / "ps1", None)
        if found.path.name == name
    ]
    cells = {cell["grade_id"]: cell for cell in notebook["cells"]}
    manual = {item.name: item.points for item in assignment.manual}
    automatic = {each: cell["score"] for each, cell in cells.items() if each not in manual}

    # What a person grades has no points of the grader's: it is listed with what it is worth.
    assert manual == {each: cells[each]["max_score"] for each in cells if each in manual}
    assert all(cells[each]["score"] == 0 for each in manual)
    if not automatic:
        assert not assignment.tests
        return
    found, problem = imported(importer, SUITE / case / "source" / "ps1" / name, tmp_path)
    submitted = SUITE / case / "submitted" / student / "ps1" / name
    verdict = bubblewrap.grade(problem, importer.submission(found, submitted), "python")
    assert points_by_question(verdict) == automatic


def test_a_course_is_imported_and_what_was_handed_in_is_listed(tmp_path, capsys):
    list_of_all = tmp_path / "submissions.jsonl"
    arguments = [str(SUITE / "user-guide-ps1"), str(tmp_path), "--submissions", str(list_of_all)]

    assert main(["nbgrader", *arguments]) == 0

    tasks = [json.loads(line) for line in list_of_all.read_text().splitlines()]
    assert {task["file"].partition("/")[0] for task in tasks} == {
        "bitdiddle",
        "hacker",
        "release",
        "source",
    }
    assert all(task["problem"].endswith("ps1-problem1.ipynb") for task in tasks)
    told = capsys.readouterr().out
    assert "for a person to grade: part-b, 2 points" in told
    assert "problem2.ipynb: no test, so no problem was made of it" in told


def test_a_hidden_test_has_a_visible_part_worth_nothing(tmp_path):
    path = SUITE / "hidden-tests" / "source" / "ps1" / "p1.ipynb"

    _, problem = imported(Nbgrader(), path, tmp_path)

    tests = {test.name: test for test in problem.tests}
    whole, part = tests["correct_squares"], tests["correct_squares (visible part)"]
    assert (whole.hidden, whole.points) == (True, 1)
    assert (part.hidden, part.points) == (False, 0)
    assert "squares(11)" in whole.source
    assert "squares(11)" not in part.source


def test_a_course_in_another_language_is_told_cell_by_cell():
    items = json.loads((DATA / "ubc-dsci100" / "expect.json").read_text())["items"]
    importer = Nbgrader()
    for name, wanted in items.items():
        [found] = importer.find(DATA / "ubc-dsci100" / f"{name}.ipynb", None)
        assignment = importer.translate(found)
        said = [note.message for note in assignment.notes if "is written in r" in note.message]

        assert len(said) == wanted["autograded_tests"]
        for cell, points in wanted["test_points"].items():
            assert any(f"`{cell}` ({points} points)" in message for message in said)
        assert len(assignment.manual) == wanted["manual"]
        assert sum(item.points for item in assignment.manual) == wanted["manual_points"]
        assert assignment.statement
