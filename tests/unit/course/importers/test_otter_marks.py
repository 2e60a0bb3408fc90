"""What students get of an author's code in Otter's format, and what is graded of theirs."""

from nbjudge_course.importers.otter_marks import (
    check_of,
    solution_of,
    starter_of,
    with_seed,
    without_otter,
)


def test_a_solution_at_the_end_of_a_line_leaves_the_name():
    assert starter_of("x = 5 # SOLUTION") == "x = ..."
    assert starter_of("    return x**2 # SOLUTION") == "    ..."
    assert starter_of("print(x == 1)  # SOLUTION") == "..."
    assert starter_of("a = 1\nb = 2 # SOLUTION NO PROMPT") == "a = 1"


def test_a_prompt_takes_the_place_of_a_solution():
    cell = '# BEGIN SOLUTION NO PROMPT\nx = 5\n# END SOLUTION\n""" # BEGIN PROMPT\nx = ...\n""" # END PROMPT\nx'

    assert starter_of(cell) == "x = ...\nx"
    assert solution_of(cell) == "x = 5\nx"


def test_a_seed_is_replaced_where_it_is_given_and_nowhere_else():
    assert with_seed("seed = 1\nother_seed = 1\nseed == 1", "seed", 42) == (
        "seed = 42\nother_seed = 1\nseed == 1"
    )


def test_what_speaks_with_otter_is_left_out():
    assert without_otter('import otter\ngrader = otter.Notebook("x")\nx = 1') == "x = 1"
    assert check_of('grader.check("q1")') == "q1"
    assert check_of("x = 1") is None
