"""Programs: each run is a new process that reads standard input and writes standard output."""

import os
import resource
import selectors
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from typing import Any

from nbjudge_worker.candidate.cell import explain, new_main
from nbjudge_worker.candidate.console import Console
from nbjudge_worker.codec import BadValue, Decoder, Frames, Hangup, dumps
from nbjudge_worker.codec.line import Line
from nbjudge_worker.codec.source import compile_cell

_MAX_OUTPUT_BYTES = 8 * 1024 * 1024


def serve_program(
    job: dict[str, Any], worker: Frames, line: socket.socket, console: Console
) -> None:
    """Compile the program, tell the worker, then run it as often as the examiner asks."""
    try:
        code, source = compile_cell(job["source"])
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        worker.send_json({"op": "failed", "status": "compile_error", "message": explain(error)})
        return
    worker.send_json({"op": "loaded"})
    runs = Runs(code, source, job.get("shared", ""), console)
    try:
        Line(Frames(line), Decoder({}), runs.answer).serve()
    except (Hangup, BadValue):
        return


class Runs:
    """Starts the program anew for each request `["run", free, stdin, args]`."""

    def __init__(self, code: Any, source: str, shared: str, console: Console) -> None:
        self._code, self._source, self._shared, self._console = code, source, shared, console

    def answer(self, request: list[Any]) -> str:
        """Run the program once, or read a file that it wrote, and return the answer to send."""
        op, _free, *arguments = request
        if op == "run":
            return f'["v",{dumps(self._run(*arguments), repr)},[]]'
        return '["v",null,[]]'

    def _run(self, stdin: bytes, args: list[str]) -> dict[str, Any]:
        pipes = [os.pipe() for _ in range(3)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            self._become(pipes, args)
        for end in (pipes[0][0], pipes[1][1], pipes[2][1]):
            os.close(end)
        out, err = _talk(stdin, pipes[0][1], pipes[1][0], pipes[2][0])
        _, status = os.waitpid(child, 0)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {
            "stdout": out,
            "stderr": err,
            "exit_code": os.waitstatus_to_exitcode(status),
            "cpu_seconds": cpu,
            "wall_seconds": time.monotonic() - began,
        }

    def _become(self, pipes: list[tuple[int, int]], args: list[str]) -> None:
        """Turn this forked process into the student's program. Never returns."""
        exit_code = 1
        try:
            os.setpgid(0, 0)
            for descriptor, end in enumerate((pipes[0][0], pipes[1][1], pipes[2][1])):
                os.dup2(end, descriptor)
            os.closerange(3, 256)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
                number = ("stdin", "stdout", "stderr").index(name)
                stream = open(number, mode, encoding="utf-8", errors="surrogateescape")  # noqa: PTH123, SIM115  # standard streams
                setattr(sys, name, stream)
                setattr(sys, f"__{name}__", stream)
            sys.argv = ["program.py", *args]
            exit_code = _execute(self._code, self._shared)
        except BaseException:  # noqa: BLE001  # this process is the student's program now
            traceback.print_exc()
        finally:
            for stream in (sys.stdout, sys.stderr):
                with suppress(BaseException):  # a closed or full pipe
                    stream.flush()
            os._exit(exit_code)


def _execute(code: Any, shared: str) -> int:
    namespace = new_main().__dict__
    try:
        if shared:
            exec(compile(shared, "<shared>", "exec"), namespace)  # noqa: S102  # what it is for
        exec(code, namespace)  # noqa: S102  # running the program is what we are here for
    except SystemExit as leave:
        if leave.code is None or isinstance(leave.code, int):
            return (leave.code or 0) & 0xFF
        sys.stderr.write(f"{leave.code}\n")
        return 1
    except BaseException as error:  # noqa: BLE001  # a program that fails ends with 1
        sys.stderr.write(explain(error) + "\n")
        return 1
    return 0


def _talk(stdin: bytes, to: int, out: int, err: int) -> tuple[bytes, bytes]:
    """Feed the program and collect what it writes, until it closes both streams."""
    kept = {out: bytearray(), err: bytearray()}
    with selectors.DefaultSelector() as selector:
        os.set_blocking(to, False)
        if stdin:
            selector.register(to, selectors.EVENT_WRITE)
        else:
            os.close(to)
        for end in kept:
            selector.register(end, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                if key.fd == to:
                    stdin = _feed(selector, to, stdin)
                    continue
                data = os.read(key.fd, 65536)
                os.write(1, data)  # the worker watches how much there is
                if len(kept[key.fd]) < _MAX_OUTPUT_BYTES:
                    kept[key.fd] += data
                if not data:
                    selector.unregister(key.fd)
                    os.close(key.fd)
                    if (
                        not any(end in selector.get_map() for end in kept)
                        and to in selector.get_map()
                    ):
                        selector.unregister(to)
                        os.close(to)
    return bytes(kept[out]), bytes(kept[err])


def _feed(selector: selectors.BaseSelector, to: int, stdin: bytes) -> bytes:
    try:
        rest = stdin[os.write(to, stdin[:65536]) :]
    except BrokenPipeError:
        rest = b""
    if not rest:
        selector.unregister(to)
        os.close(to)
    return rest
