"""How the status of the service looks in a terminal, and as one line."""

import time
from collections.abc import Sequence

from nbjudge_course.service_status import Pace, QueueStatus, ServiceStatus
from nbjudge_course.wire import WorkerReport
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

_BARS = "▁▂▃▄▅▆▇█"
_OTHER_LINES = 15
"""So many lines of a terminal are not for workers."""


def picture(
    status: ServiceStatus,
    url: str,
    *,
    fault: str = "",
    waiting: Sequence[int] = (),
    height: int | None = None,
) -> RenderableType:
    """Return the status to be printed.

    `fault` is why it could not be renewed, `waiting` the lengths of the queue until now, and
    `height` how many lines there are; without it all workers are shown.
    """
    heads = Text.assemble(
        ("nbjudge ", "bold"), status.version, "  ", (url, "cyan"), "  ", _clock(status)
    )
    lines: list[RenderableType] = [heads]
    lines += [Text(one, style="bold red") for one in (fault, *status.faults) if one]
    lines += [Text(), _facts(status, waiting), Text(), _workers(status, height)]
    return Group(*lines)


def line(status: ServiceStatus) -> str:
    """Return the status as one line."""
    queue, pace, workers = status.queue, status.pace, status.workers
    words = [_clock(status)]
    if queue is not None:
        words += [f"waiting {queue.waiting}", f"running {queue.running}", f"given-up {queue.dead}"]
    if workers is not None:
        words += [f"workers {len(workers)}", f"busy {_busy(workers)}"]
    if pace is not None:
        words += [f"open {pace.open}", f"verdicts/min {pace.verdicts_last_minute}"]
        words += [
            f"p50 {_seconds(pace.wait_p50_seconds)}",
            f"p95 {_seconds(pace.wait_p95_seconds)}",
        ]
    words += [f"connections {status.connections}", *status.faults]
    return "  ".join(words)


def duration(seconds: float) -> str:
    """Return a length of time as people say it."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} days"


def bars(numbers: Sequence[int]) -> str:
    """Return a line of bars, as high as the numbers."""
    most = max(numbers, default=0) or 1
    return "".join(_BARS[round(number / most * (len(_BARS) - 1))] for number in numbers)


def _facts(status: ServiceStatus, waiting: Sequence[int]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    if status.queue is not None:
        table.add_row("queue", _queue(status.queue))
    if len(waiting) > 1:
        table.add_row("", Text(f"{bars(waiting)}  at most {max(waiting)} waiting", style="cyan"))
    if status.pace is not None:
        table.add_row("verdicts", _verdicts(status.pace))
        table.add_row("waiting time", _waits(status.pace))
    table.add_row("students", f"{status.connections} live connections to this process")
    for warning in _warnings(status):
        table.add_row("", Text(warning, style="yellow"))
    return table


def _queue(queue: QueueStatus) -> Text:
    text = Text.assemble((f"{queue.waiting}", "bold"), " waiting, ")
    text.append_text(Text.assemble((f"{queue.running}", "bold"), " running"))
    if queue.oldest_waiting_seconds is not None:
        text.append(f"; the next has waited {duration(queue.oldest_waiting_seconds)}")
    return text


def _verdicts(pace: Pace) -> Text:
    text = Text.assemble((f"{pace.verdicts_last_minute}", "bold"), " in the last minute; ")
    return text.append(f"{pace.open} submissions have none yet")


def _waits(pace: Pace) -> Text:
    if pace.wait_p50_seconds is None or pace.wait_p95_seconds is None:
        return Text("-", style="dim")
    half, most = duration(pace.wait_p50_seconds), duration(pace.wait_p95_seconds)
    of = f" (last {duration(pace.window_seconds)})"
    return Text.assemble("half at most ", (half, "bold"), ", 95 % at most ", (most, "bold"), of)


def _warnings(status: ServiceStatus) -> list[str]:
    found = []
    if status.workers == () and status.pace is not None and status.pace.open:
        found.append("no worker lives, and submissions wait")
    if status.pace is not None and status.pace.internal_errors:
        window = duration(status.pace.window_seconds)
        found.append(f"{status.pace.internal_errors} ended as internal_error in {window}")
    if status.queue is not None and status.queue.dead:
        found.append(f"{status.queue.dead} were given up: GET /api/dead tells which")
    return found


def _workers(status: ServiceStatus, height: int | None) -> RenderableType:
    workers = status.workers
    if workers is None:
        return Text("workers are not known", style="dim")
    if not workers:
        return Text("no workers", style="yellow")
    shown = sorted(workers, key=lambda one: (one.running is None, one.worker))
    room = len(shown) if height is None else max(3, height - _OTHER_LINES)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    named = "1 worker" if len(workers) == 1 else f"{len(workers)} workers"
    for title in (f"{named}, {_busy(workers)} busy", "sandbox", "grades now"):
        table.add_column(title, no_wrap=True)
    for title in ("graded", "lives"):
        table.add_column(title, justify="right", no_wrap=True)
    for one in shown[:room]:
        table.add_row(*_worker(one, status.at))
    if len(shown) > room:
        table.add_row(Text(f"and {len(shown) - room} more", style="dim"))
    return table


def _worker(one: WorkerReport, now: float) -> list[Text]:
    running = Text(one.running[:8], style="green") if one.running else Text("-", style="dim")
    lives = duration(max(0.0, now - one.started_at))
    return [Text(one.worker), Text(one.sandbox), running, Text(str(one.graded)), Text(lives)]


def _busy(workers: Sequence[WorkerReport]) -> int:
    return sum(one.running is not None for one in workers)


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f}s"


def _clock(status: ServiceStatus) -> str:
    return time.strftime("%H:%M:%S", time.localtime(status.at))
