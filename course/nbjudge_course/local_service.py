"""Which service a command speaks to: as said, as the environment says, or that of `nbjudge run`."""

import contextlib
import json
import os
from pathlib import Path

from nbjudge_course.service_client import DEFAULT_URL

RUN_FOLDER = Path(".nbjudge")
"""Where `nbjudge run` keeps what it writes, in the folder in which it was started."""
SERVICE_FILE = "service"
TOKENS_FILE = "tokens.json"


def service_for(url: str | None, token: str | None) -> tuple[str, str]:
    """Return the address of the service and the token for it; the token may be empty.

    The secret of this machine's own service goes to no address that was said otherwise.
    """
    url = url or os.environ.get("NBJUDGE_SERVICE_URL")
    token = token or os.environ.get("NBJUDGE_TOKEN") or os.environ.get("JUPYTERHUB_API_TOKEN")
    if url is None:
        here = Path.cwd()
        for folder in (here, *here.parents):
            if local := local_url(folder / RUN_FOLDER):
                return local, token or local_token(folder / RUN_FOLDER) or ""
    return url or DEFAULT_URL, token or ""


def local_url(folder: Path) -> str | None:
    """Return the address of the service that `nbjudge run` keeps in a folder, or None.

    What another user wrote, in a folder that all share, is not followed: tests and tokens would go
    to any address.
    """
    file = folder / SERVICE_FILE
    with contextlib.suppress(OSError):
        if file.stat().st_uid == os.getuid():
            return file.read_text().strip() or None
    return None


def local_token(folder: Path) -> str | None:
    """Return the secret of this machine's one user, or None before the first run."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        return str(next(iter(json.loads((folder / TOKENS_FILE).read_text()))))
    return None
