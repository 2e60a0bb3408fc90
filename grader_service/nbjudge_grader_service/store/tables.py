"""The tables: students, versions of problems, live problems, sets, submissions."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

students = Table(
    "students",
    metadata,
    Column("name", String, primary_key=True),
    # Counts the recorded changes of all of the student's submissions. Its row is the lock under
    # which they change, so that revisions become visible in their order.
    Column("revision", Integer, nullable=False),
)

# Every version that was ever published: a submission keeps the one that it is graded on.
versions = Table(
    "problem_versions",
    metadata,
    Column("digest", String(32), primary_key=True),
    Column("problem", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),  # MessagePack of Problem
    Column("published_at", Double, nullable=False),  # for the first time; seconds since 1970, UTC
)

problems = Table(
    "problems",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("live", String(32), ForeignKey(versions.c.digest), nullable=False),
    Column("opens_at", Double),
    Column("closes_at", Double),
    Column("due_at", Double),
    Column("late_deduct", Double),
    Column("attempts", Integer),
    Column("time_zone", Text),
)

COURSE = "course"  # a service has one, so its outline is the only row

# What the course file says of sets.
outlines = Table(
    "outlines",
    metadata,
    Column("course", String(64), primary_key=True),
    Column("content", Text, nullable=False),  # JSON of Outline
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("student", String, ForeignKey(students.c.name), nullable=False),
    Column("problem", String(64), nullable=False),
    Column("version", String(32), ForeignKey(versions.c.digest), nullable=False),
    Column("language", String(16), nullable=False),
    # UTF-8 bytes, because PostgreSQL's text cannot hold the NUL that a student may well type.
    Column("source", LargeBinary, nullable=False),
    Column("submitted_at", Double, nullable=False),  # seconds since 1970, UTC
    Column("number", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("verdict", Text),  # JSON of Verdict
    Column("status", String(32)),  # that of the verdict
    Column("deduction", Double),  # the share of the points that being late costs, 0 to 1
    Column("done_at", Double),  # when the verdict was written; seconds since 1970, UTC
    CheckConstraint("(state = 'done') = (verdict IS NOT NULL)", name="done_has_verdict"),
    UniqueConstraint("student", "revision"),
    UniqueConstraint("student", "problem", "number"),
    Index(None, "state", "submitted_at", "id"),
    Index(None, "done_at"),
)
