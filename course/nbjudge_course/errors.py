"""The faults that every part of nbjudge may meet. A verdict is a value and never one of these.

NbjudgeError
├── BadMessage        a message that is not of the agreed shape
├── BadProblem        a problem that cannot be used as it was written
├── NotFound          a problem or submission that is not there
├── Conflict          an id that somebody already uses for something else
├── AttemptsSpent     a student has submitted as often as the course allows
└── Unavailable       a part that does not answer now
    └── NoSpace       a disk that is full
"""


class NbjudgeError(Exception):
    """Something in nbjudge went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class BadMessage(NbjudgeError):
    """The message is not of the agreed shape."""


class BadProblem(NbjudgeError):
    """The problem cannot be used as it was written."""


class NotFound(NbjudgeError):
    """There is no such problem or submission."""


class Conflict(NbjudgeError):
    """The id already belongs to something else."""


class AttemptsSpent(NbjudgeError):
    """All attempts at this problem are used."""


class Unavailable(NbjudgeError):
    """A part of nbjudge does not answer now."""


class NoSpace(Unavailable):
    """The disk is full."""


def in_words(error: Exception) -> str:
    """Return what to tell people of an error; of the system's own, without its number."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)
