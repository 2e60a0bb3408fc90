"""One grader for all of these tests, in the real sandbox."""

from collections.abc import Callable, Iterator

import pytest
from nbjudge_course.problem import Problem, Test
from nbjudge_course.verdict import Verdict
from nbjudge_worker.grade import SandboxedGrader, open_grader

Grade = Callable[..., Verdict]


@pytest.fixture(scope="session")
def grader() -> Iterator[SandboxedGrader]:
    with open_grader("bubblewrap") as opened:
        yield opened


@pytest.fixture
def grade(grader: SandboxedGrader) -> Grade:
    """Grade a source against tests given as text, or as Test."""

    def graded(source: str, *tests: str | Test, **problem: object) -> Verdict:
        cells = tuple(
            test if isinstance(test, Test) else Test(name=f"test {number}", source=test)
            for number, test in enumerate(tests, start=1)
        )
        return grader.grade(Problem(id="x", title="X", tests=cells, **problem), source)  # type: ignore[arg-type]  # fields by name

    return graded
