"""The part that Jupyter Server loads: the routes below `nbjudge/api`."""

import functools
from typing import TYPE_CHECKING, Any

from jupyter_server.utils import url_path_join

from nbjudge.authoring import CheckHandler, PreviewHandler, PublicationHandler
from nbjudge.handout import NotebookHandler
from nbjudge.live_relay import LiveRelayHandler
from nbjudge.relay import (
    CatalogueHandler,
    CollectionHandler,
    NothingHandler,
    ProblemHandler,
    RelayHandler,
    SubmissionHandler,
    make_client,
)
from nbjudge.settings import from_environment

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

_ID = "([0-9a-f]{32})"
_PROBLEM = "([a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?)"

ROUTES: tuple[tuple[str, type[RelayHandler], str], ...] = (
    ("submissions", CollectionHandler, "submissions"),
    (f"submissions/{_ID}", SubmissionHandler, "submissions/{}"),
    ("problems", CatalogueHandler, "problems"),
    (f"problems/{_PROBLEM}", ProblemHandler, "problems/{}"),
    ("sets", CatalogueHandler, "sets"),
    ("standings", CatalogueHandler, "standings"),
    ("me", CatalogueHandler, "me"),
    (f"notebooks/{_PROBLEM}", NotebookHandler, "problems/{}/handout"),
    ("check", CheckHandler, ""),
    ("preview", PreviewHandler, ""),
    ("publication", PublicationHandler, ""),
    ("(.*)", NothingHandler, ""),
)
"""What follows nbjudge/api/, who answers it, and the service's path."""


def load(server: "ServerApp") -> None:
    """Add the routes. Whether nbjudge is set up is asked at each request, and told there."""
    base = url_path_join(server.web_app.settings["base_url"], "nbjudge", "api")
    parts: dict[str, Any] = {
        "read_settings": from_environment,
        "make_client": functools.cache(make_client),
    }
    live = {"read_settings": from_environment}
    handlers: list[tuple[str, type, dict[str, Any]]] = [
        (url_path_join(base, "live"), LiveRelayHandler, live)
    ]
    handlers += [
        (f"{base}/{pattern}", handler, {**parts, "path": path}) for pattern, handler, path in ROUTES
    ]
    application: Any = server.web_app  # it has no types
    application.add_handlers(".*$", handlers)
    server.log.info("nbjudge: relaying %s to the grading service", base)


_load_jupyter_server_extension = load
