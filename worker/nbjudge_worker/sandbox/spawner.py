"""The spawner: a warm interpreter in a jail that prepares children, each for one submission.

It never reads a byte of a student's code: it forks, and that is all. A job goes straight from
the worker to the child, whose end of the channel passes through here as a descriptor.
"""

import gc
import importlib
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from types import ModuleType

from nbjudge_worker.sandbox.fork import fork
from nbjudge_worker.sandbox.lockdown import enter_namespaces, fork_as_first, lock_down
from nbjudge_worker.sandbox.order import SIZE_BYTES, Order

_MAX_MESSAGE_BYTES = 65536
_NO_FILTER = b"-"
_ROUNDS = 10
"""So often code runs until Python writes to it no more: a child copies what is written to."""
_IDLE_SECONDS = 0.05
"""So long a child waits for its job before it warms up. A job is then quicker by a third; when they
come one after the other, warming up would only take time from them."""
_DESCRIPTORS = 5  # the channel, the output, and control groups to join or a container's leash

Prepare = Callable[[ModuleType, list[int], Order, bytes], None]
"""Makes a child ready and serves in it; never returns."""


def main() -> None:
    """Prepare children as asked. The arguments: role, control's descriptor, libraries."""
    role, control_number, *libraries = sys.argv[1:]
    spawn(socket.socket(fileno=int(control_number)), role, libraries)


def spawn(
    control: socket.socket, role: str, libraries: Sequence[str], prepare: "Prepare | None" = None
) -> None:
    """Warm up, and prepare a child for every order that comes, until the worker hangs up."""
    system_calls = control.recv(_MAX_MESSAGE_BYTES)
    is_jailed = prepare is None and system_calls != _NO_FILTER
    prepare = prepare or (_prepare if is_jailed else _prepare_bare)
    runtime = importlib.import_module(f"nbjudge_worker.{role}")
    for library in libraries:
        importlib.import_module(library)
    for _ in range(_ROUNDS):
        runtime.warm()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children need no burial
    control.send(b"ready")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, SIZE_BYTES, _DESCRIPTORS)
        if not message:
            return
        order = Order.decode(message)
        if (fork_as_first if is_jailed and order.user else fork)() == 0:
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            prepare(runtime, descriptors, order, system_calls)
        for descriptor in descriptors:
            os.close(descriptor)


def _prepare(
    runtime: ModuleType, descriptors: list[int], order: Order, system_calls: bytes
) -> None:
    """Enter new namespaces, lock down, and serve. Never returns."""
    try:
        groups = descriptors[2:]
        channel = take_streams(descriptors[:2])
        enter_namespaces(order.user)
        if order.user or fork() == 0:
            lock_down(system_calls, order)
            _join(groups)
            # The first process of its namespace: when it ends, all that it started ends with it.
            _serve(runtime, socket.socket(fileno=channel))
        _close([channel, *groups])
        os.wait()
    except BaseException as error:  # noqa: BLE001  # told to the worker by way of the output
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(0)


def _prepare_bare(runtime: ModuleType, descriptors: list[int], order: Order, _: bytes) -> None:
    """Fork into a folder of one's own and serve there. Never returns."""
    from nbjudge_worker.sandbox.bare_child import (  # noqa: PLC0415  # not there in a jail
        bound,
        enter_folder,
        leave_folder,
    )

    try:
        channel = take_streams(descriptors)
        folder = enter_folder()
        fork_to_serve(runtime, channel, lambda: bound(order))
        try:
            while True:
                os.wait()
        except ChildProcessError:
            leave_folder(folder)
    except BaseException as error:  # noqa: BLE001  # told to the worker by way of the output
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(0)


def take_streams(descriptors: list[int]) -> int:
    """Let the standard streams be the output; return the channel."""
    channel, output = descriptors
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    return channel


def _join(groups: Sequence[int]) -> None:
    """Become a member of control groups, by their open files."""
    for group in groups:
        os.write(group, b"0")
    _close(groups)


def _close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def fork_to_serve(
    runtime: ModuleType, channel: int, first: Callable[[], None] = lambda: None
) -> int:
    """Fork a child that does the first thing and then serves; return its id."""
    serving = fork()
    if serving == 0:
        first()
        _serve(runtime, socket.socket(fileno=channel))
    os.close(channel)
    return serving


def _serve(runtime: ModuleType, channel: socket.socket) -> None:
    channel.sendall(b"R")
    if not select.select([channel], [], [], _IDLE_SECONDS)[0]:
        runtime.touch()
    try:
        runtime.serve(channel)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
