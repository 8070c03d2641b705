"""Databases to download from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.many_rows import fill_many

from backend.db.session import Database
from backend.indexer import index_once
from benchmarks.indexing.chain import benchmark_chain

EVENTS = 3_000
CONTRACTS, PAYMENTS = 125, 8

Pair = tuple[Database, Database]
"""One with ten times as much in it as the other, in SQLite; read only."""


@pytest.fixture(scope="session")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Indexes of 3,000 events and of ten times as many: open data is made from events."""
    sizes = (EVENTS, 10 * EVENTS)
    found = [_indexed(tmp_path_factory.mktemp("history"), events) for events in sizes]
    yield found[0], found[1]
    for database in found:
        database.close()


@pytest.fixture(scope="session")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Tables with a thousand payments and with ten times as many."""
    found = []
    for contracts in (CONTRACTS, 10 * CONTRACTS):
        database = Database(f"sqlite:///{tmp_path_factory.mktemp('list') / 'termin.db'}")
        fill_many(database, contracts, PAYMENTS)
        found.append(database)
    yield found[0], found[1]
    for database in found:
        database.close()


def _indexed(folder: Path, events: int) -> Database:
    database = Database(f"sqlite:///{folder / 'termin.db'}")
    with benchmark_chain(folder) as chain:
        chain.grow(events, per_block=100)
        index_once(database, chain.rpc, chain.deployment, chain.setting.store)
    return database
