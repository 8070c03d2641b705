"""`termin index`, as a process
├── whose node is not there when it starts
│   ├── waits, says so, and follows once it is there
│   ├── is stopped while it waits: ends well, within seconds
│   ├── has another node: does not wait
│   └── `--once`: ends after a while, and says what is missing
└── `--once`, on a chain that was rolled back
    ├── follows it back, and publishes what was given up
    └── below what was final: says how to rebuild, and the rebuild publishes it
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from chaos.proxy import Proxy, proxy
from chaos.verdict import value_of
from sqlalchemy import func, select
from support.node import free_port
from support.processes import termin
from support.world import SUPPLIER, World, deploy

from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.db.models import Cursor, Reorganization, Retraction
from backend.db.session import Database
from backend.indexer import index_once

WAITS = "Trying again in"
FOLLOWING = "Following the chain."


@pytest.fixture
def world(own_rpc: Rpc) -> World:
    """A chain of the test's own."""
    found = deploy(own_rpc)
    found.register(SUPPLIER)
    return found


def nowhere() -> str:
    """An address where nobody listens."""
    return f"http://127.0.0.1:{free_port()}"


@contextmanager
def not_there(world: World) -> Iterator[Proxy]:
    """The chain's node, at an address where nobody listens yet."""
    with proxy(world.rpc.url) as front:
        front.refuse()
        yield front


def settings_of(
    world: World, folder: Path, database: Database, url: str | None = None
) -> dict[str, str]:
    """The settings of a process on that chain."""
    world.deployment.save(folder)
    return {
        "TERMIN_RPC_URL": url or world.rpc.url,
        "TERMIN_DATA_DIR": str(folder),
        "TERMIN_DATABASE_URL": database.url.render_as_string(hide_password=False),
    }


def once(folder: Path, settings: dict[str, str], *more: str) -> tuple[int, str, str]:
    """Exit status and what it said."""
    with termin(folder, "index", "--once", *more, **settings) as found:
        status = found.process.wait(180)
    return status, found.out, found.err


def published(database: Database) -> tuple[int, list[tuple[int, int]], int]:
    """Where the index stands, from where to where the chain gave up blocks, and retractions."""
    with database.reading() as session:
        columns = select(Reorganization.fork_block, Reorganization.block)
        reorganizations = [(row[0], row[1]) for row in session.execute(columns)]
        retractions = session.scalar(select(func.count()).select_from(Retraction)) or 0
        return session.get_one(Cursor, 1).block, reorganizations, retractions


def require_fresh(world: World, folder: Path, database: Database) -> None:
    """The index says what one says that never saw anything else."""
    fresh = Database(f"sqlite:///{folder / 'fresh.db'}")
    index_once(fresh, world.rpc, world.deployment, DocumentStore(folder / "documents"))
    assert value_of(database) == value_of(fresh)
    fresh.close()


def test_a_node_that_comes_later(world: World, any_database: Database, tmp_path: Path) -> None:
    with not_there(world) as front:
        settings = settings_of(world, tmp_path, any_database, front.url)
        with termin(tmp_path, "index", **settings) as found:
            found.until(WAITS)
            assert f"No usable answer from the node at {front.url}: NewConnectionError" in found.err
            front.listen()
            found.until(FOLLOWING)
            assert found.end()[0] == 0
    require_fresh(world, tmp_path, any_database)


def test_a_rebuild_whose_node_comes_later(world: World, database: Database, tmp_path: Path) -> None:
    with not_there(world) as front:
        settings = settings_of(world, tmp_path, database, front.url)
        with termin(tmp_path, "index", "--rebuild", **settings) as found:
            found.until(WAITS)
            front.listen()
            found.until(FOLLOWING)
            assert found.end()[0] == 0
    require_fresh(world, tmp_path, database)


@pytest.mark.alone
def test_it_is_stopped_while_it_waits(world: World, database: Database, tmp_path: Path) -> None:
    settings = settings_of(world, tmp_path, database, nowhere())
    with termin(tmp_path, "index", **settings) as found:
        found.until(WAITS)
        status, seconds = found.end()
    assert status == 0, found.err
    assert seconds < 5.0
    assert "Indexed" not in found.out


def test_another_node_is_asked(world: World, database: Database, tmp_path: Path) -> None:
    away = nowhere()
    settings = settings_of(world, tmp_path, database, away) | {"TERMIN_NODES": world.rpc.url}
    status, _, err = once(tmp_path, settings)
    assert status == 0, err
    assert WAITS not in err
    assert f"{away} rests for" in err
    require_fresh(world, tmp_path, database)


def test_once_ends_where_no_node_comes(world: World, database: Database, tmp_path: Path) -> None:
    away = nowhere()
    status, out, err = once(tmp_path, settings_of(world, tmp_path, database, away))
    assert status == 1
    assert WAITS in err
    title, sentence = err.splitlines()[-2:]
    assert title == "The chain cannot be reached."
    assert sentence.startswith(f"No usable answer from the node at {away}: NewConnectionError")
    assert "Indexed" not in out


# --- rolled back ---


def test_once_follows_it_back(world: World, database: Database, tmp_path: Path) -> None:
    settings = settings_of(world, tmp_path, database)
    assert once(tmp_path, settings)[0] == 0
    fork = published(database)[0]
    for _ in range(3):
        world.register(SUPPLIER)
    assert once(tmp_path, settings)[0] == 0
    world.rpc.call("anvil_rollback", 3)
    status, out, err = once(tmp_path, settings)
    assert status == 0, err
    assert f"Indexed to block {fork}: 0 events." in out
    assert f"the node has no block above {fork}. Trying again in" in err
    assert published(database) == (fork, [(fork, fork + 3)], 3)
    require_fresh(world, tmp_path, database)


def test_once_below_what_was_final(
    world: World, postgres_database: Database, tmp_path: Path
) -> None:
    database = postgres_database
    settings = settings_of(world, tmp_path, database) | {"TERMIN_CONFIRMATIONS": "0"}
    world.register(SUPPLIER)
    fork = int(world.rpc.call("eth_blockNumber"), 16)
    for _ in range(2):
        world.register(SUPPLIER)
    assert once(tmp_path, settings)[0] == 0
    world.rpc.call("anvil_rollback", 2)
    status, _, err = once(tmp_path, settings)
    assert status == 1
    title, sentence = err.splitlines()[-2:]
    assert title == "The node is behind."
    assert sentence.endswith(
        f"the node has no block above {fork}. It lags, or its chain was replaced: then run "
        "`termin index --rebuild`."
    )
    assert published(database) == (fork + 2, [], 0)
    status, out, err = once(tmp_path, settings, "--rebuild")
    assert status == 0, err
    assert f"Indexed to block {fork}:" in out
    assert published(database) == (fork, [(fork, fork + 2)], 2)
    require_fresh(world, tmp_path, database)
