"""A PostgreSQL server with a hundred thousand contracts, for as long as they are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from backend.db.session import Database
from benchmarks.api.filling import Size, fill
from benchmarks.databases import postgres_server

_SETTINGS = {
    "fsync": "off",
    # What is read fits into memory, as it does on a server of its own.
    "shared_buffers": "2GB",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@contextmanager
def filled(size: Size | None = None) -> Iterator[str]:
    """URL of a database that is filled; takes about a minute.

    Raises LeftOut where PostgreSQL is not installed.
    """
    settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    with postgres_server(settings) as server:
        database = Database(server.fresh())
        database.migrate()
        fill(database.url, size)
        database.close()
        yield database.url.render_as_string(hide_password=False)
