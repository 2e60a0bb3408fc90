"""The engines by name. What cannot be used says why; nothing is ever silently weaker."""

import logging
import tempfile

from nbjudge_course.errors import Unavailable

from nbjudge_worker.sandbox.box import Sandbox
from nbjudge_worker.sandbox.bubblewrap import Bubblewrap, jail
from nbjudge_worker.sandbox.unjailed import Unjailed
from nbjudge_worker.self_test import self_test

logger = logging.getLogger(__name__)

ENGINES = ("auto", "bubblewrap", "none")


def open_sandbox(name: str) -> Sandbox:
    """Return the engine of this name. Raises Unavailable that says what is missing."""
    if name not in ENGINES:
        raise Unavailable(f"there is no sandbox {name!r}; choose one of: {', '.join(ENGINES)}")
    if name == "none":
        logger.warning("UNSAFE: without a sandbox, a student's code can do all that this user can")
        return Unjailed()
    jail()
    sandbox = Bubblewrap()
    try:
        with tempfile.NamedTemporaryFile("w", prefix="nbjudge-", suffix=".secret") as secret:
            secret.write("a box that reads this is no box")
            secret.flush()
            self_test(sandbox, secret.name)
    except BaseException:
        sandbox.close()
        raise
    return sandbox
