"""Submissions while everything that can be killed is killed: nothing is lost, doubled or mixed up."""

import dataclasses
import os
import secrets

import campaign
import pytest
from history_check import counted
from naive_stand import NaiveStand

CAMPAIGN_SECONDS = 300
"""They take a minute. So long only on a machine that does much else."""


@pytest.fixture
def seed():
    """Another for each run; NBJUDGE_CHAOS_SEED repeats one."""
    return int(os.environ.get("NBJUDGE_CHAOS_SEED", secrets.randbelow(1 << 32)))


@pytest.mark.timeout(CAMPAIGN_SECONDS)
def test_whatever_is_killed_frozen_wiped_locked_or_lost_each_submission_gets_its_one_verdict(seed):
    report = campaign.run(campaign.CI, seed)

    print(report.text())
    sent = sum(len(journal.sent) for journal in report.history.journals)
    assert sent >= 300
    assert report.kills >= 15
    assert dict(report.faults) == dict(campaign.CI.faults)
    assert counted(report.violations) == {}, f"{report.text()}\n{report.logs}"


@pytest.mark.timeout(CAMPAIGN_SECONDS)
def test_the_same_check_finds_what_a_list_and_a_channel_lose(seed):
    some = {kind: (count + 1) // 2 for kind, count in campaign.CI.faults.items()}
    tier = dataclasses.replace(
        campaign.CI, submissions=160, seconds=12.0, faults=some, patience_seconds=3.0
    )

    report = campaign.run(tier, seed, NaiveStand)

    print(report.text())
    assert counted(report.violations).get("every submission has a verdict", 0) > 0
