"""The same problem as `.ipynb`, `.py` and `.md` is the same problem."""

from pathlib import Path

import jupytext
import pytest
from nbjudge_course.course_file import notebook_of, read_course
from nbjudge_course.faults import BadNotebook
from nbjudge_course.notebook import read_problem
from nbjudge_course.release import student_notebook

COURSE = Path(__file__).parents[3] / "course" / "intro"
FORMATS = {".py": "py:percent", ".md": "md"}


def as_text(path: Path, ending: str, folder: Path) -> Path:
    for beside in path.parent.iterdir():
        if beside.is_file():
            (folder / beside.name).write_bytes(beside.read_bytes())
    made = (folder / path.name).with_suffix(ending)
    jupytext.write(jupytext.read(path), made, fmt=FORMATS[ending])
    return made


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("name", sorted(path.stem for path in COURSE.glob("*.ipynb")))
def test_each_problem_of_the_sample_course_is_the_same_as_text(name, ending, tmp_path):
    original = read_problem(COURSE / f"{name}.ipynb")
    text = read_problem(as_text(COURSE / f"{name}.ipynb", ending, tmp_path))

    assert text.problem == original.problem
    assert text.problem.digest == original.problem.digest
    assert text.solutions == original.solutions
    assert [w.source for w in text.wrong] == [w.source for w in original.wrong]


PERCENT = """\
# ---
# id: double
# title: Twice as much
# ---

# %% [markdown]
# Write `double(n)`.

# %%
#| starter
def double(n): ...

# %%
#| test: four
assert double(2) == 4
"""


def test_a_problem_may_be_written_by_hand_in_the_percent_format(tmp_path):
    path = tmp_path / "double.py"
    path.write_text(PERCENT)

    read = read_problem(path)

    assert (read.problem.id, read.problem.statement) == ("double", "Write `double(n)`.")
    assert [test.name for test in read.problem.tests] == ["four"]
    assert "#| problem: double" in repr(student_notebook(read))


def test_a_fault_in_a_text_notebook_says_its_cell_and_line(tmp_path):
    path = tmp_path / "double.py"
    path.write_text(PERCENT.replace("#| test: four", "#| tset: four"))

    with pytest.raises(BadNotebook, match=r"double.py: cell 4, line 1: .*did you mean `test`"):
        read_problem(path)


def test_text_that_is_no_text_is_told(tmp_path):
    path = tmp_path / "double.md"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadNotebook, match=r"cannot|damaged|no notebook"):
        read_problem(path)


def test_a_course_finds_its_problems_whatever_their_form(tmp_path):
    (tmp_path / "double.py").write_text(PERCENT)
    (tmp_path / "course.toml").write_text(
        'title = "C"\n[[sets]]\ntitle = "S"\nproblems = ["double"]\n'
    )

    assert [path.name for _, path in read_course(tmp_path).notebooks()] == ["double.py"]
    (tmp_path / "double.ipynb").write_text("{}")
    assert notebook_of(tmp_path, "double").name == "double.ipynb"
