"""Program problems in an author's own Jupyter: `%load_ext nbjudge_course.programs` gives `run`.

A program reads its input, so its cells cannot simply be run in a notebook. With this extension
running a `solution` cell keeps it, and `run(stdin)` in a test cell starts it anew, as the judge
does; so does `talk()`, and the checkers are there as well.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from nbjudge_course import authoring
from nbjudge_course.checkers import check, exact, floats, lines, numbers, tokens, unordered
from nbjudge_course.errors import NbjudgeError
from nbjudge_course.languages import LANGUAGES, Language
from nbjudge_course.options import Role, RoleCell
from nbjudge_course.output_validator import OutputValidator

TIMEOUT_SECONDS = 60.0
_MEMORY_MIB = "256"


@dataclass(frozen=True)
class Run:
    """How one run of a program ended."""

    stdout: str
    stderr: str
    exit_code: int
    cpu_seconds: float
    wall_seconds: float


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
        return run_program(self._kept.source, self._language(self._kept), stdin, args)

    def talk(self, args: Sequence[str] = ()) -> "Talk":
        """Start the solution to talk with it, line by line."""
        if self._kept is None:
            raise NbjudgeError("run the `#| solution` cell first, it is the program")
        return Talk(self._kept.source, self._language(self._kept), args)

    def _language(self, cell: RoleCell) -> Language:
        name = cell.get("language") or _FIRST[cell.mark]
        if name not in LANGUAGES:
            raise NbjudgeError(f"{name} is no language of programs: {', '.join(LANGUAGES)}")
        return LANGUAGES[name]


_FIRST: Mapping[str, str] = MappingProxyType({"#": "python", "//": "c", "--": "lua"})
"""The language of a cell that names none, by its comment mark."""


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - IPython has no types
    """Give `run` and `raises` to the notebook, and keep its programs from running by themselves."""
    programs = Programs()
    words = (OutputValidator, check, exact, floats, lines, numbers, tokens, unordered)
    names = {word.__name__: word for word in words}
    given = {"raises": authoring.raises, "run": programs.run, "talk": programs.talk}
    shell.push({**names, **given}, interactive=False)
    authoring.keep_cells(shell, programs.keep)


def run_program(source: str, language: Language, stdin: str, args: Sequence[str]) -> Run:
    """Run a program in an empty folder. Raises NbjudgeError when it does not compile."""
    with tempfile.TemporaryDirectory() as folder:
        command = _made_ready(source, language, folder)
        return _done([*command, *args], stdin, language, folder)


class Talk:
    """A program that runs while a test writes to it and reads from it, line by line."""

    def __init__(self, source: str, language: Language, args: Sequence[str]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        command = _made_ready(source, language, self._folder.name)
        self._began = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - as in _done
            [*command, *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=self._folder.name,
            env={**os.environ, **language.variables(self._folder.name)},
        )
        self._printed: list[str] = []
        self.ended: Run | None = None
        """How it ended, once `close` was called."""

    def write(self, text: str) -> None:
        """Let the program read this from its standard input. A line needs its line end."""
        with contextlib.suppress(BrokenPipeError):
            assert self._process.stdin is not None
            self._process.stdin.write(text)
            self._process.stdin.flush()

    def readline(self) -> str:
        """Wait for the next line that the program prints; an empty text when it prints no more."""
        assert self._process.stdout is not None
        self._printed.append(self._process.stdout.readline())
        return self._printed[-1]

    def close(self) -> Run:
        """End the program's input, wait for its end, and return how it ended."""
        if self.ended is None:
            with contextlib.suppress(BrokenPipeError):
                self._printed.append(self._process.communicate(timeout=TIMEOUT_SECONDS)[0])
            seconds = time.monotonic() - self._began
            said = "".join(self._printed)
            self.ended = Run(said, "", self._process.returncode, seconds, seconds)
            self._folder.cleanup()
        return self.ended

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self._process.kill()
            self._process.communicate()
            self._folder.cleanup()


def _made_ready(source: str, language: Language, folder: str) -> list[str]:
    """Compile the source and return the command that starts the program."""
    Path(folder, language.file).write_text(source, "utf-8")
    if language.compile:
        made = _done(language.compile, "", language, folder)
        if made.exit_code:
            raise NbjudgeError(f"the solution does not compile:\n{made.stderr or made.stdout}")
    if language.name == "python":
        return [sys.executable, language.file]
    return [word.replace("{memory}", _MEMORY_MIB) for word in language.run]


def _done(command: Sequence[str], stdin: str, language: Language, folder: str) -> Run:
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
            env={**os.environ, **language.variables(folder)},
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise NbjudgeError(
            f"{command[0]} is not installed: sudo apt-get install {language.packages}"
        ) from error
    seconds = time.monotonic() - start
    return Run(done.stdout, done.stderr, done.returncode, seconds, seconds)
