"""Print the pins of constraints.txt that hold for another Python than the one that runs pip.

`pins.py CONSTRAINTS VERSION` prints all of them without their markers, `--missed` only those that
do not hold here: pip looks at its own Python when it reads markers, whatever it fetches for.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement  # pip is needed anyway


def pins(lock: str, version: str, *, missed: bool) -> Iterator[str]:
    """Yield `name==version` for each line of the lock that holds for this full Python version."""
    there = {
        "python_full_version": version,
        "python_version": ".".join(version.split(".")[:2]),
        "sys_platform": "linux",
        "platform_python_implementation": "CPython",
    }
    for line in lock.splitlines():
        if not line.startswith((" ", "#")) and line.strip():
            pin = Requirement(line.rstrip(" \\"))
            holds = pin.marker is None or pin.marker.evaluate(there)
            if holds and not (missed and (pin.marker is None or pin.marker.evaluate())):
                yield f"{pin.name}{pin.specifier}"


if __name__ == "__main__":
    *flags, constraints, version = sys.argv[1:]
    found = pins(Path(constraints).read_text("utf-8"), version, missed="--missed" in flags)
    sys.stdout.writelines(f"{pin}\n" for pin in found)
