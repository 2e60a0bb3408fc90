"""What of a cell is handed in."""

import pytest
from nbjudge.answer import problem_in, text_of, without_submitting

CELL = """#| problem: two-sum
import nbjudge

def two_sum(prices, total):
    return [0, 1]

result = nbjudge.submit(
    wait=False,
)
"""


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("#| problem: two-sum\nx = 1", "two-sum"),
        ("\n%%submit\n#| language: python\n#| problem: two-sum\n", "two-sum"),
        ("//| problem: sums\nint main() {}", "sums"),
        ("x = 1\n#| problem: two-sum", None),
        ("", None),
    ],
)
def test_the_first_lines_name_the_problem(source: str, problem: str | None) -> None:
    assert problem_in(source) == problem


def test_the_call_that_submits_is_not_submitted() -> None:
    left = without_submitting(CELL)
    assert "nbjudge" not in left
    assert left.splitlines()[3] == "def two_sum(prices, total):"


def test_a_cell_that_is_no_python_is_left_as_it_is() -> None:
    assert without_submitting("def (:\n") == "def (:\n"


def test_a_function_is_handed_in_as_its_text() -> None:
    assert text_of(test_a_function_is_handed_in_as_its_text).startswith("def test_a_function")
