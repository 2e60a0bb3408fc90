"""When a verdict was written: how fast grading goes can be told by any process, and afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the time; of verdicts so far it is not known."""
    op.add_column("submissions", sa.Column("done_at", sa.Double))
    op.create_index("ix_submissions_done_at", "submissions", ["done_at"])
