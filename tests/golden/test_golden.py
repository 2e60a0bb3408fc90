"""One tiny problem and source for each limit and verdict; the folder's name is the verdict."""

from pathlib import Path

import pytest
from graded_case import check, read_case
from nbjudge_course.verdict import Status

HERE = Path(__file__).parent
CASES = [read_case(path, (path.parent.name,)) for path in sorted(HERE.glob("*/*.*"))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_gets_the_verdict_of_its_folder(grader, case):
    check(case, grader.grade(case.problem, case.source, case.language))


def test_every_verdict_that_a_source_can_earn_has_a_case():
    earned = {status.value for status in Status} - {"cancelled", "internal_error"}

    assert {case.verdicts[0] for case in CASES} == earned
    assert len(CASES) >= 40
