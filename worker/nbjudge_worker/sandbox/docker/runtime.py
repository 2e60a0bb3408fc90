"""The runtime that an image holds, and the digest by which a worker knows its own.

`python -m nbjudge_worker.sandbox.docker.runtime FOLDER` writes it and prints the digest.
"""

import functools
import hashlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import nbjudge_worker
from nbjudge_worker.sandbox.runtime import runtime_files

_IN_CONTAINERS = ("contained.py", "landlock.py", "relay.py")


def main() -> None:
    """Write the runtime into the folder of the one argument."""
    folder = Path(sys.argv[1])
    for source, place in _files():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / place)
    sys.stdout.write(f"{runtime_digest()}\n")


@functools.cache
def runtime_digest() -> str:
    """Return the digest of all files of the runtime and their places, in hexadecimal."""
    digest = hashlib.sha256()
    for source, place in _files():
        content = source.read_bytes()
        digest.update(f"{place}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:32]


def _files() -> list[tuple[Path, str]]:
    return sorted(_every_file(), key=lambda pair: pair[1])


def _every_file() -> Iterator[tuple[Path, str]]:
    sandbox = Path(nbjudge_worker.__file__).parent / "sandbox"
    for name in _IN_CONTAINERS:
        yield sandbox / name, f"nbjudge_worker/sandbox/{name}"
    for source, place in runtime_files():
        if source.is_file():
            yield source, place
        for path in sorted(source.rglob("*")) if source.is_dir() else ():
            if path.is_file() and "__pycache__" not in path.parts:
                yield path, f"{place}/{path.relative_to(source)}"


if __name__ == "__main__":
    main()
