"""Opening a database makes its tables, exactly those that the code speaks of."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from nbjudge_course.errors import NbjudgeError
from nbjudge_grader_service.store import SqlStore
from nbjudge_grader_service.store.engines import open_engines
from nbjudge_grader_service.store.migrate import MIGRATIONS, migrate
from nbjudge_grader_service.store.tables import metadata
from sqlalchemy import inspect, text


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request, tmp_path):
    """Give a function that returns the URL of a new, empty database."""
    if request.param == "postgresql":
        return request.getfixturevalue("new_postgres_url")
    paths = (tmp_path / f"{name}.db" for name in "ab")
    return lambda: f"sqlite:///{next(paths)}"


@pytest.fixture
def new_engine(new_url):
    opened = []

    def engine():
        engines = open_engines(new_url(), 5.0)
        opened.append(engines)
        return engines.writer

    yield engine
    for engines in opened:
        engines.dispose()


def shape(engine):
    """Everything about the tables that the database itself can tell."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": [column | {"type": str(column["type"])} for column in columns],
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": _by_name(inspector.get_foreign_keys(table)),
            "unique": _by_name(inspector.get_unique_constraints(table)),
            "checks": _by_name(inspector.get_check_constraints(table)),
            "indexes": _by_name(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
        for columns in [inspector.get_columns(table)]
    }


def _by_name(things):
    return sorted(things, key=lambda thing: thing["name"])


def test_the_migrations_make_exactly_the_tables(new_engine):
    migrated, made = new_engine(), new_engine()
    migrate(migrated)
    metadata.create_all(made)

    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    assert shape(migrated) == shape(made)
    assert set(shape(migrated)) == set(metadata.tables)


def test_migrating_again_changes_nothing(new_engine):
    engine = new_engine()
    migrate(engine)
    before = shape(engine)

    migrate(engine)

    assert shape(engine) == before


def test_each_migration_names_its_predecessor_in_one_line():
    files = sorted(path.name for path in (MIGRATIONS / "versions").glob("v*.py"))
    sources = [Path(MIGRATIONS, "versions", name).read_text() for name in files]

    for number, source in enumerate(sources, start=1):
        previous = f'"{number - 1:04}"' if number > 1 else "None"
        assert f'revision = "{number:04}"\ndown_revision = {previous}\n' in source


def test_several_processes_may_open_a_new_database_at_once(new_url):
    url = new_url()
    program = "import sys; from nbjudge_grader_service.store import SqlStore; SqlStore.open({!r})"
    command = [sys.executable, "-c", program.format(url)]

    processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    endings = [(process.communicate()[1].decode(), process.returncode) for process in processes]

    assert [code for _, code in endings] == [0, 0, 0], endings


def test_a_database_of_a_newer_version_is_left_alone(new_url):
    url = new_url()
    engines = open_engines(url, 5.0)
    migrate(engines.writer)
    with engines.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engines.dispose()

    with pytest.raises(NbjudgeError, match="newer"):
        SqlStore.open(url)


@pytest.mark.parametrize(
    "url", ["mysql://host/name", "sqlite://", "sqlite:///:memory:", "nonsense", "redis://host"]
)
def test_another_kind_of_database_is_refused(url):
    with pytest.raises(ValueError, match="database"):
        SqlStore.open(url)
