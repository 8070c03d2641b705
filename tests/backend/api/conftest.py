"""The API on the story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from support.indexes import Indexes
from support.story import NOW, Story

from backend.app import create_app
from backend.core.settings import Settings
from backend.db.session import Database

LIMIT = 100_000


def clock() -> datetime:
    """The moment at which the story is looked at."""
    return datetime.fromtimestamp(NOW, UTC)


def serve(story: Story, database: Database, folder: Path) -> TestClient:
    """A client of an application on a database; errors come as answers."""
    settings = Settings(
        rpc_url=story.rpc.url,
        database_url=database.url.render_as_string(hide_password=False),
        data_dir=folder,
        document_max_bytes=LIMIT,
    )
    return TestClient(create_app(settings, clock=clock), raise_server_exceptions=False)


@pytest.fixture
def client(
    story: Story, any_database: Database, tmp_path: Path, indexes: Indexes
) -> Iterator[TestClient]:
    """The story on both databases, with the story's documents."""
    indexes.fill(any_database, story)
    with serve(story, any_database, tmp_path) as found:
        yield found


@pytest.fixture
def documents(
    story: Story, any_database: Database, tmp_path: Path, indexes: Indexes
) -> Iterator[TestClient]:
    """The story on both databases, without any document yet."""
    indexes.fill(any_database, story, documents=False)
    with serve(story, any_database, tmp_path) as found:
        yield found
