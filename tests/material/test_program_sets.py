"""Real problems with programs that nobody here wrote: each is graded with the recorded result."""

import pytest
from program_sets import HANGS, humaneval, mbpp

PROGRAMS = [*humaneval(), *mbpp()]

BY_RESULT = {
    "passed": {"accepted"},
    "AssertionError": {"wrong_answer"},
    HANGS: {"time_limit_exceeded"},
}
RAISED = {"runtime_error", "wrong_answer"}
"""An exception is the student's error when it comes from the student's code; a comparison of the
test that cannot be made, such as None < 1, is a wrong answer."""


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_program_gets_its_recorded_result(grader, program):
    verdict = grader.grade(program.problem, program.source, "python")

    got = [test.status.value for test in verdict.tests]
    # A cell that fails to load has no tests; all of them count as failed.
    got = got or [verdict.status.value] * len(program.results)
    wanted = [BY_RESULT.get(result, RAISED) for result in program.results]
    assert len(got) == len(wanted)
    assert all(one in allowed for one, allowed in zip(got, wanted, strict=True)), verdict
    assert verdict.points == program.results.count("passed")


def test_both_sets_are_there_in_full():
    names = [program.name for program in PROGRAMS]

    assert sum(name.startswith("HumanEval/") for name in names) == 233
    assert sum(name.startswith("MBPP/") for name in names) == 467
