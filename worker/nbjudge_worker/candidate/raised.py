"""What the student's code raised, described: class, arguments, attributes, traceback and cause."""

from collections.abc import Callable, Iterable
from typing import Any

from nbjudge_worker.candidate.cell import explain
from nbjudge_worker.candidate.handles import Handles
from nbjudge_worker.codec.named import nearest
from nbjudge_worker.codec.plain import to_json

_MAX_CAUSES = 3
_MAX_ATTRIBUTES = 32
_BEYOND_ARGUMENTS = ("filename", "filename2", "name", "path")
"""What OSError, ImportError and NameError hold elsewhere than in their arguments."""


def described(error: BaseException, handles: Handles, causes: int = _MAX_CAUSES) -> Any:
    """Return the exception as json can write it. Its text and its arguments may be anything."""
    kind = type(error)
    return {
        "X": [
            handles.refer(kind),
            nearest(kind).__name__,
            _told(lambda: [to_json(part, _shown(handles)) for part in error.args], []),
            _told(lambda: str(error), ""),
            explain(error),
            handles.number(error),
            _told(lambda: {"m": list(_attributes(error, handles))}, {"m": []}),
            _cause(error, handles, causes - 1),
        ]
    }


def _told(tell: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return tell()
    except BaseException:  # noqa: BLE001  # an exception's own methods may raise anything
        return otherwise


def _shown(handles: Handles) -> Callable[[Any], Any]:
    """Return what writes a part that is no plain data: as text, unless it is an exception."""

    def shown(value: Any) -> Any:
        if isinstance(value, BaseException):
            return described(value, handles, 0)
        return repr(value)[:1000]

    return shown


def _attributes(error: BaseException, handles: Handles) -> Iterable[Any]:
    named = {name: getattr(error, name, None) for name in _BEYOND_ARGUMENTS}
    found = {name: value for name, value in named.items() if value is not None} | vars(error)
    for name, value in list(found.items())[:_MAX_ATTRIBUTES]:
        yield from (name, to_json(value, _shown(handles)))


def _cause(error: BaseException, handles: Handles, left: int) -> Any:
    cause = _told(lambda: error.__cause__, None)
    return described(cause, handles, left) if cause is not None and left >= 0 else None
