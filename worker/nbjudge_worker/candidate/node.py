"""Cells in JavaScript: this process becomes node, with the runtime of the folder candidate_js."""

import json
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import nbjudge_worker
from nbjudge_worker.codec import Frames

_MAIN = Path(nbjudge_worker.__file__).parent / "candidate_js" / "main.js"


def become_node(job: dict[str, Any], channel: socket.socket, worker: Frames, line: int) -> None:
    """Hand the job and both lines over to node. Returns only when there is none."""
    command = shutil.which("node")
    if command is None:
        worker.send_json({"op": "missing"})
        return
    told = os.memfd_create("job", 0)
    with open(told, "w", encoding="utf-8", closefd=False) as file:
        json.dump({"source": job["source"]}, file)
    os.lseek(told, 0, os.SEEK_SET)
    given = (told, channel.fileno(), line)
    for descriptor in given:
        os.set_inheritable(descriptor, True)  # noqa: FBT003  # it has no name
    worker.send_json({"op": "found"})
    memory = f"--max-old-space-size={job['memory_bytes'] // (1024 * 1024)}"
    os.execv(command, [command, memory, str(_MAIN), *map(str, given)])  # noqa: S606  # no shell
