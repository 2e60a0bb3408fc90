"""What runs first in a box: limits itself, warms up, says that it is ready, and serves one job."""

import gc
import importlib
import os
import resource
import socket
import sys

_NO_CORE = (0, 0)
_OPEN_FILES = 256


def main() -> None:
    """Serve one job: `python -m nbjudge_worker.sandbox.inside ROLE CHANNEL [LIBRARY ...]`."""
    role, channel_number, *libraries = sys.argv[1:]
    channel = socket.socket(fileno=int(channel_number))
    runtime = importlib.import_module(f"nbjudge_worker.{role}")
    for library in libraries:
        importlib.import_module(library)
    runtime.warm()
    gc.collect()
    gc.freeze()
    resource.setrlimit(resource.RLIMIT_CORE, _NO_CORE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    channel.sendall(b"R")
    try:
        runtime.serve(channel)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
