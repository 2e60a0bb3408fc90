"""The sample course of a run on one machine: published to the service, laid out to be solved."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbjudge_course
from nbjudge_course.errors import Unavailable

from nbjudge_grader_service.run_folder import RunFolder
from nbjudge_grader_service.run_parts import Parts


def course_folder() -> Path | None:
    """Return the sample course: in the checkout, or where the wheel put it."""
    package = Path(nbjudge_course.__file__).parent
    found = [place for place in (package / "intro", package.parent / "intro") if place.is_dir()]
    return found[0] if found else None


def tours() -> Sequence[Path]:
    """Return the notebooks that show a student and an instructor around, in a checkout."""
    folder = Path(nbjudge_course.__file__).parent.parent.parent / "notebooks"
    return sorted(folder.glob("*.ipynb"))


async def publish(parts: Parts) -> None:
    """Send the sample course to the service."""
    course = course_folder()
    if course is not None:
        await _verb(["publish", "--yes", str(course)], parts.student_settings())


async def lay_out(folder: RunFolder) -> None:
    """Put the tours and the students' notebooks of the course into the work folder.

    Neither overwrites what somebody has worked in.
    """
    folder.lay_out(tours())
    course = course_folder()
    if course is not None:
        await _verb(["release", str(course), "--to", str(folder.notebooks)], {})


async def _verb(words: Sequence[str], settings: Mapping[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "nbjudge_course", *words),
        env={**os.environ, **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode:
        text = output.decode("utf-8", "replace")
        raise Unavailable(f"`nbjudge {' '.join(words)}` failed:\n{text}")
