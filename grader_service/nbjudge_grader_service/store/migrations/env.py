"""Alembic runs this file: it migrates in the transaction of the connection that it is given."""

from alembic import context

from nbjudge_grader_service.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
