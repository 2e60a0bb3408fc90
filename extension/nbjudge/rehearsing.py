"""Rehearsing a problem with `nbjudge check`, in a process that ends when nobody waits for it."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbjudge_course.errors import Unavailable

COMMAND = (sys.executable, "-m", "nbjudge_course", "check", "--json")
TIMEOUT_SECONDS = 300.0
_LAST_CHARACTERS = 2000


async def rehearse(
    path: Path, command: Sequence[str] = COMMAND, timeout_seconds: float = TIMEOUT_SECONDS
) -> list[dict[str, Any]]:
    """Return what the command found, one entry a problem.

    Raises Unavailable, with the command's own words, when it found nothing or took too long.
    The process and its children end with this call, also when it is cancelled.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        str(path),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(timeout_seconds):
            output, said = await process.communicate()
    except TimeoutError:
        raise Unavailable(f"the check took longer than {timeout_seconds:g} seconds") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    found = [entry for line in output.splitlines() if (entry := _entry(line)) is not None]
    if not found:
        told = said.decode(errors="replace")[-_LAST_CHARACTERS:].strip()
        raise Unavailable(told or "the check said nothing")
    return found


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) and "passed" in value else None
