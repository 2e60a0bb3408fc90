"""A notebook of several cells as one source."""

import pytest
from nbjudge_worker.candidate.cell import run_cell
from nbjudge_worker.candidate.sequence import Sequence, is_sequence, restarting

NOTEBOOK = """\
#| cell
x = 1
#| check: first
#| cell
raise ValueError("this cell fails")
#| cell
x = x + 1
#| check: second
#| cell
x = 10
"""


@pytest.fixture
def names():
    return {"__name__": "__main__"}


@pytest.fixture
def notebook(names):
    return Sequence(NOTEBOOK, restarting(names, lambda: None), lambda text: run_cell(text, names))


def test_cells_run_up_to_the_check(notebook, names):
    notebook.run_to("first")

    assert names["x"] == 1


def test_a_cell_that_fails_is_told_and_the_next_one_runs(notebook, names, capsys):
    notebook.run_to("second")

    assert names["x"] == 2
    assert "this cell fails" in capsys.readouterr().err


def test_an_earlier_check_sees_nothing_of_the_cells_below_it(notebook, names):
    notebook.run_to("second")
    notebook.run_to("first")

    assert names["x"] == 1


def test_without_the_check_all_cells_run(notebook, names):
    notebook.run_to("deleted by the student")

    assert names["x"] == 10


def test_an_ordinary_cell_is_no_sequence():
    assert is_sequence(NOTEBOOK)
    assert not is_sequence("# a cell\nx = 1  #| cell\n")
