"""The suites of the store, and of what stands on it, have a PostgreSQL server."""

from postgres_server import new_postgres_url, postgres

__all__ = ["new_postgres_url", "postgres"]
