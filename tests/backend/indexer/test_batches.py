"""an index in batches
├── that end when their rows are many, after their time, and when a node fails or is slow
├── of which nothing is left where one event cannot be folded
└── is made again where rows are gone that somebody else has dropped
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from support.faults import ChangedRpc
from support.indexes import run
from support.rows import dump
from support.story import Story
from support.waiting import wait_until

from backend.chain.events import PaymentMade
from backend.chain.rpc import NodeUnreachableError
from backend.db.models import Cursor, EventRow
from backend.db.session import Database
from backend.indexer import folding as folding_module
from backend.indexer import runner as runner_module
from backend.indexer import scanner as scanner_module
from backend.indexer.writing import Writer, Writing
from backend.projections.registry import PROJECTIONS
from backend.projections.rows import History, ProjectionError, Rows


class Crash(Exception):
    """What a test throws into the indexer."""


def watch_batches(monkeypatch: pytest.MonkeyPatch, seen: list[int]) -> None:
    """Take down how many events each batch has."""
    put = Writer.put

    def watched(writer: Writer, start: Any, writing: Writing) -> bool:
        seen.append(writing.events)
        return put(writer, start, writing)

    monkeypatch.setattr(Writer, "put", watched)


def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranges of ten blocks, each folded by itself, all of them in one batch."""
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 10)
    monkeypatch.setattr(scanner_module, "LARGEST_RANGE", 10)
    monkeypatch.setattr(folding_module, "EVENTS_PER_FOLD", 1)
    monkeypatch.setattr(runner_module, "RANGES_PER_BATCH", 1_000)


def test_a_batch_ends_when_its_rows_hold_much(
    story: Story, told: Database, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    small_parts(monkeypatch)
    monkeypatch.setattr(runner_module, "VALUES_PER_BATCH", 500)
    watch_batches(monkeypatch, seen)
    run(story, any_database)
    assert len(seen) > 3
    assert sum(seen) == 148
    assert dump(any_database) == dump(told)


@pytest.mark.parametrize(("seconds", "batches"), [(0.0, 15), (60.0, 2)])
def test_a_batch_ends_after_its_time(
    story: Story,
    told: Database,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    batches: int,
) -> None:
    seen: list[int] = []
    small_parts(monkeypatch)
    monkeypatch.setattr(runner_module, "SECONDS_PER_BATCH", seconds)
    watch_batches(monkeypatch, seen)
    run(story, database)
    assert (len(seen), sum(seen)) == (batches, 148)
    assert dump(database) == dump(told)


def test_what_is_folded_is_stored_while_a_node_takes_its_time(
    story: Story, told: Database, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_parts(monkeypatch)
    monkeypatch.setattr(runner_module, "SECONDS_PER_BATCH", 0.2)
    start = story.world.deployment.start_block
    last = start + (50 - start) // 10 * 10 - 1

    def stands() -> int:
        with any_database.reading() as session:
            cursor = session.get(Cursor, 1)
            return cursor.block if cursor else -1

    def wait(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getLogs" and int(params[0]["fromBlock"], 16) == last + 1:
            wait_until(lambda: stands() == last)
        return result

    with ChangedRpc(story.rpc.url, wait) as rpc:
        run(story, any_database, rpc)
    assert dump(any_database) == dump(told)


@pytest.mark.parametrize("error", [Crash(), ProjectionError("not in the index")])
def test_what_cannot_be_folded_leaves_nothing_of_its_batch(
    story: Story,
    told: Database,
    any_database: Database,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    small_parts(monkeypatch)
    added: list[int] = []
    add = Writer.add

    def count(writer: Writer, start: Any, history: History) -> bool:
        added.append(sum(map(len, history.values())))
        return add(writer, start, history)

    monkeypatch.setattr(Writer, "add", count)

    def strike(*_: Any) -> None:
        raise error

    any_database.migrate()
    with monkeypatch.context() as patched:
        patched.setitem(PROJECTIONS, PaymentMade, strike)
        with pytest.raises(type(error)):
            run(story, any_database)
    assert sum(added) > 20
    with any_database.reading() as session:
        assert session.get(Cursor, 1) is None
        assert session.scalar(select(func.count()).select_from(EventRow)) == 0
    run(story, any_database)
    assert dump(any_database) == dump(told)


def test_rows_that_somebody_else_has_dropped_meanwhile_are_made_again(
    story: Story,
    told: Database,
    any_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when an index is built anew twice at once: what one has stored the other drops."""
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 10)
    monkeypatch.setattr(scanner_module, "LARGEST_RANGE", 10)
    monkeypatch.setattr(runner_module, "RANGES_PER_BATCH", 1)
    other = Database(any_database.url.render_as_string(hide_password=False))
    dropped: list[int] = []

    def pay(rows: Rows, event: Any) -> None:
        if not dropped:
            dropped.append(event.origin.block)
            other.reset()
            raise ProjectionError("a participant is not in the index")
        real(rows, event)

    real = PROJECTIONS[PaymentMade]
    monkeypatch.setitem(PROJECTIONS, PaymentMade, pay)
    run(story, any_database)
    other.close()
    assert dropped
    assert dump(any_database) == dump(told)


def test_what_was_read_before_a_node_failed_is_stored(
    story: Story, told: Database, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 10)
    monkeypatch.setattr(scanner_module, "LARGEST_RANGE", 10)
    monkeypatch.setattr(runner_module, "RANGES_PER_BATCH", 1_000)

    def fail(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getLogs" and int(params[0]["toBlock"], 16) >= 50:
            raise NodeUnreachableError("gone")
        return result

    with ChangedRpc(story.rpc.url, fail) as rpc, pytest.raises(NodeUnreachableError, match="gone"):
        run(story, any_database, rpc)
    start = story.world.deployment.start_block
    with any_database.reading() as session:
        assert session.get_one(Cursor, 1).block == start + (50 - start) // 10 * 10 - 1
    run(story, any_database)
    assert dump(any_database) == dump(told)
