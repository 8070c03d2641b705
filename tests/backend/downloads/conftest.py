"""Databases to download from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.many_rows import fill_many

from backend.db.session import Database

CONTRACTS = 125
PAYMENTS = 8
"""Of each contract: fewer than are read at once altogether."""


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Database]]:
    """A thousand payments, and ten times as many, in SQLite; read only."""
    found = {}
    for times in (1, 10):
        database = Database(f"sqlite:///{tmp_path_factory.mktemp('many') / 'termin.db'}")
        fill_many(database, CONTRACTS * times, PAYMENTS)
        found[CONTRACTS * times * PAYMENTS] = database
    yield found
    for database in found.values():
        database.close()
