"""Attacks: none is accepted, none faults the grader, none learns a secret or leaves a trace."""

from pathlib import Path

import pytest
from graded_case import Case, check, read_case, read_targets, texts

HERE = Path(__file__).parent
CATEGORIES = ("forging", "leaking", "resources", "escape", "crossing")
TARGETS = read_targets(HERE / "targets.toml")
USUAL = ("wrong_answer", "runtime_error")

SECRETS = ("BREACH", "quartz", "ztrauq", "vermilion", "49819246", "7741", "canary-of-the-host")
"""Words of hidden tests and of the host, and what attacks print when they come through."""


def cases(category: str, verdicts: tuple[str, ...] = USUAL) -> list[Case]:
    paths = sorted((HERE / category).glob("*.[pj][ys]"))
    return [read_case(path, verdicts, targets=TARGETS, target="checksum") for path in paths]


ATTACKS = [case for category in CATEGORIES for case in cases(category)]


@pytest.mark.parametrize("case", ATTACKS, ids=lambda case: case.name)
def test_an_attack_gets_its_verdict_and_nothing_else(grader, host, honest, case):
    for _ in range(case.times if "crossing" not in case.name else 3):
        verdict = grader.grade(case.problem, host.aim(case.source), case.language)

        check(case, verdict)
        assert [secret for secret in SECRETS if secret in texts(verdict)] == []

    check(honest, grader.grade(honest.problem, honest.source, honest.language))
    host.check()


@pytest.mark.parametrize("case", cases("honest", ("accepted",)), ids=lambda case: case.name)
def test_an_honest_but_odd_program_is_accepted(grader, case):
    check(case, grader.grade(case.problem, case.source, case.language))


def test_there_are_attacks_of_every_kind():
    counted = {category: len(cases(category)) for category in CATEGORIES}

    assert sum(counted.values()) >= 80
    assert min(counted.values()) >= 10
    assert {verdict for case in ATTACKS for verdict in case.verdicts}.isdisjoint(
        {"accepted", "internal_error"}
    )
