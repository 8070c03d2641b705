"""database
├── that is not there
│   ├── says so and is not made by reading
│   ├── is made by migrating
│   └── says so when its folder cannot be made
├── a transaction
│   ├── that fails leaves nothing
│   └── waits for the one before
├── reading
│   ├── sees one state throughout
│   └── changes nothing (PostgreSQL)
├── the one indexer of SQLite
│   ├── is waited for while it holds the lock
│   └── what keeps anybody from the lock is said, and is no other indexer
└── a URL that is not one is refused, and nothing of it is told
"""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError, InternalError
from sqlalchemy.orm import Session

from backend.db.models import Agreement, Cursor
from backend.db.session import Database, DatabaseUnavailableError, DatabaseUrlError


def cursor(block: int) -> Cursor:
    """Some cursor."""
    return Cursor(
        chain_id=1,
        genesis_hash="0x01",
        factory="0x02",
        block=block,
        block_hash="0x03",
        block_timestamp=4,
        final_block=0,
        projection_version=1,
    )


def _fail_after(session: Session) -> None:
    session.add(cursor(1))
    session.flush()
    raise ZeroDivisionError


def test_reading_makes_no_file(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "termin.db"
    database = Database(f"sqlite:///{file}")
    with (
        pytest.raises(DatabaseUnavailableError, match="There is no index yet") as caught,
        database.reading(),
    ):
        pass
    assert caught.value.status == 503
    assert not file.parent.exists()
    database.migrate()
    assert file.exists()
    database.close()


def test_a_server_that_is_not_there_is_unavailable() -> None:
    database = Database("postgresql://termin@127.0.0.1:1/termin")
    with (
        pytest.raises(DatabaseUnavailableError, match="does not answer"),
        database.reading() as session,
    ):
        session.get(Cursor, 1)
    database.close()


def test_tables_that_are_not_there_are_unavailable(any_database: Database) -> None:
    with any_database.engine.connect():
        pass
    with (
        pytest.raises(DatabaseUnavailableError, match="has no tables yet"),
        any_database.reading() as session,
    ):
        session.get(Cursor, 1)


def test_a_transaction_that_fails_leaves_nothing(any_database: Database) -> None:
    any_database.migrate()
    with pytest.raises(ZeroDivisionError), any_database.transaction() as session:
        _fail_after(session)
    with any_database.reading() as session:
        assert session.get(Cursor, 1) is None


def test_a_second_cursor_is_refused(any_database: Database) -> None:
    any_database.migrate()
    second = cursor(1)
    second.id = 2
    with pytest.raises(IntegrityError), any_database.transaction() as session:
        session.add(second)


def test_foreign_keys_are_enforced(any_database: Database) -> None:
    any_database.migrate()
    insert = (
        "INSERT INTO agreement_offices (agreement, duty, position, participant, made_block, "
        "made_transaction, made_log_index) VALUES ('a', 'committee', 0, 'b', 1, 'c', 1)"
    )
    with pytest.raises(IntegrityError), any_database.transaction() as session:
        session.execute(text(insert))


def test_reading_sees_one_state_throughout(any_database: Database) -> None:
    any_database.migrate()
    with any_database.transaction() as session:
        session.add(cursor(1))
    block = text("SELECT block FROM cursor")
    with any_database.reading() as before:
        assert before.scalar(block) == 1
        with any_database.transaction() as session:
            session.execute(text("UPDATE cursor SET block = 2"))
        assert before.scalar(block) == 1
    with any_database.reading() as after:
        assert after.scalar(block) == 2


def test_transactions_wait_for_each_other(any_database: Database) -> None:
    any_database.migrate()
    with any_database.transaction() as session:
        session.add(cursor(0))

    def count() -> None:
        for _ in range(20):
            with any_database.transaction() as session:
                row = session.get_one(Cursor, 1)
                row.block += 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_database.reading() as session:
        assert session.get_one(Cursor, 1).block == 80


def test_reading_changes_nothing(postgres_database: Database) -> None:
    postgres_database.migrate()
    with (
        pytest.raises(InternalError, match="read-only transaction"),
        postgres_database.reading() as session,
    ):
        _fail_after(session)


def test_sqlite_has_a_write_ahead_log(database: Database) -> None:
    database.migrate()
    with database.reading() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1


def test_reset_empties_everything(any_database: Database) -> None:
    any_database.migrate()
    with any_database.transaction() as session:
        session.add(cursor(1))
    any_database.reset()
    with any_database.reading() as session:
        assert session.get(Cursor, 1) is None
    any_database.reset()
    assert "agreements" in inspect(any_database.engine).get_table_names()


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://localhost/x", "sqlite+aiosqlite:///x"])
def test_refuses_other_urls(url: str) -> None:
    with pytest.raises(DatabaseUrlError) as caught:
        Database(url)
    assert caught.value.status == 422


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:geheim@machine:port/db",
        "postgresql://user:geh@eim:wo@machine/db",
        "user:geh@eim:wo@machine",
        "postgresql://user:geheim@machine:99999/db",
        "postgresql://user:geheim@[::1/db",
        "sqlite://user:geheim@machine/db",
        "mysql://user:geheim@machine/db",
        "geheim@machine",
    ],
)
def test_tells_nothing_of_a_url_that_it_refuses(url: str) -> None:
    with pytest.raises(DatabaseUrlError) as caught:
        Database(url)
    for secret in ("user", "geh", "eim", "wo@", "machine", "port/"):
        assert secret not in caught.value.detail
    assert "expected" in caught.value.detail
    assert "postgresql://" in caught.value.detail


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_takes_postgresql_by_its_usual_names(scheme: str) -> None:
    database = Database(f"{scheme}://user@host/name")
    assert database.url.drivername == "postgresql+psycopg"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    database = Database(f"sqlite:///{taken / 'termin.db'}")
    with pytest.raises(DatabaseUnavailableError) as caught:
        database.migrate()
    assert caught.value.detail == f"{taken}: File exists"


