"""an indexer that is killed while blocks come and go
└── and is started again gives what a fresh index gives
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.node import ROOT, anvil
from support.vocabulary import SUPPLIER
from support.world import World, deploy

from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.db.models import Cursor
from backend.db.session import Database
from backend.indexer import Policy, index_once
from backend.queries.digest import digest

START = 1_704_067_200


@pytest.fixture
def world() -> Iterator[World]:
    """A deployment on a node of its own."""
    with anvil() as url, Rpc(url) as rpc:
        yield deploy(rpc, START)


def command(world: World, database: Database, folder: Path) -> list[str]:
    """The indexer as anybody starts it."""
    url = database.url.render_as_string(hide_password=False)
    where = ["--rpc-url", world.rpc.url, "--data-dir", str(folder), "--database-url", url]
    return [sys.executable, "-m", "backend.cli", "index", *where]


def start(arguments: list[str]) -> subprocess.Popen[bytes]:
    """Start it, so that it can be killed with all that it started."""
    return subprocess.Popen(
        arguments,
        cwd=ROOT,
        env=os.environ | {"TERMIN_CONFIRMATIONS": "1000"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def value_of(database: Database) -> str:
    """The digest."""
    with database.reading() as session:
        return digest(session).value


def block_of(database: Database) -> int:
    """Where the index stands."""
    with database.reading() as session:
        cursor = session.get(Cursor, 1)
        return cursor.block if cursor else -1


def live(world: World, chance: random.Random, blocks: int, seed: int) -> None:
    """Blocks come, and now and then the last ones go."""
    for number in range(blocks):
        world.register(SUPPLIER, identifier=f"{seed}-{number}-{chance.random()}")
        if number % 7 == 6:
            world.rpc.call("anvil_rollback", chance.randint(1, 4))
        time.sleep(chance.random() * 0.02)


@pytest.mark.parametrize("seed", range(2))
def test_gives_what_a_fresh_index_gives(
    world: World, any_database: Database, tmp_path: Path, seed: int
) -> None:
    chance, store = random.Random(seed), DocumentStore(tmp_path / "documents")
    world.deployment.save(tmp_path)
    any_database.migrate()
    arguments = command(world, any_database, tmp_path)
    for _ in range(3):
        process = start(arguments)
        before = block_of(any_database)
        _until(lambda before=before: block_of(any_database) > before, process)
        live(world, chance, 12, seed)
        time.sleep(chance.random() * 0.1)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
        # So that the next one has something to do.
        live(world, chance, 3, seed)
    policy = Policy(confirmations=1_000, behind_seconds=0.0)
    index_once(any_database, world.rpc, world.deployment, store, policy=policy)
    fresh = Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    index_once(fresh, world.rpc, world.deployment, store, policy=policy)
    assert value_of(any_database) == value_of(fresh)
    assert block_of(any_database) == int(world.rpc.call("eth_blockNumber"), 16)
    fresh.close()


def _until(condition, process: subprocess.Popen[bytes]) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, "the indexer ended"
        assert time.monotonic() < deadline, "the indexer does nothing"
        time.sleep(0.02)
