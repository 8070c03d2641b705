"""An index that says what the chain says."""

from __future__ import annotations

import pytest
from support.story import Story
from support.works import Works

from backend.db.session import Database
from backend.indexer import index_once
from backend.verification.verifying import verify


def test_works(works: Works, any_database: Database) -> None:
    index_once(any_database, works.rpc, works.world.deployment, works.store)
    with any_database.reading() as session:
        done, found = verify(works.rpc, works.world.deployment, session)
        listed = list(map(str, found))
    print(done)
    assert listed == []


def test_story(story: Story, any_database: Database) -> None:
    index_once(any_database, story.rpc, story.world.deployment, story.store)
    with any_database.reading() as session:
        done, found = verify(story.rpc, story.world.deployment, session)
        listed = list(map(str, found))
    print(done)
    assert listed == []
