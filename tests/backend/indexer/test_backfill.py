"""an empty index
├── far behind its chain
│   ├── is filled without what readers need, and has it afterwards; rows are the same
│   ├── that fails while they go or come is gone on with, and completed
│   ├── built beside another takes its place complete
│   └── stopped while it is completed: the next run does it
└── a little behind never lacks anything
"""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import event as sa_event
from support.rows import dump, without_revision
from support.story import Story

from backend.chain.nodes import Nodes
from backend.db import secondary
from backend.db.session import Database
from backend.indexer import Indexer, Progress, build_beside
from backend.indexer import runner as runner_module
from backend.indexer import scanner as scanner_module


def indexer(story: Story, database: Database) -> Indexer:
    """An indexer of the story; the tables are there."""
    made = Indexer(database, Nodes([story.rpc]), story.world.deployment, story.store)
    made.prepare()
    return made


def lacks(database: Database) -> int:
    """How many indexes and foreign keys are missing."""
    with database.engine.connect() as connection:
        return len(secondary.missing(connection))


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few blocks there are, they are many; and they come in several batches."""
    monkeypatch.setattr(runner_module, "BACKFILL_BLOCKS", 0)
    monkeypatch.setattr(runner_module, "RANGES_PER_BATCH", 1)
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 30)
    monkeypatch.setattr(scanner_module, "LOGS_PER_SCAN", 60)


@pytest.mark.usefixtures("far")
def test_is_filled_without_what_readers_need(
    story: Story, told: Database, any_database: Database
) -> None:
    seen: list[tuple[bool, bool]] = []

    def report(progress: Progress) -> None:
        seen.append((progress.done > 0, lacks(any_database) > 5))

    indexer(story, any_database).run(report)
    assert (True, True) in seen
    assert lacks(any_database) == 0
    assert dump(any_database) == dump(told)


def test_a_little_behind_never_lacks_anything(
    story: Story, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    head = int(story.rpc.call("eth_blockNumber"), 16)
    behind = head - story.world.deployment.start_block + 1
    monkeypatch.setattr(runner_module, "BACKFILL_BLOCKS", behind)
    indexer(story, any_database).run(lambda _: seen.append(lacks(any_database)))
    assert set(seen) == {0}


class Crash(Exception):
    """What a test throws into the indexer."""


@pytest.mark.usefixtures("far")
def test_that_fails_is_gone_on_with(story: Story, told: Database, database: Database) -> None:
    left = 0

    def strike(_: Any, __: Any, statement: str, *___: Any) -> None:
        nonlocal left
        if "INDEX" in statement:
            left -= 1
            if left == 0:
                raise Crash

    database.migrate()
    sa_event.listen(database.engine, "after_cursor_execute", strike)
    lacked = []
    # The first two while they are dropped, the others while they are created.
    for statement in (1, 25, 60, 1, 30):
        left = statement
        with pytest.raises(Crash):
            indexer(story, database).run()
        lacked.append(lacks(database))
    assert lacked[:2] == [0, 0]
    assert len(set(lacked[2:])) == 1
    assert lacked[-1] > 30
    indexer(story, database).run()
    assert lacks(database) == 0
    assert dump(database) == dump(told)


@pytest.mark.usefixtures("far")
def test_built_beside_another_takes_its_place_complete(
    story: Story, told: Database, any_database: Database
) -> None:
    first = indexer(story, any_database)
    first.run()
    build_beside(first)
    assert lacks(any_database) == 0
    assert without_revision(dump(any_database)) == without_revision(dump(told))


@pytest.mark.usefixtures("far")
def test_stopped_while_it_is_completed(
    story: Story, told: Database, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, released = threading.Event(), threading.Event()
    complete = secondary.complete

    def slowly(*arguments: Any) -> None:
        stop.set()
        released.wait()
        complete(*arguments)

    first = indexer(story, any_database)
    with monkeypatch.context() as patched:
        patched.setattr(secondary, "complete", slowly)
        progress = first.run(stop=stop)
    assert progress.block == progress.head
    assert not released.is_set()
    released.set()
    stop.clear()
    first.run(stop=stop)
    assert lacks(any_database) == 0
    assert dump(any_database) == dump(told)
