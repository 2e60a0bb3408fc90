"""Opening a database brings its tables to this version; of two processes at once, one waits."""

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from nbjudge_course.errors import NbjudgeError
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).with_name("migrations")

_one_at_a_time = threading.Lock()  # alembic keeps the connection in a global


def migrate(engine: Engine) -> None:
    """Run the missing migrations in one transaction of the engine that writes.

    It begins by taking the lock of the database, so two processes do not meet here. Raise
    NbjudgeError when the database is ahead of this version.
    """
    with _one_at_a_time, engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise NbjudgeError(
                f"the database belongs to a newer nbjudge, upgrade this one: {error}"
            ) from error
