"""Output validators of ICPC problem packages: programs that decide whether an output is right.

A validator is called with the input, the answer of the jury and a folder for feedback, reads the
output, and ends with 42 when it is right and 43 when it is not, as
https://icpc.io/problem-package-format says. This needs nothing but the standard library, for it
runs in the examiner's box as well.
"""

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from nbjudge_course.checkers import Mismatch

ACCEPTED, WRONG = 42, 43
TIMEOUT_SECONDS = 60.0


class OutputValidator:
    """A validator that is ready to run: `validator(run(data), data, answer)`.

    `compile` and `run` are commands in the folder of the files; `python3` is the Python of here.
    """

    def __init__(
        self,
        files: Mapping[str, str],
        run: Sequence[str],
        compile: Sequence[str] = (),  # noqa: A002 - what it is
    ) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._run = [sys.executable if word == "python3" else word for word in run]
        for name, source in files.items():
            Path(self._folder.name, name).write_text(source, "utf-8")
        if compile:
            made = self._done(compile, "")
            if made.returncode:
                raise ValueError(f"the output validator does not compile:\n{made.stderr}")

    def __call__(self, got: object, data: str, answer: str, *flags: str) -> None:
        """Assert that an output is right; `got` is a run or a text. Raises Mismatch."""
        exit_code = getattr(got, "exit_code", 0)
        assert exit_code == 0, f"the program ended with exit code {exit_code}"
        output = str(getattr(got, "stdout", got))
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder)
            for name, text in (("input", data), ("answer", answer)):
                (here / name).write_text(text, "utf-8")
            (here / "feedback").mkdir()
            places = [str(here / "input"), str(here / "answer"), f"{here / 'feedback'}/"]
            judged = self._done([*self._run, *places, *flags], output)
            said = _said(here / "feedback" / "teammessage.txt")
        if judged.returncode == WRONG:
            raise Mismatch(said or "the output is not right", None, output)
        if judged.returncode != ACCEPTED:
            raise RuntimeError(f"the validator ended with {judged.returncode}: {judged.stderr}")

    def _done(self, command: Sequence[str], stdin: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the author's own validator
            command,
            input=stdin,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=self._folder.name,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )


def _said(file: Path) -> str:
    return file.read_text("utf-8", "replace").strip()[:2000] if file.exists() else ""
