"""The sets of the course, as the service tells them to students."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table of outlines."""
    op.create_table(
        "outlines",
        sa.Column("course", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("course", name="pk_outlines"),
    )
