"""How the status looks to a person, and as one line."""

from io import StringIO

import msgspec
import pytest
from nbjudge_course.service_status import Pace, QueueStatus, ServiceStatus
from nbjudge_course.wire import WorkerReport
from nbjudge_grader_service.status_view import bars, duration, line, picture
from rich.console import Console

QUEUE = QueueStatus(waiting=12, running=2, oldest_waiting_seconds=3.2, dead=0)
PACE = Pace(
    open=40,
    verdicts_last_minute=45,
    internal_errors=0,
    window_seconds=300.0,
    wait_p50_seconds=1.5,
    wait_p95_seconds=42.0,
)
BUSY = WorkerReport(
    worker="busy-one", sandbox="docker", started_at=400.0, running="abcdef0123456789", graded=7
)
IDLE = WorkerReport(worker="an-idle-one", sandbox="docker", started_at=990.0)
STATUS = ServiceStatus(
    at=1000.0, version="1.2.3", connections=230, queue=QUEUE, workers=(IDLE, BUSY), pace=PACE
)


def text(status=STATUS, **options):
    console = Console(file=StringIO(), width=110)
    console.print(picture(status, "http://127.0.0.1:8803", **options))
    return console.file.getvalue()


def but(**fields):
    return msgspec.structs.replace(STATUS, **fields)


def test_the_picture_tells_queue_pace_and_what_each_worker_does():
    said = text()

    assert "nbjudge 1.2.3  http://127.0.0.1:8803" in said
    assert "12 waiting, 2 running; the next has waited 3.2 s" in said
    assert "45 in the last minute; 40 submissions have none yet" in said
    assert "half at most 1.5 s, 95 % at most 42 s (last 5 min)" in said
    assert "230 live connections" in said
    assert "2 workers, 1 busy" in said
    rows = [row.split() for row in said.splitlines() if "docker" in row]
    assert rows == [
        ["busy-one", "docker", "abcdef01", "7", "10", "min"],
        ["an-idle-one", "docker", "-", "0", "10", "s"],
    ]


def test_what_is_wrong_is_said():
    queue = msgspec.structs.replace(QUEUE, dead=2)
    pace = msgspec.structs.replace(PACE, internal_errors=3)
    said = text(but(queue=queue, pace=pace, workers=()))

    assert "no worker lives, and submissions wait" in said
    assert "3 ended as internal_error in 5 min" in said
    assert "2 were given up" in said
    assert "were given up" not in text()


def test_what_does_not_answer_is_named_and_left_out():
    said = text(but(queue=None, workers=None, faults=("Redis: no answer in time",)), fault="gone")

    assert "Redis: no answer in time" in said
    assert "gone" in said
    assert "waiting, " not in said
    assert "workers are not known" in said


def test_a_small_terminal_shows_the_busy_workers_and_counts_the_others():
    many = tuple(msgspec.structs.replace(IDLE, worker=f"idle-{n}") for n in range(30))
    said = text(but(workers=(*many, BUSY)), height=24)

    assert "busy-one" in said
    assert "and 22 more" in said
    assert len(said.splitlines()) < 24


def test_names_are_not_taken_for_markup():
    said = text(but(workers=(msgspec.structs.replace(BUSY, worker="[red]one[/red]"),)))

    assert "[red]one[/red]" in said


def test_the_line_has_every_number_that_is_known():
    assert line(STATUS).split("  ")[1:] == [
        "waiting 12",
        "running 2",
        "given-up 0",
        "workers 2",
        "busy 1",
        "open 40",
        "verdicts/min 45",
        "p50 1.5s",
        "p95 42.0s",
        "connections 230",
    ]
    unknown = but(queue=None, workers=None, pace=None, faults=("database: gone",))
    assert line(unknown).split("  ")[1:] == ["connections 230", "database: gone"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.04, "0.0 s"),
        (9.96, "10.0 s"),
        (45.0, "45 s"),
        (300.0, "5 min"),
        (3 * 3600.0 + 125, "3 h 2 min"),
        (5 * 24 * 3600.0, "5 days"),
    ],
)
def test_lengths_of_time_are_said_as_people_do(seconds, said):
    assert duration(seconds) == said


def test_the_bars_are_as_high_as_the_numbers():
    assert bars([0, 7, 14]) == "▁▅█"
    assert bars([0, 0]) == "▁▁"
    assert bars([]) == ""
