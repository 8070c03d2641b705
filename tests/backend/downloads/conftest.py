"""Databases to download from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.many_rows import fill_many

from backend.db.session import Database


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Thousands of contracts in SQLite; read only."""
    found = Database(f"sqlite:///{tmp_path_factory.mktemp('many') / 'termin.db'}")
    fill_many(found)
    yield found
    found.close()
