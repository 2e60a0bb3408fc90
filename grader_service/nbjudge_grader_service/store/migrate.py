"""Opening a database brings its tables to this version; of two processes at once, one waits."""

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from nbjudge_course.errors import NbjudgeError
from sqlalchemy import Engine, text

MIGRATIONS = Path(__file__).with_name("migrations")
ADVISORY_LOCK = 0x6E626A75646765  # "nbjudge"

_one_at_a_time = threading.Lock()  # alembic keeps the connection in a global


def migrate(engine: Engine) -> None:
    """Run the missing migrations in one transaction, which locks the database.

    The engine's transactions begin with the write lock on SQLite; PostgreSQL is asked for an
    advisory lock. Raise NbjudgeError when the database is ahead of this version.
    """
    with _one_at_a_time, engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": ADVISORY_LOCK})
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise NbjudgeError(
                f"the database belongs to a newer nbjudge, upgrade this one: {error}"
            ) from error
