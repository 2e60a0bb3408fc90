"""What an author asks of a problem's notebook: check it, see it as a student, publish it."""

import asyncio
import json
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from nbjudge_course.errors import NbjudgeError
from nbjudge_course.wire import Refusal
from tornado import web

from nbjudge.rehearsing import rehearse
from nbjudge.relay import RelayHandler


class AuthorHandler(RelayHandler):
    """Works on a notebook in the folder of this Jupyter server."""

    def notebook(self, path: object) -> Path:
        """Return the file of a path as the browser says it. Raises HTTPError."""
        root = Path(getattr(self.contents_manager, "root_dir", "")).resolve()
        file = (root / str(path).lstrip("/")).resolve()
        if not file.is_relative_to(root) or not file.is_file():
            raise web.HTTPError(404, "there is no such notebook")
        return file

    def said(self) -> dict[str, Any]:
        """Return the JSON object that the browser sent. Raises HTTPError."""
        try:
            body = json.loads(self.request.body)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise web.HTTPError(400, "send a JSON object")
        return body

    def cannot(self, error: Exception) -> None:
        """Answer why it could not be done, in the words of its fault."""
        self._refuse(422, Refusal(reason="bad_notebook", message=str(error)))


class CheckHandler(AuthorHandler):
    """A rehearsal of the saved notebook."""

    _task: asyncio.Task[list[dict[str, Any]]] | None = None

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Answer what was found. It is given up when the browser hangs up."""
        self._task = asyncio.create_task(rehearse(self.notebook(self.said().get("path"))))
        try:
            await self.finish({"problems": await self._task})
        except NbjudgeError as error:
            self.cannot(error)
        except asyncio.CancelledError:
            self.set_status(204)

    def on_connection_close(self) -> None:
        """Nobody waits any longer."""
        if self._task is not None:
            self._task.cancel()


class PreviewHandler(AuthorHandler):
    """The student's view of the saved notebook."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer the notebook that students would get, and what of it they should not."""
        file = self.notebook(self.get_query_argument("path"))
        try:
            notebook, leaked = await asyncio.to_thread(_released, file)
        except NbjudgeError as error:
            self.cannot(error)
            return
        await self.finish({"notebook": notebook, "leaks": leaked})


class PublicationHandler(AuthorHandler):
    """A new version of the problem; the service asks whether an instructor sends it."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Answer what changes, a line a problem. Nothing is sent unless it is confirmed."""
        said = self.said()
        file = self.notebook(said.get("path"))
        confirmed = said.get("confirmed") is True
        try:
            settings = self._read_settings()
            lines = await asyncio.to_thread(
                _published, file, settings.service_url, settings.token, confirmed
            )
        except NbjudgeError as error:
            self.cannot(error)
            return
        await self.finish({"lines": lines, "published": confirmed})


def _released(file: Path) -> tuple[dict[str, Any], list[str]]:
    from nbjudge_course.notebook import read_problem  # noqa: PLC0415  # only authors need it
    from nbjudge_course.release import leaks, student_notebook  # noqa: PLC0415  # as above

    problem = read_problem(file)
    notebook = student_notebook(problem)
    return notebook, leaks(problem, notebook)


def _published(file: Path, url: str, token: str, confirmed: bool) -> list[str]:  # noqa: FBT001 - asked by name of its caller
    from nbjudge_course.publish import (  # noqa: PLC0415  # as above
        apply,
        plan,
        publications_of,
        shown,
        tell_sets,
    )
    from nbjudge_course.service_client import ServiceClient  # noqa: PLC0415  # as above

    service = ServiceClient(url, token)
    planned = plan(publications_of(file), service)
    if confirmed:
        apply(planned, service)
        tell_sets(file, service)
    return list(shown(planned))
