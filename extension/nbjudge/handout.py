"""Handing out: a student's notebook and data files, laid into the folder; work there stays."""

import asyncio
from pathlib import Path

from jupyter_server.auth.decorator import authorized
from nbjudge_course.errors import BadMessage, Unavailable
from nbjudge_course.handout import Handout
from nbjudge_course.release import Released, lay_out
from nbjudge_course.wire import decode_json
from tornado import web

from nbjudge.relay import RelayHandler, service_unavailable

_OK = 200


class NotebookHandler(RelayHandler):
    """The notebook of a problem in the student's own folder."""

    @web.authenticated
    @authorized
    async def post(self, problem: str) -> None:
        """Answer its path; write it first, with its files. What was worked in stays as it is.

        While the service is down, a notebook that is there is opened all the same.
        """
        folder = Path(getattr(self.contents_manager, "root_dir", ""))
        path = f"{problem}.ipynb"
        try:
            answer = await self._asked(self._path.format(problem), "GET")
            if answer.code != _OK:
                self.set_status(answer.code)
                await self.finish(answer.body)
                return
            handout = decode_json(answer.body, Handout)
        except (Unavailable, BadMessage) as error:
            if (folder / path).is_file():
                await self.finish({"path": path, "written": []})
            else:
                self._refuse(503, service_unavailable(str(error)))
            return
        try:
            written = await asyncio.to_thread(_laid_out, handout, folder, path)
        except OSError as error:
            raise web.HTTPError(500, f"{error.filename}: {error.strerror}") from error
        await self.finish({"path": path, "written": written})


def _laid_out(handout: Handout, folder: Path, path: str) -> list[str]:
    """Return the names of the files that were written."""
    laid_out = list(lay_out(handout, folder, path))
    return [name for name, became in laid_out if became is Released.WRITTEN]
