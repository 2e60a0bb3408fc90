"""The engines by name. What cannot be used says why; nothing is ever silently weaker."""

import logging
import tempfile

from nbjudge_course.errors import Unavailable

from nbjudge_worker.sandbox.box import Sandbox
from nbjudge_worker.sandbox.bubblewrap import Bubblewrap, jail
from nbjudge_worker.sandbox.unjailed import Unjailed
from nbjudge_worker.self_test import self_test

logger = logging.getLogger(__name__)

ENGINES = ("auto", "bubblewrap", "docker", "docker-shared", "docker:runsc", "none")


def open_sandbox(name: str) -> Sandbox:
    """Return the engine of this name. Raises Unavailable that says what is missing.

    `docker:` may be followed by any runtime that the Docker daemon has.
    """
    if name not in ENGINES and not name.startswith("docker:"):
        raise Unavailable(f"there is no sandbox {name!r}; choose one of: {', '.join(ENGINES)}")
    if name == "none":
        logger.warning("UNSAFE: without a sandbox, a student's code can do all that this user can")
        return Unjailed()
    if name == "auto":
        return _first_of("bubblewrap", "docker")
    return _tested(_opened(name))


def _first_of(*names: str) -> Sandbox:
    """Return the first engine that can be used. Raises Unavailable that says why none can."""
    reasons = []
    for name in names:
        try:
            return _tested(_opened(name))
        except Unavailable as error:
            reasons.append(f"{name}: {error}")
    raise Unavailable("; ".join(reasons))


def _opened(name: str) -> Sandbox:
    if name.startswith("docker"):
        from nbjudge_worker.sandbox.docker.engine import DockerSandbox  # noqa: PLC0415  # takes a while

        return DockerSandbox(name)
    jail()
    return Bubblewrap()


def _tested(sandbox: Sandbox) -> Sandbox:
    try:
        with tempfile.NamedTemporaryFile("w", prefix="nbjudge-", suffix=".secret") as secret:
            secret.write("a box that reads this is no box")
            secret.flush()
            self_test(sandbox, secret.name)
    except BaseException:
        sandbox.close()
        raise
    return sandbox
