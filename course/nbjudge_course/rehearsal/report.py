"""What a rehearsal finds: the findings, and how strong the tests are."""

import msgspec


class Finding(msgspec.Struct, frozen=True, omit_defaults=False):
    """Something that is not as it should be."""

    kind: str
    """`notebook`, `run_all`, `solution`, `wrong`, `starter`, `leak`, `limits` or `strength`."""
    message: str
    cell: int | None = None
    line: int | None = None


class Survivor(msgspec.Struct, frozen=True):
    """A wrong program that would get full marks."""

    diff: str
    line: int
    """Of the solution."""


class Strength(msgspec.Struct, frozen=True):
    """How many wrong programs, made of the solution by one change each, the tests reject."""

    killed: int
    total: int
    survivors: tuple[Survivor, ...] = ()

    @property
    def share(self) -> float:
        """The share that is rejected; 1 when there was none to reject."""
        return self.killed / self.total if self.total else 1.0


class Rehearsal(msgspec.Struct, frozen=True):
    """What came of rehearsing one problem."""

    problem: str
    notebook: str
    passed: bool
    findings: tuple[Finding, ...] = ()
    strength: Strength | None = None
