"""The terms of a course: due times, attempts, and what being late costs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_STATUSES = (
    "accepted",
    "wrong_answer",
    "partial",
    "time_limit_exceeded",
    "memory_limit_exceeded",
    "output_limit_exceeded",
    "runtime_error",
    "compile_error",
    "cancelled",
    "internal_error",
)


def upgrade() -> None:
    """Add the terms to problems, and to submissions what came of them."""
    op.add_column("problems", sa.Column("due_at", sa.Double))
    op.add_column("problems", sa.Column("late_deduct", sa.Double))
    op.add_column("problems", sa.Column("attempts", sa.Integer))
    op.add_column("problems", sa.Column("time_zone", sa.Text))
    op.add_column("submissions", sa.Column("status", sa.String(32)))
    op.add_column("submissions", sa.Column("deduction", sa.Double))
    verdicts = sa.table("submissions", sa.column("verdict"), sa.column("status"))
    for status in _STATUSES:
        # The JSON of every verdict so far begins with its status.
        graded = verdicts.c.verdict.startswith(f'{{"status":"{status}"', autoescape=True)
        op.execute(verdicts.update().where(graded).values(status=status))
