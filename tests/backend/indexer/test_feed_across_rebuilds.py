"""a reader of the feed, when an index that was built anew takes the place
├── is told nothing where the chain says what it said
├── is told of an event that was missing in a block before, and of later ones anew
├── is told of documents that came or went meanwhile, once
└── of another version is told to start anew
"""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import select
from support.follower import Follower
from support.story import Story

from backend.chain.nodes import Nodes
from backend.core.documents import DocumentStore
from backend.db.models import Cursor, EventRow, Retraction
from backend.db.session import Database
from backend.indexer import Indexer, build_beside
from backend.queries.feed import FeedCursorGoneError, steps
from backend.queries.feed_cursor import decode_cursor
from backend.queries.index import index_state


@pytest.fixture
def indexer(story: Story, any_database: Database, store: DocumentStore) -> Indexer:
    """The story, of which only the documents of one folder are there."""
    found = Indexer(any_database, Nodes([story.rpc]), story.world.deployment, store)
    found.prepare()
    found.run()
    return found


def test_goes_on_and_hears_of_documents_that_came_meanwhile(
    story: Story, indexer: Indexer, any_database: Database, store: DocumentStore
) -> None:
    early, late = Follower(any_database), Follower(any_database)
    early.read_all(1_000)
    late.read(40)
    log, end = list(early.log), early.cursor
    build_beside(indexer)
    early.read_all(1_000)
    assert (early.cursor, early.log, early.changes) == (end, log, [])
    shutil.copytree(story.store.folder, store.folder, dirs_exist_ok=True)
    missing = {digest for digest, state in early.known.items() if state == "missing"}
    build_beside(indexer)
    early.read_all(7)
    assert early.log == log
    assert early.changes == list(range(1, len(early.changes) + 1))
    found = {digest for digest in missing if early.known[digest] == "present"}
    assert len(found) == len(early.changes) > 5
    build_beside(indexer)
    late.read_all(7)
    assert (late.log, late.cursor) == (log, early.cursor)
    assert late.known == early.known


def test_is_told_of_what_was_missing(indexer: Indexer, any_database: Database) -> None:
    """Though its last event is where it was, in the same block."""
    with any_database.transaction() as session:
        events = session.scalars(select(EventRow).order_by(EventRow.block, EventRow.log_index))
        before, lost, *later = [*events][-8:]
        session.delete(lost)
    reader, early = Follower(any_database), Follower(any_database)
    reader.read_all(1_000)
    early.read(10)
    had, end = list(reader.log), reader.cursor
    assert had[-7][:2] == (before.block, before.log_index)
    build_beside(indexer)
    with any_database.reading() as session:
        page = steps(session, index_state(session), decode_cursor(end or ""), 1_000)
    kinds = [isinstance(step.row, Retraction) for step in page.steps]
    assert kinds == [True] * len(later) + [False] * (len(later) + 1)
    reader.read_all(3)
    early.read_all(1_000)
    assert reader.log == early.log
    assert len(reader.log) == len(had) + 1
    assert reader.log[-7][:2] == (lost.block, lost.log_index)
    end = reader.cursor
    build_beside(indexer)
    reader.read_all(1_000)
    assert reader.cursor == end


def test_of_another_version_starts_anew(indexer: Indexer, any_database: Database) -> None:
    reader = Follower(any_database)
    reader.read(5)
    with any_database.transaction() as session:
        session.get_one(Cursor, 1).projection_version += 1
    with pytest.raises(FeedCursorGoneError):
        reader.read(5)
