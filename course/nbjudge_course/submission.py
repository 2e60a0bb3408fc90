"""A submission on its way: what the student sends, the queue carries, and the student sees."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from nbjudge_course.problem import ProblemId
from nbjudge_course.verdict import Verdict

MAX_SOURCE_BYTES = 64 * 1024

SubmissionId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
"""32 hexadecimal digits, made by the client: sending it twice is the same submission."""

Language = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9+#]{0,15}$")]


class State(StrEnum):
    """Where a submission is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


class NewSubmission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the client posts."""

    id: SubmissionId
    problem: ProblemId
    language: Language = "python"
    source: str
    replaces: SubmissionId | None = None
    """An earlier submission of the same student to the same problem. While it has no verdict it
    is cancelled as this one is accepted, unless this one loses more points for being late."""


class Submission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An accepted submission, bound to one version of its problem."""

    id: SubmissionId
    student: str
    problem: ProblemId
    version: str
    """The digest of the problem that it is graded on."""
    language: Language
    source: str
    submitted_at: float
    """Seconds since 1970, UTC."""


class Progress(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far grading is: test `done + 1` of `total` is running."""

    done: int
    total: int


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a student may know of a submission now: in REST, websocket, widget and notebook.

    Of two snapshots of one submission the newer has the higher `revision`; with equal
    revisions the higher `attempt`, then the higher `progress.done`, is newer.
    """

    id: SubmissionId
    problem: ProblemId
    title: str
    language: Language
    state: State
    revision: int
    """Counts the recorded changes of all of this student's submissions."""
    submitted_at: float
    number: int = 1
    """This is the student's n-th submission to the problem."""
    position: int | None = None
    """How many submissions are graded before this one, while it is queued; 0 is next."""
    wait_seconds: float | None = None
    """How long that may take, at the pace of the last half minute; None when that is unknown."""
    attempt: int = 0
    """How often it was handed to a worker."""
    progress: Progress | None = None
    verdict: Verdict | None = None
    """Present when, and only when, the state is done."""
