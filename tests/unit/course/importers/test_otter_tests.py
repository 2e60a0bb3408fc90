"""Otter's ways of writing a test, as plain Python."""

import numpy
import pytest
from nbjudge_course.importers.otter_tests import (
    SETUP,
    Case,
    Untranslatable,
    config_of,
    of_cell,
    of_doctest,
    of_function,
    shares,
)
from nbjudge_course.importers.source import SourceCell


def run(test, **names):
    space = {**names, "stdout": lambda: ""}
    exec(SETUP, space)  # as the examiner does
    exec(test, space)  # the same


def test_the_saved_output_of_a_cell_is_what_must_come():
    output = {"output_type": "execute_result", "data": {"text/plain": ["4"]}}
    test = of_cell(SourceCell(1, "code", "", {}, (output,), has_run=True), "y = 2\nf(y)")

    run(test, f=lambda x: x + 2)
    with pytest.raises(AssertionError, match="5, and 4 was expected"):
        run(test, f=lambda x: x + 3)


def test_what_a_cell_printed_must_be_printed():
    output = {"output_type": "stream", "name": "stdout", "text": ["four\n"]}
    test = of_cell(SourceCell(1, "code", "", {}, (output,), has_run=True), "print(f())")

    run(test, f=lambda: "four")
    with pytest.raises(AssertionError, match="'four\\\\n' was expected"):
        run(test, f=lambda: "five")


def test_a_comparison_that_was_never_run_cannot_be_translated():
    with pytest.raises(Untranslatable, match="no saved output; run the notebook"):
        of_cell(SourceCell(1, "code", ""), "f(1) == 2")


def test_numpy_shows_a_boolean_in_two_ways_that_are_one():
    for shown in ("True", "np.True_"):
        run(of_doctest(f">>> f()\n{shown}"), f=lambda: numpy.bool_(True))


def test_an_ok_case_goes_line_by_line():
    test = of_doctest(">>> x = f()\n>>> for i in x:\n...     assert i\n>>> len(x)\n2\n")

    run(test, f=lambda: [1, 2])
    with pytest.raises(AssertionError):
        run(test, f=lambda: [1])


def test_a_test_function_gets_the_names_of_its_parameters():
    test = of_function("def test_f(f):\n    assert f() == 1\n\ntest_f(f)  # IGNORE")

    run(test, f=lambda: 1)
    assert test.count("test_f(") == 2


def test_a_config_says_points_and_whether_it_is_hidden():
    cell = '""" # BEGIN TEST CONFIG\npoints: 2\nhidden: true\n""" # END TEST CONFIG\nf()'

    assert config_of(cell) == ("points: 2\nhidden: true", "f()", False)
    assert config_of("# HIDDEN\nf()") == ("", "f()", True)


@pytest.mark.parametrize(
    ("question", "cases", "expected"),
    [
        (None, [None, None], [0.5, 0.5]),
        (None, [None, 2], [0, 2]),
        (5, [None, None, 1], [2, 2, 1]),
        ([1, 2], [None, None], [1, 2]),
    ],
)
def test_points_are_shared_as_otter_does(question, cases, expected):
    assert shares(question, [Case("", points) for points in cases]) == expected


def test_points_that_do_not_fit_together_are_told():
    with pytest.raises(ValueError, match="`points: 1`, but the tests have 2"):
        shares(1, [Case("", 2)])
