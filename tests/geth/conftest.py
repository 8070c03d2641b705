"""What the tests of the backend share is shared here too; the node is go-ethereum."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "backend"))

from support.geth import Geth, geth
from support.world import World, deploy

from backend.db.session import Database

START = 1_704_067_200


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Geth]:
    """A node of the test's own."""
    with geth(tmp_path) as found:
        yield found


@pytest.fixture
def world(node: Geth) -> World:
    """A deployment, and 20 participants in as many blocks."""
    made = deploy(node.rpc, START)
    for _ in range(20):
        made.register()
    return made


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty index."""
    found = Database(f"sqlite:///{tmp_path / 'termin.db'}")
    yield found
    found.close()
