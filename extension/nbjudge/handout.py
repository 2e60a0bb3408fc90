"""Handing out: a student's notebook of a problem, laid into the folder unless one is there."""

from typing import Any

import nbformat.v4
from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import ensure_async
from nbjudge_course.errors import BadMessage, Unavailable
from nbjudge_course.options import comment_mark
from nbjudge_course.problem import Statement
from nbjudge_course.wire import decode_json
from tornado import web

from nbjudge.relay import RelayHandler, service_unavailable

_OK, _FORBIDDEN = 200, 403


_format: Any = nbformat.v4  # it has no types


def handout(statement: Statement) -> dict[str, Any]:
    """Return the notebook, of format 4.5, that a student begins with."""
    language = statement.languages[0]
    mark = comment_mark(language)
    cells = [_format.new_markdown_cell(statement.statement)]
    if statement.shared:
        cells.append(_format.new_code_cell(f"{mark}| shared\n{statement.shared}"))
    starter = statement.starter.get(language, "")
    cells.append(_format.new_code_cell(f"{mark}| problem: {statement.id}\n{starter}"))
    name, title = ("python3", "Python 3") if language == "python" else (language, language)
    kernel = {"name": name, "display_name": title, "language": language}
    about = {"problem": statement.id, "version": statement.version}
    notebook: dict[str, Any] = _format.new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "nbjudge": about}
    )
    return notebook


class NotebookHandler(RelayHandler):
    """The notebook of a problem in the student's own folder."""

    @web.authenticated
    @authorized
    async def post(self, problem: str) -> None:
        """Answer its path; write it first if it is not there. What is there stays as it is."""
        path = f"{problem}.ipynb"
        contents: Any = self.contents_manager  # it has no types
        if await ensure_async(contents.file_exists(path)):
            await self.finish({"path": path, "written": False})
            return
        try:
            answer = await self._asked(self._path.format(problem), "GET")
            if answer.code != _OK:
                self.set_status(answer.code)
                await self.finish(answer.body)
                return
            statement = decode_json(answer.body, Statement)
        except (Unavailable, BadMessage) as error:
            self._refuse(503, service_unavailable(str(error)))
            return
        model = {"type": "notebook", "format": "json", "content": handout(statement)}
        await ensure_async(contents.save(model, path))
        await self.finish({"path": path, "written": True})


class StandingHandler(RelayHandler):
    """Whether the one who asks is an instructor at the service."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Ask for something that only instructors may see; what it is stays here."""
        try:
            answer = await self._asked(self._path, "GET")
        except Unavailable as error:
            self._refuse(503, service_unavailable(str(error)))
            return
        if answer.code not in {_OK, _FORBIDDEN}:
            self._refuse(503, service_unavailable("the service does not say who you are"))
            return
        await self.finish({"instructor": answer.code == _OK})
