"""`nbjudge simulate` as an administrator uses it."""

import csv
import xml.etree.ElementTree as ET
from array import array
from datetime import UTC, datetime

import pytest
from nbjudge_worker.scaling.class_days import recorded
from nbjudge_worker.scaling.plot import clock, in_terminal, largest_of
from nbjudge_worker.scaling.simulate_command import main
from nbjudge_worker.scaling.simulation import Course


def said(capsys, *words):
    assert main(words) == 0
    return capsys.readouterr().out


def refused(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_it_prints_a_line_for_each_choice_of_limits_and_a_plot(capsys):
    text = said(capsys, "rush", "--max", "5", "20")

    assert text.startswith("500 students in 5 seconds")
    rows = [line.split() for line in text.splitlines()]
    assert [row[0] for row in rows if row and row[0] in {"1-5", "1-20"}][:2] == ["1-5", "1-20"]
    assert text.count("█") > 20
    assert {"p50", "p95", "p99", "waiting"} <= set(text.split())


def test_the_same_seed_prints_the_same(capsys):
    first = said(capsys, "deadline", "--size", "300", "--seed", "4")

    assert said(capsys, "deadline", "--size", "300", "--seed", "4") == first
    assert said(capsys, "deadline", "--size", "300", "--seed", "5") != first


def test_a_million_submissions_are_played_to_their_end(capsys):
    text = said(capsys, "week", "--interval", "5")

    assert text.startswith("a week of 1000000 submissions")


def test_what_was_recorded_is_played(capsys, tmp_path):
    file = tmp_path / "monday"
    file.write_text("# exported\n2026-11-23T10:00:00Z\n\n2026-11-23T09:59:30+00:00 # late\n")

    assert recorded(file).arrivals == [0.0, 30.0]
    assert said(capsys, "--recorded", str(file)).startswith("monday;")


def test_seconds_since_1970_and_times_without_a_zone_are_read_as_well(tmp_path):
    file = tmp_path / "times"
    at = datetime(2026, 11, 23, 10, 0, 30, tzinfo=UTC).timestamp()
    file.write_text(f"2026-11-23 10:00:00\n{at}\n")

    assert recorded(file).arrivals == [0.0, 30.0]


@pytest.mark.parametrize(
    ("text", "reason"), [("soon", "line 1: 'soon' is no time"), ("nan", "line 1"), ("", "no time")]
)
def test_a_recording_that_cannot_be_read_is_told_by_its_line(capsys, tmp_path, text, reason):
    file = tmp_path / "times"
    file.write_text(text)

    assert reason in refused(capsys, "--recorded", str(file))


def test_limits_that_contradict_each_other_are_refused(capsys):
    assert "at most" in refused(capsys, "--min", "30", "--max", "20")


@pytest.mark.parametrize("words", [["--interval", "0"], ["--job-seconds", "-1"], ["--size", "0"]])
def test_what_cannot_be_played_is_refused(capsys, words):
    assert "must" in refused(capsys, *words)


def test_the_figures_are_written_for_a_spreadsheet(capsys, tmp_path):
    said(capsys, "rush", "--csv", str(tmp_path / "out.csv"))

    with (tmp_path / "out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert set(rows[0]) == {"seconds", "waiting", "running", "workers"}
    assert max(int(row["workers"]) for row in rows) == 20
    assert max(int(row["waiting"]) for row in rows) > 300


def test_the_plot_is_written_as_a_picture(capsys, tmp_path):
    said(capsys, "rush", "--svg", str(tmp_path / "out.svg"))

    root = ET.parse(tmp_path / "out.svg").getroot()
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "500 students in 5 seconds"
    assert "workers, at most 20" in texts
    assert len(list(root.iter("{http://www.w3.org/2000/svg}polygon"))) == 2


def test_a_plot_shows_the_largest_of_what_shares_a_column():
    assert largest_of([1, 9, 2, 3, 0, 0], 3) == [9, 3, 0]
    assert largest_of([4, 5], 4) == [4, 4, 5, 5]


def test_a_plot_has_its_scale_and_its_times():
    numbers = array("l", [0, 4, 8])
    lines = list(in_terminal(Course(array("d", [0, 60, 120]), numbers, numbers, numbers), 42))

    assert lines[0] == "       8 ┤" + " " * 20 + "█" * 10
    assert lines[-1].split() == ["0:00:00", "0:01:00", "0:02:00"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00:00"), (86399, "23:59:59"), (7 * 86400, "7d 0:00")]
)
def test_times_are_written_as_on_a_clock(seconds, text):
    assert clock(seconds) == text
