"""The verb `nbjudge workers`: the scaler in the foreground, put together from its real parts."""

import argparse
import logging
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Sequence

import msgspec
from nbjudge_course.errors import Unavailable
from nbjudge_course.parent import die_with_parent

from nbjudge_worker.sandbox.docker.settings import DockerSettings
from nbjudge_worker.scaling.backend import Backend
from nbjudge_worker.scaling.containers import SOCKET, Containers, Make
from nbjudge_worker.scaling.lookout import Lookout
from nbjudge_worker.scaling.processes import Processes
from nbjudge_worker.scaling.rule import Limits
from nbjudge_worker.scaling.scaler import GRACE_SECONDS, Scaler
from nbjudge_worker.settings import Settings

JAILER = "nbjudge-worker-bubblewrap"
"""The image of `deploy/images/build-worker.sh`."""

DOORS = "/var/lib/nbjudge/doors"
"""Where boxes have their doors unless a folder is set: /tmp is each container's own."""


def main(arguments: Sequence[str]) -> int:
    """Let workers come and go with the queue, on this machine or in containers."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        limits = limits_of(options)
    except ValueError as error:
        parser.error(str(error))
    try:
        settings = Settings.from_environment()
    except msgspec.ValidationError as error:
        sys.stderr.write(f"nbjudge: a setting is wrong: {error}\n")
        return 2
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s: %(message)s")
    if settings.die_with_parent:
        die_with_parent(settings.die_with_parent)
    try:
        backend, name = _backend(options, settings)
        _scale(Lookout(settings.redis_url, name), backend, limits, name, options.grace)
    except Unavailable as error:
        sys.stderr.write(f"nbjudge: {error}\n")
        return 1
    return 0


def _scale(
    lookout: Lookout, backend: Backend, limits: Limits, name: str, grace_seconds: float
) -> None:
    scaler = Scaler(lookout, backend, limits, name=name, tell=_tell, grace_seconds=grace_seconds)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: scaler.stop())
    _tell(f"{name}: {limits.least} to {limits.most} workers")
    try:
        scaler.run()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _tell("all workers finish their jobs and end; Ctrl-C again does not wait for them")
        try:
            scaler.end()
        finally:
            backend.close()
            lookout.close()


def _backend(options: argparse.Namespace, settings: Settings) -> tuple[Backend, str]:
    """Return where the workers run, and the scaler's name. Raises Unavailable."""
    if options.backend == "processes":
        made_up = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        return Processes(), options.name or made_up
    containers = Containers(_make(options, settings), options.name)
    return containers, containers.scaler


def _make(options: argparse.Namespace, settings: Settings) -> Make:
    docker = DockerSettings.from_environment({"NBJUDGE_DOCKER_FOLDER": DOORS, **os.environ})
    boxes_are_containers = settings.sandbox.startswith("docker")
    return Make(
        image=options.image or ("nbjudge-worker" if boxes_are_containers else JAILER),
        network=options.network,
        docker_socket=options.docker_socket if boxes_are_containers else None,
        makes_namespaces=settings.sandbox in {"auto", "bubblewrap"},
        docker_folder=docker.folder,
        environment={
            "NBJUDGE_REDIS_URL": settings.redis_url,
            "NBJUDGE_SANDBOX": settings.sandbox,
            "NBJUDGE_LEASE_SECONDS": str(settings.lease_seconds),
            "NBJUDGE_LOG_LEVEL": settings.log_level,
            "NBJUDGE_DOCKER_IMAGE": docker.image,
            "NBJUDGE_DOCKER_AHEAD": str(docker.ahead),
            "NBJUDGE_DOCKER_CPUS": str(docker.cpus),
            "NBJUDGE_DOCKER_FOLDER": docker.folder,
        },
    )


def add_limits(parser: argparse.ArgumentParser, most: int) -> None:
    """Add the options of which `limits_of` makes the limits."""
    default = Limits(most=most)
    parser.add_argument(
        "--min", type=int, default=default.least, help="fewest workers (%(default)s)"
    )
    parser.add_argument(
        "--waiting-per-worker",
        type=int,
        metavar="N",
        default=default.waiting_per_worker,
        help="a worker for each N jobs that wait (%(default)s)",
    )
    parser.add_argument(
        "--hold",
        type=float,
        metavar="SECONDS",
        default=default.hold_seconds,
        help="keep workers that were needed within this time (%(default)s)",
    )
    parser.add_argument(
        "--halve",
        type=float,
        metavar="SECONDS",
        default=default.halve_seconds,
        help="at most half of the workers go in so long (%(default)s)",
    )


def limits_of(options: argparse.Namespace, most: int | None = None) -> Limits:
    """Return the limits that were asked for. Raises ValueError that says what is impossible."""
    return Limits(
        least=options.min,
        most=options.max if most is None else most,
        waiting_per_worker=options.waiting_per_worker,
        hold_seconds=options.hold,
        halve_seconds=options.halve,
    )


def _parser() -> argparse.ArgumentParser:
    cores = os.cpu_count() or 1
    parser = argparse.ArgumentParser(prog="nbjudge workers", description=main.__doc__)
    parser.add_argument(
        "--max", type=int, default=cores, help="most workers (one a core: %(default)s)"
    )
    add_limits(parser, cores)
    parser.add_argument("--backend", choices=("processes", "containers"), default="processes")
    parser.add_argument(
        "--name", default="", help="by which a later start finds these containers again"
    )
    parser.add_argument(
        "--grace",
        type=float,
        metavar="SECONDS",
        default=GRACE_SECONDS,
        help="a worker that shall end may take so long for its job (%(default)s)",
    )
    group = parser.add_argument_group("containers")
    group.add_argument("--image", help=f"(nbjudge-worker; for bubblewrap {JAILER})")
    group.add_argument(
        "--network", default="bridge", help="from which Redis is reached (%(default)s)"
    )
    group.add_argument(
        "--docker-socket",
        metavar="PATH",
        default=SOCKET,
        help="for boxes in containers: the daemon's socket on its machine (%(default)s)",
    )
    return parser


def _tell(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()
