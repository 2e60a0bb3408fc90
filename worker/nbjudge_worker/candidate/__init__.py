"""The candidate: runs the student's cell in its box, then answers the examiner's requests.

It is treated as an adversary: nothing here guards a secret, for there is none in this process.
"""

import base64
import contextlib
import os
import socket
import sys
from pathlib import Path
from typing import Any

from nbjudge_worker.candidate.answers import Answers
from nbjudge_worker.candidate.cell import SHARED, explain, new_main, run_cell
from nbjudge_worker.candidate.console import Console
from nbjudge_worker.candidate.sequence import Sequence, is_sequence, restarting
from nbjudge_worker.codec import BadValue, Frames, Hangup
from nbjudge_worker.codec.source import FILENAME

_KINDS_OF_COMPILE_ERROR = (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError)


def warm() -> None:
    """Run small cells of our own, also some that fail, so that all that cells need is there."""
    touch()
    for source in ("def f(x): ...\nf()", "1 +"):
        try:
            run_cell(source, {})
        except (TypeError, SyntaxError) as error:
            explain(error)


def touch() -> None:
    """Write to the memory that every cell writes to, before one waits."""
    namespace = new_main().__dict__
    run_cell("def f(x):\n    return [x, {'a': (x,)}]\nf(1)", namespace)
    _warm_answers(namespace)


def _warm_answers(namespace: dict[str, Any]) -> None:
    streams = sys.stdin, sys.stdout, sys.stderr
    here, there = socket.socketpair()
    with here, there:
        answers = Answers(Frames(here), namespace, Console())
        answers.answer(["begin", [], ["f"]])
        answers.answer(["call", [], 1, ([1],), {}])
    sys.stdin, sys.stdout, sys.stderr = streams


def serve(channel: socket.socket) -> None:
    """Take one job from the worker, run the cell, and answer until the line is closed."""
    _, [line], _, _ = socket.recv_fds(channel, 1, 1)
    worker = Frames(channel)
    job = worker.receive_json()
    if job["op"] == "compile":
        _serve_compilation(job, worker)
        return
    console = Console()
    main = new_main()
    for name, content in job.get("files", {}).items():
        Path(name).write_bytes(base64.b64decode(content))
    if job.get("kind") == "function" and job.get("language") == "javascript":
        _become_node(job, channel, worker, line)
        return
    if job.get("kind") == "program":
        _serve_program(job, worker, line)
        return
    sequence = _sequence(job, main.__dict__)
    report = _load(job, main.__dict__, console, sequence)
    worker.send_json(report)
    if report["op"] == "loaded":
        _answer(socket.socket(fileno=line), main.__dict__, console, sequence)


def _become_node(job: dict[str, Any], channel: socket.socket, worker: Frames, line: int) -> None:
    from nbjudge_worker.candidate.node import become_node  # noqa: PLC0415  # only for JavaScript

    become_node(job, channel, worker, line)


def _serve_program(job: dict[str, Any], worker: Frames, line: int) -> None:
    from nbjudge_worker.candidate.program import serve_program  # noqa: PLC0415  # only for programs

    serve_program(job, worker, socket.socket(fileno=line))


def _serve_compilation(job: dict[str, Any], worker: Frames) -> None:
    from nbjudge_worker.candidate.compilation import compile_source  # noqa: PLC0415  # as above

    worker.send_json(compile_source(job))
    with contextlib.suppress(Hangup):
        worker.receive()  # the box ends when all of the report has been read


def _answer(
    line: socket.socket, namespace: dict[str, Any], console: Console, sequence: Sequence | None
) -> None:
    try:
        Answers(Frames(line), namespace, console, sequence).serve()
    except (Hangup, BadValue):
        return


def _sequence(job: dict[str, Any], namespace: dict[str, Any]) -> Sequence | None:
    if not is_sequence(job["source"]):
        return None
    shared = job.get("shared") or ""
    restart = restarting(namespace, lambda: run_cell(shared, namespace, SHARED))
    return Sequence(job["source"], restart, lambda source: run_cell(source, namespace))


def _load(
    job: dict[str, Any], namespace: dict[str, Any], console: Console, sequence: Sequence | None
) -> dict[str, Any]:
    process = os.getpid()
    sys.argv = ["cell"]
    try:
        if job.get("shared"):
            run_cell(job["shared"], namespace, SHARED)
        if sequence is None:  # the cells of a sequence run when the tests ask for them
            run_cell(job["source"], namespace)
        return {"op": "loaded"}
    except BaseException as error:  # noqa: BLE001  # whatever a student's code raises is an answer
        return _failed(error)
    finally:
        console.flush()
        if os.getpid() != process:
            os._exit(0)


def _failed(error: BaseException) -> dict[str, Any]:
    if isinstance(error, MemoryError):
        status = "memory_limit_exceeded"
    elif isinstance(error, _KINDS_OF_COMPILE_ERROR) and not _ran(error):
        status = "compile_error"
    else:
        status = "runtime_error"
    return {"op": "failed", "status": status, "message": explain(error)}


def _ran(error: BaseException) -> bool:
    """Tell whether the cell itself was running, so that the error is not the compiler's."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in (FILENAME, SHARED):
            return True
        trace = trace.tb_next
    return False
