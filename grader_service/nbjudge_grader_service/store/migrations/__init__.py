"""The history of the tables, run by alembic when the store is opened."""
