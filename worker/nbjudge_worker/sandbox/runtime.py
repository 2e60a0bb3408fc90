"""The files that a box needs to run its part: the runtime, and nothing of the worker's."""

from collections.abc import Iterator
from pathlib import Path

import nbjudge_course

import nbjudge_worker

_WORKER = ("__init__.py", "candidate", "candidate_js", "examiner", "codec")
_SPAWNER = ("__init__.py", "fork.py", "lockdown.py", "order.py", "spawner.py")
_COURSE = ("__init__.py", "checkers.py", "output_validator.py")


def runtime_files() -> Iterator[tuple[Path, str]]:
    """Yield files and folders, and their places below a folder that boxes have on their path."""
    worker = Path(nbjudge_worker.__file__).parent
    for name in (*_WORKER, *(f"sandbox/{name}" for name in _SPAWNER)):
        if (worker / name).exists():
            yield worker / name, f"nbjudge_worker/{name}"
    course = Path(nbjudge_course.__file__).parent
    for name in _COURSE:
        yield course / name, f"nbjudge_course/{name}"
