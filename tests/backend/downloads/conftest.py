"""Databases to download from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.db.session import Database
from backend.indexer import index_once
from benchmarks.indexing.chain import benchmark_chain

EVENTS = 3_000
"""About a seventh of them are payments. Ten times as many are more than are read at once."""


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Database]]:
    """The index of so many events, and of ten times as many, in SQLite; read only."""
    found = {}
    for events in (EVENTS, 10 * EVENTS):
        found[events] = _indexed(tmp_path_factory.mktemp("many"), events)
    yield found
    for database in found.values():
        database.close()


def _indexed(folder: Path, events: int) -> Database:
    database = Database(f"sqlite:///{folder / 'termin.db'}")
    with benchmark_chain(folder) as chain:
        chain.grow(events, per_block=100)
        index_once(database, chain.rpc, chain.deployment, chain.setting.store)
    return database
