"""A problem package of Kattis or the ICPC as it stands in its folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from nbjudge_course.errors import BadProblem
from nbjudge_course.importers.assignment import Note


def read_package(folder: Path) -> "Package":
    """Read problem.yaml. Raises BadProblem that says what is wrong with it."""
    path = folder / "problem.yaml"
    try:
        about = yaml.safe_load(path.read_text("utf-8")) or {}
    except FileNotFoundError:
        raise BadProblem(f"{folder} has no problem.yaml, so it is no problem package") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadProblem(f"{path} cannot be read: {error}") from error
    if not isinstance(about, dict):
        raise BadProblem(f"{path} must be a mapping such as `name: Hello`")
    if not isinstance(about.get("limits") or {}, dict):
        raise BadProblem(f"{path}: `limits` must be a mapping such as `time_limit: 2`")
    return Package(folder, about)


@dataclass
class Package:
    """A problem package, read."""

    folder: Path
    about: Mapping[str, Any]
    notes: list[Note] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The name, in English when there are several."""
        name = self.about.get("name") or self.folder.name
        if isinstance(name, Mapping):
            name = name.get("en") or next(iter(name.values()), self.folder.name)
        return str(name)

    def note(self, message: str) -> None:
        """Tell the author something."""
        self.notes.append(Note(message))

    def text(self, path: Path) -> str | None:
        """Return what a file says; None, and a note, when it is no text."""
        try:
            return path.read_text("utf-8")
        except UnicodeDecodeError:
            self.note(f"{path.relative_to(self.folder)} is not UTF-8 text; left out")
            return None
