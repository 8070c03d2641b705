"""what a database cannot do
├── SQLite
│   ├── locked by another process: said after seconds, and over when that ends
│   ├── its disk is full: nothing of the transaction stays
│   ├── read-only, damaged, without tables, with tables of another version
│   └── what a query is wrong about is not taken for any of these
└── PostgreSQL
    ├── stopped: said, and over when it is started again, with the same object
    ├── locked, slow, full (in COPY as well), read-only, forbidden, out of connections, missing
    ├── a reader that changes something is wrong itself
    └── no password in what is said
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event, select, text
from sqlalchemy.exc import DBAPIError
from support.postgres import find_binaries
from support.stoppable import stoppable

from backend.db import bulk, connecting, session
from backend.db.connecting import LOCK_SECONDS
from backend.db.models import Block, Cursor
from backend.db.session import Database, DatabaseUnavailableError, DatabaseUrlError

BLOCK = (7, "0x07", "0x06", "0x00", 1, 1)
HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def write(database: Database, number: int = 7) -> None:
    """Add a block, as the indexer does."""
    with database.transaction() as opened:
        bulk.insert(opened.connection(), Block.__table__, [(number, *BLOCK[1:])])  # type: ignore[arg-type]


def read(database: Database) -> list[int]:
    """The numbers of all blocks."""
    with database.reading() as opened:
        return list(opened.scalars(select(Block.number).order_by(Block.number)))


@contextmanager
def refused(code: str, detail: str) -> Iterator[None]:
    """Something that the database cannot do, with the reason."""
    with pytest.raises(DatabaseUnavailableError) as caught:
        yield
    assert (caught.value.code, caught.value.detail) == (code, detail)
    assert caught.value.status == 503


LOCKED = "Somebody else holds the database's lock for longer than can be waited for."
FULL = "The database's disk is full."
NO_TABLES = "The database has no tables yet. Run `termin index` first."
OUTDATED = "The tables are not those of this version. Run `termin index` to bring them up to date."
READ_ONLY = "The database takes no changes: it is read-only."
AWAY = "The database does not answer, or has closed the connection."
FORBIDDEN = "The database refuses this user or password, or what it is asked for."


@contextmanager
def refused_after_one_wait(database: Database, words: str) -> Iterator[None]:
    """A lock that somebody holds, which the statement with these words waits for, once.

    Not for how long at most: SQLite counts only what it meant to sleep, and a busy machine sleeps
    longer.
    """
    waits: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if words in statement:
            waits.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    begun = time.monotonic()
    with refused("database-locked", LOCKED):
        yield
    assert time.monotonic() - begun >= LOCK_SECONDS
    event.remove(database.engine, "before_cursor_execute", note)
    assert len(waits) == 1


# --- SQLite ---


def test_locked_by_another_process(database: Database) -> None:
    database.migrate()
    command = [sys.executable, "-c", HOLDER, str(database.url.database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with database.engine.connect() as connection:
            limit = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
        assert limit == LOCK_SECONDS * 1000
        with refused_after_one_wait(database, "BEGIN IMMEDIATE"):
            write(database)
        assert read(database) == []
        holder.communicate()
    write(database)
    assert read(database) == [7]


def test_a_full_disk_leaves_nothing_of_the_transaction(database: Database) -> None:
    database.migrate()
    write(database, 1)
    with database.engine.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))

    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

    event.listen(database.engine, "engine_connect", limit)
    many = [(number, "0x" + "a" * 64, "0x" + "b" * 64, "0x", 1, 1) for number in range(10, 2000)]
    with refused("database-full", FULL), database.transaction() as opened:
        bulk.insert(opened.connection(), Block.__table__, many)  # type: ignore[arg-type]
    assert read(database) == [1]
    event.remove(database.engine, "engine_connect", limit)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    write(database, 2)
    assert read(database) == [1, 2]


def test_read_only(database: Database) -> None:
    database.migrate()

    def forbid(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA query_only = ON")

    event.listen(database.engine, "engine_connect", forbid)
    with refused("database-read-only", READ_ONLY):
        write(database)
    assert read(database) == []


def test_damaged(database: Database) -> None:
    Path(str(database.url.database)).write_bytes(b"This is no database at all. " * 400)
    detail = "The database file is damaged, or is no database. Move it away and run `termin index`."
    with refused("database-damaged", detail):
        read(database)
    with refused("database-damaged", detail):
        database.migrate()


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    found = Database(f"sqlite:///{tmp_path}")
    with refused("database-unreachable", AWAY):
        read(found)


# --- both ---


def test_without_tables(any_database: Database) -> None:
    with any_database.engine.connect():
        pass
    with refused("tables-missing", NO_TABLES):
        read(any_database)
    with refused("tables-missing", NO_TABLES):
        write(any_database)


def test_with_tables_of_another_version(any_database: Database) -> None:
    any_database.migrate()
    with any_database.transaction() as opened:
        opened.execute(text("ALTER TABLE cursor DROP COLUMN final_block"))
    with refused("tables-outdated", OUTDATED), any_database.reading() as opened:
        opened.get(Cursor, 1)


def test_what_a_query_is_wrong_about_stays_an_error(any_database: Database) -> None:
    any_database.migrate()
    write(any_database)
    with pytest.raises((DBAPIError, psycopg.errors.UniqueViolation)):
        write(any_database)
    assert read(any_database) == [7]


# --- PostgreSQL ---


def test_stopped_and_started_again() -> None:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed: initdb was not found")
    with stoppable(binaries) as server:
        found = Database(server.url)
        found.migrate()
        write(found, 1)
        with refused("database-unreachable", AWAY), found.transaction() as opened:
            bulk.insert(opened.connection(), Block.__table__, [BLOCK])  # type: ignore[arg-type]
            server.stop()
            bulk.insert(opened.connection(), Block.__table__, [(8, *BLOCK[1:])])  # type: ignore[arg-type]
        with refused("database-unreachable", AWAY):
            read(found)
        server.start()
        assert read(found) == [1]
        write(found, 2)
        assert read(found) == [1, 2]
        found.close()


def test_a_lock_that_somebody_holds(postgres_database: Database) -> None:
    postgres_database.migrate()
    other = Database(postgres_database.url.render_as_string(hide_password=False))
    with other.transaction():
        with postgres_database.reading() as opened:
            assert opened.scalar(text("SHOW lock_timeout")) == f"{LOCK_SECONDS}s"
        with refused_after_one_wait(postgres_database, "pg_advisory_xact_lock"):
            write(postgres_database)
        assert read(postgres_database) == []
    write(postgres_database)
    assert read(postgres_database) == [7]
    other.close()


def test_tables_that_are_being_changed(postgres_database: Database) -> None:
    postgres_database.migrate()
    with postgres_database.transaction() as opened:
        opened.execute(text("LOCK TABLE blocks IN ACCESS EXCLUSIVE MODE"))
        with refused("database-locked", LOCKED):
            read(postgres_database)


def test_a_question_that_takes_too_long(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "READER_SECONDS", 1)
    hurried = Database(postgres_database.url.render_as_string(hide_password=False))
    detail = "The database did not answer in the time that a reader may take."
    with refused("database-slow", detail), hurried.reading() as opened:
        opened.execute(text("SELECT pg_sleep(5)"))
    with hurried.transaction() as opened:
        opened.execute(text("SELECT pg_sleep(1.5)"))
    hurried.close()


@pytest.mark.parametrize(
    ("state", "code", "detail"),
    [
        ("53100", "database-full", FULL),
        ("58030", "database-failed", "The database failed."),
        ("53200", "database-failed", "The database failed."),
    ],
)
def test_what_the_server_reports_while_rows_are_copied(
    postgres_database: Database, state: str, code: str, detail: str
) -> None:
    postgres_database.migrate()
    body = f"BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END"
    function = f"CREATE FUNCTION fail() RETURNS trigger AS $${body}$$ LANGUAGE plpgsql"
    with postgres_database.transaction() as opened:
        opened.execute(text(function))
        opened.execute(text("CREATE TRIGGER fail BEFORE INSERT ON blocks EXECUTE FUNCTION fail()"))
    with refused(code, detail):
        write(postgres_database)
    assert read(postgres_database) == []


def test_a_server_that_takes_no_changes(postgres_database: Database) -> None:
    postgres_database.migrate()
    name = postgres_database.url.database
    with postgres_database.transaction() as opened:
        opened.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    postgres_database.close()
    with refused("database-read-only", READ_ONLY):
        write(postgres_database)
    assert read(postgres_database) == []


def test_a_reader_that_changes_something_is_wrong(postgres_database: Database) -> None:
    postgres_database.migrate()
    with pytest.raises(DBAPIError, match="read-only"), postgres_database.reading() as opened:
        opened.execute(text("DELETE FROM blocks"))


@pytest.fixture
def stranger(postgres_database: Database) -> Iterator[Database]:
    """The same database for a user without any right, who may have no connection at all."""
    with postgres_database.engine.begin() as connection:
        connection.execute(text("CREATE ROLE stranger LOGIN PASSWORD 'geheim'"))
    found = Database(
        postgres_database.url.set(username="stranger", password="geheim").render_as_string(
            hide_password=False
        )
    )
    yield found
    found.close()
    with postgres_database.engine.begin() as connection:
        connection.execute(text("DROP ROLE stranger"))


def test_a_user_without_rights(postgres_database: Database, stranger: Database) -> None:
    postgres_database.migrate()
    with refused("database-forbidden", FORBIDDEN):
        read(stranger)


def test_no_further_connections(postgres_database: Database, stranger: Database) -> None:
    with postgres_database.engine.begin() as connection:
        connection.execute(text("ALTER ROLE stranger CONNECTION LIMIT 0"))
    with refused("database-connections", "The database takes no further connections."):
        read(stranger)


def test_all_connections_of_the_process_in_use(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_POOL", {"pool_timeout": 0.2, "pool_size": 1, "max_overflow": 0})
    small = Database(postgres_database.url.render_as_string(hide_password=False))
    small.migrate()
    detail = "All connections of this process to the database are in use."
    with small.transaction(), refused("database-connections", detail):
        read(small)
    small.close()


def test_a_database_that_is_not_there(postgres_server: str) -> None:
    found = Database(f"{postgres_server}/nowhere")
    with refused("database-missing", "The server has no database of this name."):
        read(found)
    found.close()


def test_no_password_is_said() -> None:
    with pytest.raises(DatabaseUrlError) as caught:
        Database("postgresql//termin:geheim@127.0.0.1/termin")
    assert "geheim" not in caught.value.detail
    away = Database("postgresql://termin:geheim@127.0.0.1:1/termin")
    with pytest.raises(DatabaseUnavailableError) as gone:
        read(away)
    assert "geheim" not in gone.value.detail
    assert "geheim" not in str(away.url)
