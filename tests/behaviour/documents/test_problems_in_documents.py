"""The problems that the documents show are graded as the documents say."""

import re
from pathlib import Path

import pytest
import tutorial
from nbjudge_course.notebook import read_problem
from nbjudge_course.release import leaks, student_notebook
from nbjudge_course.verdict import Status
from nbjudge_worker.grade import open_grader

DOCS = Path(__file__).parents[3] / "docs"
KINDS = (DOCS / "how-to" / "write-each-kind-of-problem.md").read_text("utf-8")
SHOWN = dict(
    re.findall(r"^`([\w-]+\.py)`.*?\n+```python\n(.*?)^```", KINDS, re.MULTILINE | re.DOTALL)
)
BESIDE = {"poem.txt": "short\na longer line\n"}


@pytest.fixture(scope="module")
def grader():
    with open_grader("bubblewrap") as opened:
        yield opened


def check(grader, notebook) -> None:
    """See solutions accepted and each wrong one get its verdict; nothing is given away."""
    assert set(notebook.solutions) == set(notebook.problem.languages)
    for language, source in notebook.solutions.items():
        verdict = grader.grade(notebook.problem, source, language)
        assert verdict.status is Status.ACCEPTED, verdict
    assert notebook.wrong
    for wrong in notebook.wrong:
        verdict = grader.grade(notebook.problem, wrong.source, wrong.language)
        assert wrong.verdict in (verdict.status, verdict.cause), verdict
    assert leaks(notebook, student_notebook(notebook)) == []


def test_no_block_of_the_page_is_left_out():
    assert len(SHOWN) == len(re.findall(r"^```\w+$", KINDS, re.MULTILINE)) == 7


@pytest.mark.parametrize("name", SHOWN)
def test_each_kind_of_problem_is_graded_as_its_page_says(grader, name, tmp_path):
    for beside, text in BESIDE.items():
        (tmp_path / beside).write_text(text)
    (tmp_path / name).write_text(SHOWN[name])

    check(grader, read_problem(tmp_path / name))


def test_the_first_problem_of_the_tutorial_is_graded_as_it_says(grader, tmp_path):
    tutorial.write_notebook(tmp_path / "mine", "double")

    notebook = read_problem(tmp_path / "mine" / "double.ipynb")

    assert (notebook.problem.id, len(notebook.problem.tests)) == ("double", 2)
    check(grader, notebook)
