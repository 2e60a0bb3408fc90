"""Programs: each run is a new process that reads standard input and writes standard output."""

import base64
import os
import shutil
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbjudge_worker.candidate.cell import SHARED, compiled, explain, new_main
from nbjudge_worker.candidate.compilation import environment_here
from nbjudge_worker.candidate.process import Process
from nbjudge_worker.codec import BadValue, Decoder, Frames, Hangup, dumps
from nbjudge_worker.codec.line import Line
from nbjudge_worker.codec.named import nearest

_NOT_FOUND = 127

Become = Callable[[Sequence[str]], int]
"""Turns a forked process into the program with these arguments; returns its exit code."""


def serve_program(job: dict[str, Any], worker: Frames, line: socket.socket) -> None:
    """Make the program ready, tell the worker, then run it as often as the examiner asks."""
    try:
        become = _commanded(job["program"]) if job.get("program") else _interpreted(job)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        worker.send_json({"op": "failed", "status": "compile_error", "message": explain(error)})
        return
    runs = Runs(become)
    worker.send_json({"op": "loaded"})
    try:
        Line(Frames(line), Decoder({}), runs.answer).serve()
    except (Hangup, BadValue):
        return


class Runs:
    """Answers the examiner's requests: run, or talk with, a new process of the program."""

    def __init__(self, become: Become) -> None:
        self._become = become
        self._given = _folder_content()
        self._talks: dict[int, Process] = {}
        self._ops: Mapping[str, Callable[..., Any]] = {
            "begin": self._begin,
            "run": self._run,
            "talk": self._talk,
            "tell": lambda number, data: self._talks[number].feed(data),
            "hear": lambda number: self._talks[number].line(),
            "end": lambda number: self._talks.pop(number).ended(),
            "stop": self._stop,
            "read": lambda name: Path(name).read_bytes(),
            "write": lambda name, content: Path(name).write_bytes(content) and None,
        }

    def answer(self, request: list[Any]) -> str:
        """Do what the request asks and return the answer to send."""
        op, _free, *arguments = request
        if op not in self._ops:
            return '["v",null,[]]'  # a program has no names
        try:
            return f'["v",{dumps(self._ops[op](*arguments), repr)},[]]'
        except Exception as error:  # noqa: BLE001  # told to the test
            return f'["x",{dumps(error, _described)},[]]'

    def _begin(self, _names: Sequence[str]) -> None:
        """A test begins: what the last one left behind is gone."""
        for process in self._talks.values():
            process.kill()
        self._talks.clear()
        _restore_folder(self._given)

    def _run(self, stdin: bytes, args: Sequence[str]) -> dict[str, Any]:
        process = Process(lambda: self._become(args))
        process.feed(stdin)
        return process.ended()

    def _talk(self, args: Sequence[str]) -> int:
        number = len(self._talks) + 1
        self._talks[number] = Process(lambda: self._become(args))
        return number

    def _stop(self, number: int) -> dict[str, Any] | None:
        """End a conversation early. Return how the program ended when it did so by itself."""
        process = self._talks.pop(number)
        if process.is_silent():
            return process.ended()
        process.kill()
        return None


def _interpreted(job: dict[str, Any]) -> Become:
    """Return a program in Python, which this warm interpreter runs in a fork of itself."""
    shared = compiled(job["shared"], SHARED) if job.get("shared") else None
    code = compiled(job["source"])

    def become(args: Sequence[str]) -> int:
        for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
            stream = open(number, mode, encoding="utf-8", errors="surrogateescape")  # noqa: PTH123, SIM115  # standard streams
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
        sys.argv = ["program.py", *args]
        return _execute(shared, code)

    return become


def _execute(*codes: Any) -> int:
    namespace = new_main().__dict__
    try:
        for code in filter(None, codes):
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


def _commanded(program: Mapping[str, Any]) -> Become:
    """Return a program that a command starts, its files put into the folder."""
    for name, content in program["files"].items():
        Path(name).write_bytes(base64.b64decode(content))
        Path(name).chmod(0o755)
    environment = environment_here(program["environment"])
    command = program["run"]

    def become(args: Sequence[str]) -> int:
        try:
            os.execvpe(command[0], [*command, *args], environment)  # noqa: S606  # no shell
        except OSError as error:
            os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        return _NOT_FOUND

    return become


def _folder_content() -> dict[str, tuple[bytes, int]]:
    return {p.name: (p.read_bytes(), p.stat().st_mode) for p in Path().iterdir() if p.is_file()}


def _restore_folder(given: Mapping[str, tuple[bytes, int]]) -> None:
    """Bring the working folder back to how it was."""
    for path in Path().iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name not in given or path.is_symlink():
            path.unlink(missing_ok=True)
    for name, (content, mode) in given.items():
        path = Path(name)
        if not path.exists() or path.read_bytes() != content:
            path.unlink(missing_ok=True)
            path.write_bytes(content)
            path.chmod(mode)


def _described(error: Exception) -> Any:
    """Describe an exception as the examiner reads it."""
    kind = nearest(type(error)).__name__
    said = f"{kind}: {error}"
    return {"X": [{"T": kind}, kind, [str(part) for part in error.args], str(error), said, 0]}
