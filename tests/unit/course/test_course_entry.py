"""A new problem is entered in the course file; whatever else stands there stays."""

from pathlib import Path

import pytest
from nbjudge_course.course_entry import enter_problem
from nbjudge_course.course_file import read_course
from nbjudge_course.errors import BadProblem

HEAD = (
    'title = "Mine"\n\n[[sets]]\ntitle = "First"\nproblems = ["one"]\n\n[[sets]]\ntitle = "Last"\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.ipynb").touch()
    return tmp_path


def test_a_name_that_is_there_is_not_added_again(folder: Path) -> None:
    file = folder / "course.toml"
    file.write_text(HEAD + 'problems = ["two"]\n')

    assert enter_problem(file, "one") == "First"

    assert file.read_text() == HEAD + 'problems = ["two"]\n'


def test_the_ends_of_lines_stay_as_they_are(folder: Path) -> None:
    file = folder / "course.toml"
    file.write_bytes((HEAD + 'problems = ["two"]\n').replace("\n", "\r\n").encode())

    enter_problem(file, "three")

    assert file.read_bytes().count(b"\n") == file.read_bytes().count(b"\r\n") > 5


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('problems = ["two"]\n', 'problems = ["two", "three"]\n'),
        ('problems = ["two"]  # more to come', 'problems = ["two", "three"]  # more to come'),
        (
            'problems = [\n    "two",  # hard\n]\npoints = 3\n',
            'problems = [\n    "two",  # hard\n    "three",\n]\npoints = 3\n',
        ),
    ],
)
def test_a_name_is_added_to_the_last_set_and_comments_stay(
    folder: Path, before: str, after: str
) -> None:
    file = folder / "course.toml"
    file.write_text(HEAD + before)

    assert enter_problem(file, "three") == "Last"

    assert file.read_text() == HEAD + after
    assert read_course(folder).sets[-1].problems == ("two", "three")


@pytest.mark.parametrize(
    "written", ['problems = ["two"  # the second\n]', 'problems = [  # [sic]\n"two"]', "problems"]
)
def test_a_file_that_is_written_otherwise_stays_as_it_is(folder: Path, written: str) -> None:
    file = folder / "course.toml"
    file.write_text(HEAD + written)

    with pytest.raises(BadProblem):
        enter_problem(file, "three")

    assert file.read_text() == HEAD + written
