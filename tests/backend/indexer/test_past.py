"""the past
├── a model up to a block is what an index says that went no further
│   └── however many events are gone over at a time
├── has the documents that there are now, and is told of those that come
└── its events are counted, so far as it matters
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.story import Story
from support.works import Works

from backend.core.documents import DocumentStore
from backend.db.models import Batch, Cursor, EventRow, Participant
from backend.db.session import Database
from backend.indexer import Policy, index_once, past
from backend.indexer.past import count_events, replay, stand
from backend.indexer.reorgs import take_back
from backend.queries.digest import digest

EVERYTHING = Policy(confirmations=10**6, reorg_blocks=10**6)
"""Nothing is settled, so that all can be taken back, block by block."""
SOME = 6
"""How many blocks are looked at, evenly from the last to the first."""


def cursor_at(session: Session) -> Cursor:
    """A copy of the cursor, free of its session."""
    found = session.get_one(Cursor, 1)
    return Cursor(**{column.name: getattr(found, column.name) for column in Cursor.__table__.c})


@pytest.mark.parametrize("tale", ["story", "works"])
def test_is_what_an_index_says_that_went_no_further(
    request: pytest.FixtureRequest, any_database: Database, tmp_path: Path, tale: str
) -> None:
    played: Story | Works = request.getfixturevalue(tale)
    whole = Database(f"sqlite:///{tmp_path / 'whole.db'}")
    for database in (whole, any_database):
        index_once(database, played.rpc, played.world.deployment, played.store, policy=EVERYTHING)
    with whole.reading() as session:
        blocks = list(session.scalars(select(Batch.block).order_by(Batch.block.desc())))
    steps = blocks[1 :: max(1, len(blocks) // SOME)]
    assert len(steps) >= SOME
    for block in steps:
        with whole.transaction() as session:
            take_back(session, session.get_one(Cursor, 1), session.get_one(Batch, block))
        with whole.reading() as session:
            expected, cursor = digest(session), cursor_at(session)
        model = Database(f"sqlite:///{tmp_path / f'{block}.db'}")
        with any_database.reading() as source:
            replay(source, model, played.store, block)
        stand(model, played.store, cursor)
        with model.reading() as session:
            assert digest(session) == expected
        model.close()
    whole.close()


def test_is_the_same_however_many_events_are_gone_over_at_a_time(
    story: Story, told: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with told.reading() as session:
        expected, cursor = digest(session), cursor_at(session)
    for size in (1, 7):
        monkeypatch.setattr(past, "EVENTS_AT_A_TIME", size)
        model = Database(f"sqlite:///{tmp_path / f'{size}.db'}")
        with told.reading() as source:
            replay(source, model, story.store, cursor.block)
        stand(model, story.store, cursor)
        with model.reading() as session:
            assert digest(session) == expected
        model.close()


def test_has_the_documents_that_there_are_now(
    story: Story, told: Database, tmp_path: Path, store: DocumentStore
) -> None:
    model = Database(f"sqlite:///{tmp_path / 'model.db'}")
    with told.reading() as source:
        cursor = cursor_at(source)
        replay(source, model, store, cursor.block)
    names = select(Participant.name).where(Participant.identifier == "B-1")
    with model.reading() as session:
        assert session.scalar(names) is None
    content = story.store.read(story.documents["Kabupaten Sukamaju"])
    assert content is not None
    store.write(content)
    stand(model, store, cursor)
    with model.reading() as session:
        assert session.scalar(names) == "Kabupaten Sukamaju"
    model.close()


def test_events_are_counted_up_to_a_limit(told: Database) -> None:
    with told.reading() as session:
        blocks = list(session.scalars(select(EventRow.block).order_by(EventRow.block)))
        middle = blocks[len(blocks) // 2]
        expected = sum(block <= middle for block in blocks)
        assert count_events(session, middle, 10**6) == expected
        assert count_events(session, middle, 5) == 5
        assert count_events(session, blocks[0] - 1, 5) == 0
