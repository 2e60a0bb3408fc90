"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of students, problems and submissions."""
    op.create_table(
        "students",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_students"),
    )
    op.create_table(
        "problem_versions",
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("problem", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("published_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_problem_versions"),
    )
    op.create_table(
        "problems",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("opens_at", sa.Double),
        sa.Column("closes_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_problems"),
        sa.ForeignKeyConstraint(["live"], ["problem_versions.digest"], name="fk_problems_live"),
    )
    _create_submissions()


def _create_submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("student", sa.String, nullable=False),
        sa.Column("problem", sa.String(64), nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("source", sa.LargeBinary, nullable=False),
        sa.Column("submitted_at", sa.Double, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("verdict", sa.Text),
        sa.CheckConstraint(
            "(state = 'done') = (verdict IS NOT NULL)", name=op.f("ck_submissions_done_has_verdict")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.ForeignKeyConstraint(["student"], ["students.name"], name="fk_submissions_student"),
        sa.ForeignKeyConstraint(
            ["version"], ["problem_versions.digest"], name="fk_submissions_version"
        ),
        sa.UniqueConstraint("student", "revision", name="uq_submissions_student_revision"),
        sa.UniqueConstraint(
            "student", "problem", "number", name="uq_submissions_student_problem_number"
        ),
    )
    op.create_index(
        "ix_submissions_state_submitted_at_id", "submissions", ["state", "submitted_at", "id"]
    )
