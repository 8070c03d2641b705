"""The portal on real indexed data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from support.gallery import application, build
from support.node import anvil
from support.story import Story

from backend.chain.rpc import Rpc
from backend.core.settings import Settings
from backend.db.session import Database
from backend.queries.index import index_state

BROWSER = {"Accept-Language": "en"}


def block_of(settings: Settings) -> int:
    """Where the index stands."""
    database = Database(settings.database)
    with database.reading() as session:
        block = index_state(session).block
    database.close()
    return block


@pytest.fixture(scope="package")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Contracts that try the pages."""
    with anvil() as url, Rpc(url) as rpc:
        yield build(rpc, tmp_path_factory.mktemp("gallery"))


@pytest.fixture(scope="package")
def shown(gallery: Settings) -> Iterator[TestClient]:
    """The portal on the gallery."""
    with TestClient(application(gallery, block_of(gallery)), headers=BROWSER) as client:
        yield client


@pytest.fixture(scope="module")
def portal(
    told: Database, story: Story, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """The portal on the story."""
    folder: Path = tmp_path_factory.mktemp("portal")
    (folder / "documents").symlink_to(story.store.folder)
    settings = Settings(data_dir=folder, database_url=str(told.url), time_zone="Asia/Jakarta")
    with TestClient(application(settings, block_of(settings)), headers=BROWSER) as client:
        yield client
