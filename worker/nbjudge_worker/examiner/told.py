"""What the candidate has told of an object, and what a proxy needs of the line to the candidate."""

from typing import Any, Protocol


class Candidate(Protocol):
    """What a proxy needs of the line to the candidate."""

    def ask(self, op: str, *arguments: Any, given: list[Any] | None = None) -> Any:
        """Ask and return the answer; what the call changed is copied back into `given`."""
        ...

    def stand_in(self, proxy: Any) -> type:
        """Return a base for classes of the test that inherit from a student's class."""
        ...

    def release(self, number: int) -> None:
        """Note that the proxy of this number is gone."""
        ...

    knows_classes: bool
    """Whether the tests have asked for a class of the student's by name."""
    requests: int
    """How often the student's code was asked for something."""


class Told:
    """What the candidate told about an object."""

    __slots__ = ("candidate", "family", "kind", "mixed", "name", "number", "plain", "seen", "steps")

    def __init__(
        self, candidate: Candidate, number: int, kind: str, name: str, family: str
    ) -> None:
        self.candidate, self.number, self.kind = candidate, number, kind
        self.name, self.family = name, family
        self.mixed = False  # whether it came from arithmetic with plain data
        self.plain: Any = self  # its content, when its class is a subclass of a plain type
        self.seen = 0
        self.steps = False  # whether it is the method by which a generator goes on

    @property
    def is_plain(self) -> bool:
        """Whether it is an instance of the student's own subclass of a plain type."""
        return self.plain is not self

    def remember(self, plain: Any, requests: int) -> None:
        """Note its plain content, and when it was that."""
        self.plain, self.seen = plain, requests

    def content(self) -> Any:
        """Return the plain content, asked for again only when something may have changed it.

        Otherwise an object could be something else in each of several comparisons.
        """
        if self.seen != self.candidate.requests:
            plain = self.candidate.ask("plain", self.number)
            if type(plain) is type(self.plain):
                self.plain = plain
            self.seen = self.candidate.requests
        return self.plain
