"""Problems whose questions build on one another: a source of several cells, tests in between."""

from nbjudge_course.problem import Problem, Test
from nbjudge_course.verdict import Status

NOTEBOOK = """\
#| cell
def double(x):
    return 2 * x
x = double(2)
#| check: one
#| cell
import no_such_library
#| cell
x = double(x)
#| check: two
"""


def problem(*tests, starter="def double(x): ...\nx = ..."):
    return Problem(id="parts", title="Parts", tests=tests, starter={"python": starter})


def test_each_test_sees_the_names_as_they_were_at_its_place(grader):
    tests = (
        Test(name="one, hidden", source="run_to('one')\nassert x == 4", hidden=True),
        Test(name="two", source="run_to('two')\nassert x == 8"),
    )

    assert grader.grade(problem(*tests), NOTEBOOK, "python").status is Status.ACCEPTED


def test_a_test_may_demand_that_nothing_is_written_to_standard_error(grader):
    source = "#| cell\nimport sys\ndef f(): sys.stderr.write('oh')\n#| check: one\n"
    test = Test(name="one", source="run_to('one')\nf()\nassert not stderr(), stderr()")

    verdict = grader.grade(problem(test), source, "python")

    assert verdict.tests[0].status is Status.WRONG_ANSWER
    assert "oh" in verdict.tests[0].message


def test_what_a_failed_cell_complains_of_is_no_complaint_of_the_test(grader):
    test = Test(name="two", source="run_to('two')\nassert not stderr()\nassert x == 8")

    assert grader.grade(problem(test), NOTEBOOK, "python").status is Status.ACCEPTED


def test_a_name_that_a_test_deletes_comes_back_when_the_notebook_begins_anew(grader):
    tests = (
        Test(name="two", source="run_to('two')\nassert x == 8\ndel double"),
        Test(name="one", source="run_to('one')\nassert double(x) == 8"),
    )

    assert grader.grade(problem(*tests), NOTEBOOK, "python").status is Status.ACCEPTED
