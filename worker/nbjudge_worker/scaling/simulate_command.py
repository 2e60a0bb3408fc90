"""The verb `nbjudge simulate`: the real rule over a class day, so that limits can be chosen."""

import argparse
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbjudge_worker.scaling.class_days import DAYS, SIZES, ClassDay, recorded
from nbjudge_worker.scaling.command import add_limits, limits_of
from nbjudge_worker.scaling.plot import in_terminal, svg, write_csv
from nbjudge_worker.scaling.simulation import Outcome, Works, simulate

_COLUMNS = ("workers", "p50", "p95", "p99", "longest wait", "worker hours", "most workers")


def main(arguments: Sequence[str]) -> int:
    """Play a class day with limits of your choice: waiting times, worker hours and a plot."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        day = _day(options)
        outcomes = [(f"{options.min}-{most}", _outcome(day, options, most)) for most in options.max]
    except (ValueError, OSError) as error:
        parser.error(str(error))
    sys.stdout.writelines(f"{line}\n" for line in _report(day, outcomes))
    _write_files(options, day, outcomes[-1][1])
    return 0


def _day(options: argparse.Namespace) -> ClassDay:
    if options.recorded is not None:
        return recorded(options.recorded)
    if options.size is not None and options.size < 1:
        raise ValueError("there must be somebody who submits")
    return DAYS[options.day](random.Random(options.seed), options.size or SIZES[options.day])  # noqa: S311  # no secret


def _outcome(day: ClassDay, options: argparse.Namespace, most: int) -> Outcome:
    works = Works(options.job_seconds, options.start_seconds, options.interval)
    return simulate(day, limits_of(options, most), works, random.Random(options.seed))  # noqa: S311  # no secret


def _report(day: ClassDay, outcomes: Sequence[tuple[str, Outcome]]) -> Iterator[str]:
    yield f"{day.name}; how long a submission waits for a worker:"
    yield ""
    yield "  ".join(f"{name:>12}" for name in _COLUMNS)
    for limits, outcome in outcomes:
        waits = [_seconds(outcome.wait_seconds(share)) for share in (0.5, 0.95, 0.99, 1.0)]
        costs = [f"{outcome.worker_hours:.1f}", str(outcome.most_workers)]
        yield "  ".join(f"{text:>12}" for text in [limits, *waits, *costs])
    limits, outcome = outcomes[-1]
    yield ""
    yield f"{limits} workers:"
    yield from in_terminal(outcome.course, min(100, shutil.get_terminal_size((80, 24)).columns))


def _seconds(seconds: float) -> str:
    if seconds < 600:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _write_files(options: argparse.Namespace, day: ClassDay, outcome: Outcome) -> None:
    if options.svg is not None:
        options.svg.write_text(svg(outcome.course, day.name), "utf-8")
    if options.csv is not None:
        with options.csv.open("w", encoding="utf-8") as file:
            write_csv(outcome.course, file)


def _parser() -> argparse.ArgumentParser:
    works = Works()
    parser = argparse.ArgumentParser(prog="nbjudge simulate", description=main.__doc__)
    days = parser.add_mutually_exclusive_group()
    days.add_argument("day", nargs="?", choices=sorted(DAYS), default="rush", help="(%(default)s)")
    days.add_argument(
        "--recorded",
        type=Path,
        metavar="FILE",
        help="when submissions came in: one time a line, ISO 8601 or seconds since 1970",
    )
    parser.add_argument(
        "--size", type=int, metavar="N", help=f"students, or submissions of the week: {SIZES}"
    )
    parser.add_argument(
        "--max",
        type=int,
        nargs="+",
        default=[20],
        help="most workers (20); several are compared, and the last is drawn",
    )
    add_limits(parser, 20)
    parser.add_argument(
        "--job-seconds", type=float, default=works.job_seconds, help="(%(default)s)"
    )
    parser.add_argument(
        "--start-seconds",
        type=float,
        default=works.start_seconds,
        help="how long a worker takes to start (%(default)s)",
    )
    parser.add_argument(
        "--interval",
        type=float,
        default=works.interval_seconds,
        help="seconds between two looks at the queue (%(default)s)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of what is made up (%(default)s)")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write the plot")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write what was seen at each look")
    return parser
