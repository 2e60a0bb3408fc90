"""Program problems in an author's own Jupyter: `%load_ext nbjudge_course.programs` gives `run`.

A program reads its input, so its cells cannot simply be run in a notebook. With this extension
running a `solution` cell keeps it, and `run(stdin)` in a test cell starts it anew, as the judge
does.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nbjudge_course import authoring
from nbjudge_course.errors import NbjudgeError
from nbjudge_course.options import Role, RoleCell

TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True)
class Toolchain:
    """How a program of one language is started here. `{source}` and `{program}` are paths."""

    file: str
    run: tuple[str, ...]
    compile: tuple[str, ...] = ()


TOOLCHAINS: Mapping[str, Toolchain] = MappingProxyType(
    {
        "python": Toolchain("main.py", (sys.executable, "{source}")),
        "bash": Toolchain("main.sh", ("bash", "{source}")),
        "javascript": Toolchain("main.js", ("node", "{source}")),
        "c": Toolchain(
            "main.c", ("{program}",), ("cc", "-O2", "-o", "{program}", "{source}", "-lm")
        ),
        "cpp": Toolchain("main.cpp", ("{program}",), ("c++", "-O2", "-o", "{program}", "{source}")),
    }
)


@dataclass(frozen=True)
class Run:
    """How one run of a program ended."""

    stdout: str
    stderr: str
    exit_code: int
    seconds: float


class Programs:
    """Keeps the solution's cell of a notebook and runs it."""

    def __init__(self) -> None:
        self._kept: RoleCell | None = None

    def keep(self, cell: RoleCell) -> bool:
        """Remember a solution; return whether the cell is to be kept from running."""
        if cell.role is Role.SOLUTION:
            self._kept = cell
        return cell.role in {Role.STARTER, Role.SOLUTION, Role.WRONG}

    def run(self, stdin: str = "", args: Sequence[str] = ()) -> Run:
        """Start the solution with this standard input and these arguments."""
        if self._kept is None:
            raise NbjudgeError("run the `#| solution` cell first, it is the program")
        language = self._kept.get("language") or _FIRST[self._kept.mark]
        if language not in TOOLCHAINS:
            raise NbjudgeError(f"{language} cannot be run here; `nbjudge check` can")
        return run_program(self._kept.source, TOOLCHAINS[language], stdin, args)


_FIRST: Mapping[str, str] = MappingProxyType({"#": "python", "//": "c", "--": "lua"})
"""The language of a cell that names none, by its comment mark."""


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - IPython has no types
    """Give `run` and `raises` to the notebook, and keep its programs from running by themselves."""
    programs = Programs()
    shell.push({"raises": authoring.raises, "run": programs.run}, interactive=False)
    authoring.keep_cells(shell, programs.keep)


def run_program(source: str, tools: Toolchain, stdin: str, args: Sequence[str]) -> Run:
    """Run a program in an empty folder. Raises NbjudgeError when it does not compile."""
    with tempfile.TemporaryDirectory() as folder:
        names = {"source": str(Path(folder, tools.file)), "program": str(Path(folder, "main"))}
        Path(names["source"]).write_text(source, "utf-8")
        if tools.compile:
            compiled = _started([part.format(**names) for part in tools.compile], "", folder)
            if compiled.exit_code:
                raise NbjudgeError(f"the solution does not compile:\n{compiled.stderr}")
        return _started([*(part.format(**names) for part in tools.run), *args], stdin, folder)


def _started(command: Sequence[str], stdin: str, folder: str) -> Run:
    start = time.monotonic()
    try:
        done = subprocess.run(  # noqa: S603 - the author's own program, on the author's machine
            command,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            cwd=folder,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise NbjudgeError(f"{command[0]} is not installed") from error
    return Run(done.stdout, done.stderr, done.returncode, time.monotonic() - start)
