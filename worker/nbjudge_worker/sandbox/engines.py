"""The engines by name. What cannot be used says why; nothing is ever silently weaker."""

from nbjudge_course.errors import Unavailable

from nbjudge_worker.sandbox.box import Sandbox
from nbjudge_worker.sandbox.bubblewrap import Bubblewrap, jail

ENGINES = ("auto", "bubblewrap")


def open_sandbox(name: str) -> Sandbox:
    """Return the engine of this name. Raises Unavailable that says what is missing."""
    if name not in ENGINES:
        raise Unavailable(f"there is no sandbox {name!r}; choose one of: {', '.join(ENGINES)}")
    jail()
    return Bubblewrap()
