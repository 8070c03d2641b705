"""Real parts for the backend's tests: a node, databases, a world of agreements, the API."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

# `tests` is the name of a package in site-packages too, so what tests share is found by itself.
sys.path.insert(0, str(Path(__file__).parent))

from support.indexes import Indexes
from support.many_rows import fill_many
from support.node import anvil
from support.postgres import create, drop, find_binaries, postgres
from support.states import published_states as published_states
from support.states import unwatched as unwatched
from support.story import Story, tell
from support.works import Works
from support.works_played import play

from backend.api import blocks, probe
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.db.session import Database


@pytest.fixture(scope="session")
def node_url() -> Iterator[str]:
    """A node for all tests; each that changes the chain works on a snapshot or a deployment."""
    with anvil() as url:
        yield url


@pytest.fixture(autouse=True)
def _patient_with_nodes(request: pytest.FixtureRequest) -> Iterator[None]:
    """A busy machine must not look like a node that does not answer, but to who reads a clock."""
    with pytest.MonkeyPatch.context() as patched:
        if "alone" not in request.keywords:
            patched.setattr(probe, "NODE_TIMEOUT_SECONDS", 30.0)
            patched.setattr(blocks, "NODE_TIMEOUT_SECONDS", 30.0)
        yield


@pytest.fixture
def own_rpc() -> Iterator[Rpc]:
    """A node of the test's own."""
    with anvil() as url, Rpc(url) as rpc:
        yield rpc


@pytest.fixture(scope="session")
def story(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Agreements in every state, played once; read only."""
    with Rpc(node_url) as rpc:
        yield tell(rpc, DocumentStore(tmp_path_factory.mktemp("documents")))


@pytest.fixture(scope="session")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Works]:
    """Agreements with all that real ones have, played once on a node of their own; read only."""
    with anvil() as url, Rpc(url) as rpc:
        yield play(rpc, DocumentStore(tmp_path_factory.mktemp("papers")))


@pytest.fixture(scope="session")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Indexes:
    """Fills new databases with the story or the works."""
    return Indexes(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def worked(
    works: Works, indexes: Indexes, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """The works in SQLite; read only."""
    found = Database(f"sqlite:///{tmp_path_factory.mktemp('works') / 'termin.db'}")
    indexes.fill(found, works)
    yield found
    found.close()


@pytest.fixture
def store(tmp_path: Path) -> DocumentStore:
    """An empty document store."""
    return DocumentStore(tmp_path / "documents")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database without tables."""
    found = Database(f"sqlite:///{tmp_path / 'termin.db'}")
    yield found
    found.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a running PostgreSQL, without a database name."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed: initdb was not found")
    with postgres(binaries) as url:
        yield url


@pytest.fixture
def postgres_database(postgres_server: str) -> Iterator[Database]:
    """An empty PostgreSQL database without tables."""
    url = make_url(f"{postgres_server}/t{secrets.token_hex(6)}")
    create(url)
    found = Database(url.render_as_string(hide_password=False))
    yield found
    found.close()
    # Hundreds of them would take minutes to clear away at the end.
    drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest) -> Database:
    """The same test on both databases."""
    name = "database" if request.param == "sqlite" else "postgres_database"
    found: Database = request.getfixturevalue(name)
    return found


@pytest.fixture
def indexed(story: Story, any_database: Database, indexes: Indexes) -> Database:
    """The story in both databases."""
    indexes.fill(any_database, story)
    return any_database


@pytest.fixture(scope="module")
def told(
    story: Story, indexes: Indexes, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """The story in SQLite; read only."""
    found = Database(f"sqlite:///{tmp_path_factory.mktemp('index') / 'termin.db'}")
    indexes.fill(found, story)
    yield found
    found.close()


@pytest.fixture(scope="session")
def many_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Thousands of contracts in SQLite."""
    found = Database(f"sqlite:///{tmp_path_factory.mktemp('many') / 'termin.db'}")
    fill_many(found)
    yield found
    found.close()


@pytest.fixture(scope="session")
def many_postgres(postgres_server: str) -> Iterator[Database]:
    """Thousands of contracts in PostgreSQL."""
    found = Database(f"{postgres_server}/many")
    create(found.url)
    fill_many(found)
    yield found
    found.close()


@pytest.fixture(params=["sqlite", "postgres"])
def many(request: pytest.FixtureRequest) -> Database:
    """Thousands of contracts, on both databases."""
    found: Database = request.getfixturevalue(f"many_{request.param}")
    return found
