"""`nbjudge import FORMAT ...`: each format is a verb of its own, with its own options."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "kattis": "nbjudge_course.importers.kattis:main",
        "nbgrader": "nbjudge_course.importers.nbgrader:main",
        "otter": "nbjudge_course.importers.otter:main",
    }
)
"""Where the command of each format is. It takes the arguments after the format's name and returns
an exit status; the first line of its docstring is its help."""

BAD_USAGE = 2


def main(arguments: Sequence[str]) -> int:
    """Make problems of another grader's assignments: `nbjudge import FORMAT PATH OUT`."""
    if not arguments or arguments[0] in {"-h", "--help"}:
        sys.stdout.write(_usage())
        return 0
    name, *rest = arguments
    if name not in FORMATS:
        sys.stderr.write(f"nbjudge import: there is no format {name!r}\n{_usage()}")
        return BAD_USAGE
    return _command(name)(rest)


def _command(name: str) -> Callable[[Sequence[str]], int]:
    module, _, function = FORMATS[name].partition(":")
    command: Callable[[Sequence[str]], int] = getattr(import_module(module), function)
    return command


def _usage() -> str:
    rows = [
        f"  {name:<10} {(_command(name).__doc__ or '').partition(chr(10))[0]}" for name in FORMATS
    ]
    return "\n".join(["usage: nbjudge import FORMAT PATH OUT ...", "", *rows, ""])
