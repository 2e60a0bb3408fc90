"""The examiner: runs the author's tests in its box, with the student's names as proxies.

It holds the hidden tests and the expected values, and never runs a line of the student's code.
"""

import functools
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbjudge_worker.codec import Frames, Hangup
from nbjudge_worker.examiner.clock import TurnClock
from nbjudge_worker.examiner.expectations import install
from nbjudge_worker.examiner.peer import Peer
from nbjudge_worker.examiner.rules import broken_rules
from nbjudge_worker.examiner.session import Session, compiled_tests

_TEST = {"name": "warm", "source": "assert f(1) == 3"}


def warm() -> None:
    """Run a small test of our own, so that all that examinations need is there."""
    install()
    touch()


def touch() -> None:
    """Touch the pages and paths that every examination needs, but for the compiler's."""
    here, there = socket.socketpair()
    memory = os.memfd_create("clock")
    os.ftruncate(memory, 16)
    with here, there:
        candidate = Frames(there)
        for answer in ('[["f",{"h":[1,"function","f",["__call__"],"function"]}]]', "2"):
            candidate.send(f'["v",{answer},[]]')
        session = Session({"tests": [_TEST], "codes": _codes()}, lambda _: None)
        session.connect(Peer(Frames(here), TurnClock(memory)))
        session.run(0)
    os.close(memory)


@functools.cache
def _codes() -> list[str]:
    return compiled_tests([_TEST])


def serve(channel: socket.socket) -> None:
    """Take one job from the worker and do what it asks until it hangs up."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, suppress(Hangup):
        sys.stdout = nowhere  # what a test prints is for nobody
        _serve(channel, Frames(channel))


def _serve(channel: socket.socket, worker: Frames) -> None:
    job = worker.receive_json()
    if job["op"] == "rules":
        worker.send_json(_rules(job))
        return
    if job["op"] == "compile":
        worker.send_json(_compiled(job))
        return
    session = Session(job, worker.send_json)
    _connect(session, channel, worker)
    while True:
        message = worker.receive_json()
        if message["op"] == "line":
            _connect(session, channel, worker)
        else:
            worker.send_json({"op": "result", **session.run(message["test"])})


def _connect(session: Session, channel: socket.socket, worker: Frames) -> None:
    """Take the line to a candidate and the clock. They come only once we say that we wait."""
    worker.send_json({"op": "ready"})
    _, [line, clock], _, _ = socket.recv_fds(channel, 1, 2)
    peer = Peer(Frames(socket.socket(fileno=line)), TurnClock(clock))
    worker.send_json({"op": "connected", **session.connect(peer)})


def _compiled(job: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"op": "compiled", "codes": compiled_tests(job["tests"])}
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # told when the test is run
        return {"op": "compiled", "codes": []}


def _rules(job: dict[str, Any]) -> dict[str, Any]:
    try:
        broken = broken_rules(job["source"], job["rules"], job.get("language", "python"))
        return {"op": "rules", "broken": broken}
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        return {"op": "rules", "broken": [f"the source cannot be read: {error}"]}
