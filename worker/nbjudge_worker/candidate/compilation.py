"""Compiling a program: a compiler runs on the source, and what it makes goes to the worker."""

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_MAX_SAID = 8000
_MAX_MADE_BYTES = 32 * 1024 * 1024
_INSIDE_NODE = re.compile(rb"^ +at .*\(node:.*\n|^Node\.js v.*\n?", re.MULTILINE)
"""What node says of itself and not of the source."""


def compile_source(job: Mapping[str, Any]) -> dict[str, Any]:
    """Do the job and return the report: op `compiled` with files, `failed`, or `missing`.

    A command that only tells its version makes nothing of the source and leaves it as it is.
    """
    file, command = job["file"], job["command"]
    Path(file).write_text(job["source"], "utf-8", errors="surrogateescape")
    missing = [name for name in job["needs"] if shutil.which(name) is None]
    if missing:
        return {"op": "missing", "message": " and ".join(missing)}
    said = ""
    if command:
        exit_code, said = _done(command, job["environment"])
        if exit_code:
            return {"op": "failed", "status": "compile_error", "message": said}
    made = dict(_made(job["artifacts"] or [file]))
    if not made or sum(map(len, made.values())) > _MAX_MADE_BYTES:
        message = f"the compiler made {'too much' if made else 'no program'}\n{said}"
        return {"op": "failed", "status": "compile_error", "message": message}
    return {"op": "compiled", "message": said, "files": made}


def _done(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603  # a command of the worker's
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment_here(environment),
        check=False,
    )
    said = _INSIDE_NODE.sub(b"", done.stdout[:_MAX_SAID]).decode("utf-8", "replace").strip()
    return done.returncode, said or f"{command[0]} ended with exit code {done.returncode}"


def environment_here(told: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a command that runs in the working folder."""
    here = os.getcwd()  # noqa: PTH109  # a text
    return {**os.environ, **{key: text.replace("{folder}", here) for key, text in told.items()}}


def _made(patterns: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        for path in sorted(Path().glob(pattern)):
            if path.is_file():
                yield path.name, base64.b64encode(path.read_bytes()).decode("ascii")
