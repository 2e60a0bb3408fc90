"""The spawner: a warm interpreter in a jail that prepares children, each for one submission.

It never reads a byte of a student's code: it forks, and that is all. A job goes straight from
the worker to the child, whose end of the channel passes through here as a descriptor.
"""

import gc
import importlib
import os
import signal
import socket
import sys
from types import ModuleType

from nbjudge_worker.sandbox.lockdown import enter_namespaces, lock_down

_MAX_MESSAGE_BYTES = 65536


def main() -> None:
    """Prepare children as asked. The arguments: role, control's descriptor, libraries."""
    role, control_number, *libraries = sys.argv[1:]
    control = socket.socket(fileno=int(control_number))
    system_calls = control.recv(_MAX_MESSAGE_BYTES)
    runtime = importlib.import_module(f"nbjudge_worker.{role}")
    for library in libraries:
        importlib.import_module(library)
    runtime.warm()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children need no burial
    control.send(b"ready")
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 16, 2)
        if not data:
            return
        if os.fork() == 0:
            control.close()
            _prepare(runtime, descriptors, system_calls)
        for descriptor in descriptors:
            os.close(descriptor)


def _prepare(runtime: ModuleType, descriptors: list[int], system_calls: bytes) -> None:
    """Fork into new namespaces, lock down, and serve in the last of the forks. Never returns."""
    channel, output = descriptors
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        enter_namespaces()
        first = os.fork()
        if first == 0:
            lock_down(system_calls)
            # The first process of a namespace cannot be killed by its own: it only watches, and
            # when the one that serves has ended, all that was left behind ends with it.
            first = os.fork()
            if first == 0:
                _serve(runtime, socket.socket(fileno=channel))
        os.close(channel)
        os.waitpid(first, 0)
    except BaseException as error:  # noqa: BLE001  # told to the worker by way of the output
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(0)


def _serve(runtime: ModuleType, channel: socket.socket) -> None:
    channel.sendall(b"R")
    try:
        runtime.serve(channel)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