def test_one_indexer_leads_at_a_time(tmp_path: Path) -> None:
    first, second = (Database(f"sqlite:///{tmp_path / 'termin.db'}") for _ in range(2))
    stop = threading.Event()
    with first.leading(threading.Event()) as lead:
        assert lead is not None
        threading.Timer(0.1, stop.set).start()
        with second.leading(stop) as other:
            assert other is None
    with second.leading(threading.Event()) as lead:
        assert lead is not None


@pytest.mark.parametrize(
    ("content", "detail"),
    [(None, "unable to open database file"), (b"garbage" * 1_000, "file is not a database")],
    ids=["a folder", "no database"],
)
def test_what_keeps_an_indexer_from_the_lock_is_said(
    tmp_path: Path, content: bytes | None, detail: str
) -> None:
    database, file = Database(f"sqlite:///{tmp_path / 'termin.db'}"), tmp_path / "termin.db-leader"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with (
        pytest.raises(DatabaseUnavailableError) as caught,
        database.leading(threading.Event()),
    ):
        pass
    assert (caught.value.detail, caught.value.code) == (f"{file}: {detail}", "database-failed")


def test_that_the_lock_cannot_be_taken_is_no_other_indexer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that fails: whoever waits would wait for ever, for nobody."""
    monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: _Failing())
    database, stop = Database(f"sqlite:///{tmp_path / 'termin.db'}"), threading.Event()
    threading.Timer(5, stop.set).start()
    with (
        pytest.raises(DatabaseUnavailableError, match="leader: disk I/O error"),
        database.leading(stop),
    ):
        pass


class _Failing:
    def execute(self, _: str) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    def close(self) -> None:
        """Nothing is open."""


def test_taking_the_place_waits_for_who_reads(postgres_database: Database) -> None:
    postgres_database.migrate()
    side = postgres_database.beside()
    side.reset()
    with postgres_database.reading() as session:
        session.scalars(select(Cursor)).all()
        swap = threading.Thread(target=postgres_database.replace, args=(side,))
        swap.start()
        time.sleep(0.5)
        # Whoever has begun to read can go on, and does not stand in the way for ever.
        assert session.scalars(select(Agreement)).all() == []
        assert swap.is_alive()
    swap.join(10)
    assert not swap.is_alive()
    assert not postgres_database.is_outdated()
