"""The dashboard and the alerts ask for what the service exports, by labels that it has."""

import json
import re
from pathlib import Path

import pytest
import yaml
from nbjudge_course.verdict import Status
from nbjudge_grader_service.metrics import Metrics
from nbjudge_grader_service.observation import Observation
from nbjudge_grader_service.refusals import refused

DEPLOY = Path(__file__).parents[3] / "deploy"
OF_PROMETHEUS = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
LABELS_OF_A_TARGET = {"job", "instance"}
NAME = re.compile(r"\b(?:nbjudge|process)_\w+|\bup\b")
SELECTED = re.compile(r"(\w+)\{([^}]*)\}")
GROUPED = re.compile(r"by \(([^)]*)\)")


def dashboard():
    return json.loads((DEPLOY / "grafana" / "nbjudge.json").read_text("utf-8"))


def queries():
    return [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]


def rules():
    text = (DEPLOY / "prometheus" / "rules.yaml").read_text("utf-8")
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


EXPRESSIONS = [*queries(), *(rule["expr"] for rule in rules())]


@pytest.fixture(scope="module")
def series():
    """Every series that a service with some traffic exports: the labels by the name."""
    metrics = Metrics()
    metrics.submitted(refused(429, "queue_full", "").refusal.reason)
    metrics.answered("GET", "/api/me", 200, 0.1)
    metrics.exposition(Observation(None, None, None, ()), 0, "")
    found: dict[str, set[str]] = {}
    for family in metrics.families():
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_that_is_asked_for_is_exported(series, expression):
    asked = set(NAME.findall(expression))

    assert asked
    assert asked - OF_PROMETHEUS <= set(series)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_label_that_is_asked_for_is_there(series, expression):
    for name, matchers in SELECTED.findall(expression):
        labels = set(re.findall(r"(\w+)=~?", matchers))
        assert labels <= series.get(name, set()) | LABELS_OF_A_TARGET
    for group in GROUPED.findall(expression):
        known = set().union(*(series.get(name, set()) for name in NAME.findall(expression)))
        assert set(re.split(r", *", group)) <= known | LABELS_OF_A_TARGET


def test_statuses_in_queries_are_statuses_of_verdicts():
    asked = {one for expression in EXPRESSIONS for one in re.findall(r'status="(\w+)"', expression)}

    assert asked == {Status.INTERNAL_ERROR.value}


def test_every_panel_says_what_it_shows_and_no_two_lie_on_each_other():
    panels = dashboard()["panels"]
    places = [panel["gridPos"] for panel in panels]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert all(panel["title"] and panel["description"] for panel in panels)
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_what_all_processes_see_alike_is_never_added_up():
    """A sum over two processes would tell twice the queue."""
    alike = r"nbjudge_(?:queue_\w+|workers\w*|open_submissions|redis_up|database_up)"
    for expression in EXPRESSIONS:
        for name in re.findall(alike, expression):
            assert re.search(rf"(?:max|min)(?: by \(job\))? ?\({name}\b", expression), expression


def test_every_alert_says_what_a_person_can_do():
    for rule in rules():
        assert rule["alert"].startswith("Nbjudge")
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["description"]


def test_there_is_an_alert_for_each_thing_that_stops_a_class():
    assert {rule["alert"] for rule in rules()} >= {
        "NbjudgeServiceDown",
        "NbjudgeDatabaseDown",
        "NbjudgeRedisDown",
        "NbjudgeNoWorkers",
        "NbjudgeQueueWaitsLong",
        "NbjudgeInternalErrors",
    }
