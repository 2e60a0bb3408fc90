"""The student's cell as code: notebook habits are understood, mistakes are explained."""

import linecache
import sys
import traceback
import types
from typing import Any

from nbjudge_worker.codec.source import FILENAME, compile_cell

SHARED = "<shared>"
_MAX_TEXT = 8000


class Inert:
    """Stands in for IPython's services: whatever is asked of it does nothing."""

    def __getattr__(self, name: str) -> "Inert":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: object, **__: object) -> None:
        """Do nothing."""


def new_main() -> types.ModuleType:
    """Return a fresh module in which a cell runs, like the one of a kernel."""
    module = types.ModuleType("__main__")
    module.__dict__.update(display=print, get_ipython=Inert)
    sys.modules["__main__"] = module
    return module


def run_cell(source: str, namespace: dict[str, Any], filename: str = FILENAME) -> None:
    """Compile and run a cell. Whatever the student's code raises comes out as it is."""
    code = compiled(source, filename)
    if code.co_flags & 0x80:  # CO_COROUTINE: it awaits at the top level
        run_async(eval(code, namespace))  # noqa: S307  # running it is what we are here for
    else:
        exec(code, namespace)  # noqa: S102  # the same


def compiled(source: str, filename: str = FILENAME) -> types.CodeType:
    """Compile a cell, and let tracebacks show its lines."""
    code, source = compile_cell(source, filename)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return code


def run_async(coroutine: Any) -> Any:
    """Run a coroutine to its end and return its result."""
    import asyncio  # noqa: PLC0415  # it makes every process larger, and few need it

    return asyncio.run(coroutine)


def explain(error: BaseException) -> str:
    """Return the traceback as the student should see it: lines of the cell, none of ours."""
    try:
        return _explained(error)[-_MAX_TEXT:]
    except BaseException as second:  # noqa: BLE001  # an exception's own __str__ may raise anything
        return f"{type(error).__name__} (it cannot be shown: {type(second).__name__})"


def _explained(error: BaseException) -> str:
    lines = traceback.format_exception_only(type(error), error)
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_own(frame.filename)]
    shown = own if len(own) <= 20 else own[:10] + own[-10:]
    calls = [_call(frame) for frame in shown]
    if len(own) > len(shown):
        calls.insert(10, f"  ... {len(own) - len(shown)} more calls ...\n")
    text = "".join(["Traceback (most recent call last):\n", *calls] if calls else []) + "".join(
        lines
    )
    if type(error).__name__ == "EOFError" and "reading a line" in text:
        text += "(input() found no more input)"
    return text.replace(f'File "{FILENAME}"', "Cell").rstrip()


def _is_own(filename: str) -> bool:
    return filename in (FILENAME, SHARED)


def _call(frame: traceback.FrameSummary) -> str:
    place = "Cell" if frame.filename == FILENAME else "Shared code"
    code = f"\n    {frame.line}" if frame.line else ""
    return f"  {place}, line {frame.lineno}, in {frame.name}{code}\n"
