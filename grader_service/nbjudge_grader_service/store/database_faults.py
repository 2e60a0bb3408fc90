"""What a database's error means to the service: no space, not available now, or a bug of ours."""

import sqlite3

from nbjudge_course.errors import BadMessage, NoSpace, Unavailable
from sqlalchemy import exc

_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
_POSTGRESQL_FULL = "53100"
_POSTGRESQL_AWAY = frozenset(
    {
        "25006",  # a standby, or a server that was made read-only
        "25P03",  # this process froze in a transaction and was thrown out
    }
)


def fault_of(error: exc.SQLAlchemyError) -> Exception:
    """Return the fault that callers of the store know, or the error itself when it is a bug."""
    if isinstance(error, exc.TimeoutError):
        return Unavailable("no connection to the database became free")
    if not isinstance(error, exc.DBAPIError):
        return error
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _sqlite_fault(cause) or error
    return _postgresql_fault(error) or error


def may_pass_alone(error: exc.SQLAlchemyError) -> bool:
    """Tell whether the fault may be that of one write in a group, so that the others pass alone."""
    return not isinstance(fault_of(error), Unavailable)


def _sqlite_fault(cause: sqlite3.Error) -> Exception | None:
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the rest tells details
    if code == sqlite3.SQLITE_FULL:
        return NoSpace(f"the disk of the database is full: {cause}")
    if code in _SQLITE_AWAY:
        return Unavailable(f"the database does not answer: {cause}")
    return None


def _postgresql_fault(error: exc.DBAPIError) -> Exception | None:
    if _sqlstate(error) == _POSTGRESQL_FULL:
        return NoSpace(f"the disk of the database is full: {error.orig}")
    away = isinstance(error, exc.OperationalError | exc.InterfaceError)
    if away or error.connection_invalidated or _sqlstate(error) in _POSTGRESQL_AWAY:
        return Unavailable(f"the database does not answer: {error.orig}")
    if isinstance(error, exc.DataError):
        return BadMessage(f"the database cannot keep this: {error.orig}")
    return None


def _sqlstate(error: exc.SQLAlchemyError) -> str | None:
    cause = error.orig if isinstance(error, exc.DBAPIError) else None
    return getattr(cause, "sqlstate", None)
