"""A student takes a submission back while it runs: nothing of it goes on, and the grader does."""

import threading

import pytest
from nbjudge_course.problem import Kind, Limits, Problem, Test
from nbjudge_course.verdict import Status
from nbjudge_worker.grade import SandboxedGrader

PATIENT = Limits(cpu_seconds=600, wall_seconds=600)
SLEEPS = "import time\ndef f(): time.sleep(600)"
FORKS = """
import os, signal, time
def f():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        while True: pass
    while True: pass
"""


def of(*tests: str, kind: Kind = Kind.FUNCTION) -> Problem:
    cells = tuple(Test(name=f"test {n}", source=test) for n, test in enumerate(tests))
    return Problem(id="x", title="X", kind=kind, limits=PATIENT, tests=cells)


def given_up(grader: SandboxedGrader, source: str, problem: Problem) -> Status:
    """Grade it, and give it up when it has run for a moment."""
    wish = threading.Event()
    timer = threading.Timer(0.5, wish.set)
    timer.start()
    try:
        return grader.grade(problem, source, cancelled=wish.is_set).status
    finally:
        timer.join()


@pytest.mark.parametrize(
    ("source", "test"),
    [
        (SLEEPS, "f()"),
        ("def f():\n    while True: pass", "f()"),
        (FORKS, "f()"),
        ("while True: pass", "f()"),
        ("def f(): return 1", "import time\nwhile f(): pass"),
    ],
    ids=["sleeping", "busy", "with a child", "while it is loaded", "while the test asks"],
)
def test_it_is_cancelled_wherever_it_is_and_the_next_one_is_graded(
    grader: SandboxedGrader, source: str, test: str
) -> None:
    assert given_up(grader, source, of(test)) is Status.CANCELLED
    following = grader.grade(of("assert f() == 1"), "def f(): return 1")
    assert following.status is Status.ACCEPTED


def test_a_program_is_cancelled_while_it_runs(grader: SandboxedGrader) -> None:
    problem = of("assert run('').stdout == '1\\n'", kind=Kind.PROGRAM)
    assert given_up(grader, "while True: pass", problem) is Status.CANCELLED
    assert grader.grade(problem, "print(1)").status is Status.ACCEPTED
