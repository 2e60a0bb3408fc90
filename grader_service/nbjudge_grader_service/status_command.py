"""The verb `nbjudge status`: the service live in a terminal, or line by line for scripts."""

import argparse
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from nbjudge_course.errors import Unavailable
from nbjudge_course.local_service import service_for
from nbjudge_course.service_client import DEFAULT_URL, ServiceClient
from nbjudge_course.service_status import ServiceStatus
from nbjudge_course.wire import encode_json
from rich.console import Console
from rich.live import Live

from nbjudge_grader_service.status_view import line, picture

_REMEMBERED = 60
_PIPE_WIDTH = 110

Fetch = Callable[[], ServiceStatus]


def main(arguments: Sequence[str]) -> int:
    """Show queue, workers, pace and waiting times of the service, live."""
    options = _parser().parse_args(arguments)
    url, token = service_for(options.service, options.token)
    try:
        fetch = ServiceClient(url, token).status
        first = fetch()
        with suppress(KeyboardInterrupt):
            _show(first, fetch, url, options)
    except Unavailable as error:
        sys.stderr.write(f"nbjudge status: {error}\n")
        return 1
    except BrokenPipeError:  # who reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _show(first: ServiceStatus, fetch: Fetch, url: str, options: argparse.Namespace) -> None:
    if options.json:
        for status in _statuses(first, fetch, options):
            _write(encode_json(status).decode())
    elif options.once:
        Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(picture(first, url))
    elif sys.stdout.isatty():
        _watch(first, fetch, url, options.interval)
    else:
        for status in _statuses(first, fetch, options):
            _write(line(status))


def _statuses(
    first: ServiceStatus, fetch: Fetch, options: argparse.Namespace
) -> Iterator[ServiceStatus]:
    """Yield one status after the other. Raises Unavailable."""
    yield first
    while not options.once:
        time.sleep(options.interval)
        yield fetch()


def _watch(first: ServiceStatus, fetch: Fetch, url: str, interval_seconds: float) -> None:
    """Refresh the picture in place; a service that goes away is waited for."""
    console, status, fault = Console(), first, ""
    waiting: deque[int] = deque(maxlen=_REMEMBERED)
    with Live(console=console, auto_refresh=False) as live:
        while True:
            if status.queue is not None and not fault:
                waiting.append(status.queue.waiting)
            shown = picture(status, url, fault=fault, waiting=waiting, height=console.height)
            live.update(shown, refresh=True)
            time.sleep(interval_seconds)
            try:
                status, fault = fetch(), ""
            except Unavailable as error:
                fault = str(error)


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _interval(text: str) -> float:
    with suppress(ValueError):
        if 0.1 <= (seconds := float(text)) <= 3600:
            return seconds
    raise argparse.ArgumentTypeError(f"{text!r} is not between 0.1 and 3600 seconds")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nbjudge status", description=main.__doc__)
    parser.add_argument("--service", help=f"address of the service (default {DEFAULT_URL})")
    parser.add_argument("--token", help="an instructor's token (default: $NBJUDGE_TOKEN)")
    parser.add_argument("--once", action="store_true", help="show it once and end")
    parser.add_argument("--json", action="store_true", help="print one line of JSON each time")
    parser.add_argument(
        "--interval", type=_interval, default=1.0, metavar="SECONDS", help="(%(default)s)"
    )
    return parser
