"""a connection to PostgreSQL
├── that is cut without a word is gone after a while
│   ├── for who waits for an answer
│   ├── for a lane
│   └── for the server: another indexer leads
└── has our limits, unless its URL says otherwise
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import URL, func, select, text
from support.wire import Wire, wire

from backend.db import connecting
from backend.db.lanes import Lanes
from backend.db.session import Database, DatabaseUnavailableError

SILENT_SECONDS = 3
PATIENCE = 30.0
UNREACHABLE = "The database does not answer, or has closed the connection."


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "SILENT_SECONDS", SILENT_SECONDS)


@pytest.fixture
def line(postgres_database: Database) -> Iterator[Wire]:
    """A line to PostgreSQL that can be cut."""
    url = postgres_database.url
    assert url.host is not None
    assert url.port is not None
    with wire(url.host, url.port) as found:
        yield found


@pytest.fixture
def url(postgres_database: Database, line: Wire) -> URL:
    """Where PostgreSQL is found over the line."""
    return postgres_database.url.set(port=line.port)


@pytest.fixture
def database(url: URL) -> Iterator[Database]:
    """PostgreSQL over the line."""
    found = Database(url.render_as_string(hide_password=False))
    yield found
    found.close()


def test_who_waits_for_an_answer(database: Database, line: Wire) -> None:
    def ask() -> None:
        with database.transaction() as session:
            threading.Timer(0.5, line.cut).start()
            session.execute(select(func.pg_sleep(PATIENCE)))

    with pytest.raises(DatabaseUnavailableError, match=f"^{UNREACHABLE}$") as raised:
        ask()
    assert raised.value.code == "database-unreachable"
    line.mend()
    with database.reading() as session:
        assert session.scalar(select(1)) == 1


def test_a_lane(url: URL, line: Wire) -> None:
    async def ask() -> None:
        lanes = Lanes(url)
        try:
            async with asyncio.timeout(PATIENCE):
                assert await lanes.rows(select(1), {}) == [(1,)]
                line.cut()
                with pytest.raises(DatabaseUnavailableError):
                    await lanes.rows(select(1), {})
                line.mend()
                assert await lanes.rows(select(1), {}) == [(1,)]
        finally:
            lanes.close()

    asyncio.run(ask())


def test_another_indexer_leads(database: Database, postgres_database: Database, line: Wire) -> None:
    stop, late = threading.Event(), threading.Event()
    threading.Timer(PATIENCE, late.set).start()
    with database.leading(stop) as first:
        assert first is not None
        line.cut()
        with postgres_database.leading(late) as second:
            assert second is not None
            assert second.holds()
        assert not first.holds()


def test_limits(url: URL) -> None:
    assert told(url) == ["3s", "30s", "3000", "1", "1", "2"]
    theirs = url.update_query_dict(
        {
            "options": "-c lock_timeout=5s -c tcp_keepalives_idle=60",
            "keepalives_idle": "70",
            "connect_timeout": "9",
        }
    )
    assert told(theirs) == ["5s", "30s", "3000", "60", "1", "2"]
    ours = connecting.arguments(url)
    assert ours.keys() - connecting.arguments(theirs) == {"keepalives_idle", "connect_timeout"}


def told(url: URL) -> list[str]:
    """What the server says of a connection."""
    names = ["lock_timeout", "statement_timeout", "tcp_user_timeout"]
    names += [f"tcp_keepalives_{name}" for name in ("idle", "interval", "count")]
    database = Database(url.render_as_string(hide_password=False))
    with database.reading() as session:
        found = [str(session.scalar(text(f"SHOW {name}"))) for name in names]
    database.close()
    return found
