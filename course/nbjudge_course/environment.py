"""Settings from the environment, or from the files that it names: a secret need not stand in it."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

_FILE = "_FILE"


def setting(environment: Mapping[str, str], name: str) -> str | None:
    """Return the variable, or else the text of the file that the variable with `_FILE` names.

    Raise msgspec.ValidationError, as for every setting that is wrong, when there is no such file,
    or when both are set.
    """
    file = environment.get(name + _FILE)
    if not file:
        return environment.get(name)
    if environment.get(name):
        raise msgspec.ValidationError(f"both {name} and {name}{_FILE} are set")
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise msgspec.ValidationError(f"{name}{_FILE}: {error}") from error
