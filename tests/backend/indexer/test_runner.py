"""index
├── from nothing
│   ├── reports blocks done and blocks there are
│   └── gives the same rows for any size of ranges, one block at a time or all at once, and takes
│       the same back
├── in batches
│   ├── that end when their rows are many, after their time, and when a node fails or is slow
│   ├── of which nothing is left where one event cannot be folded
│   └── is made again where rows are gone that somebody else has dropped
├── again
│   └── adds nothing; what came since is added
├── that fails between any two statements
│   └── gives the same rows afterwards
├── that is killed
│   └── gives the same rows afterwards
├── by several at once
│   └── gives the same rows
├── whose node
│   ├── refuses long ranges, or leaves out what need not be there: the rows are the same
│   └── contradicts itself: nothing is written
├── of several nodes
│   ├── goes on with the next where one fails
│   └── stops where they disagree, and writes nothing
└── that does not fit the chain
    └── stops and says what to do
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import func, select, update
from support.faults import Change, ChangedRpc, bare_logs, forged, limited
from support.node import anvil
from support.rows import dump
from support.story import Story
from support.waiting import wait_until
from support.world import SUPPLIER, deploy

from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.events import PaymentMade
from backend.chain.nodes import Nodes, NodesDisagreeError
from backend.chain.rpc import NodeBusyError, NodeRefusedError, NodeUnreachableError, Rpc
from backend.core.documents import DocumentStore
from backend.db.models import Batch, Block, Cursor, EventRow, Participant, Undo
from backend.db.session import Database
from backend.indexer import (
    ChainInconsistentError,
    Indexer,
    IndexMismatchError,
    Policy,
    Progress,
    following,
    index_once,
    rebuild,
    run_forever,
)
from backend.indexer import folding as folding_module
from backend.indexer import runner as runner_module
from backend.indexer import scanner as scanner_module
from backend.indexer.writing import Writer, Writing
from backend.projections.registry import PROJECTIONS
from backend.projections.rows import ProjectionError, Rows


class Crash(Exception):
    """What a test throws into the indexer."""


NOTHING_FINAL = Policy(confirmations=10_000, reorg_blocks=10_000)


def run(
    story: Story, database: Database, rpc: Rpc | None = None, policy: Policy | None = None
) -> Progress:
    """Index the story."""
    deployment = story.world.deployment
    return index_once(database, rpc or story.rpc, deployment, story.store, policy=policy)


def test_reports_progress(story: Story, any_database: Database) -> None:
    seen: list[Progress] = []
    final = index_once(any_database, story.rpc, story.world.deployment, story.store, seen.append)
    head = int(story.rpc.call("eth_blockNumber"), 16)
    start = story.world.deployment.start_block
    assert seen[0] == Progress(start, start - 1, head, 0)
    assert (seen[0].done, seen[0].total) == (0, head - start + 1)
    assert seen[-1] == final == Progress(start, head, head, 148)
    assert final.done == final.total
    assert [p.done for p in seen] == sorted(p.done for p in seen)


@pytest.mark.parametrize(
    ("first", "logs", "ranges"), [(1, 1, 1), (1, 1, 7), (3, 7, 2), (10_000, 10_000, 10)]
)
def test_any_size_of_ranges_gives_the_same_rows(
    story: Story,
    told: Database,
    any_database: Database,
    monkeypatch: pytest.MonkeyPatch,
    first: int,
    logs: int,
    ranges: int,
) -> None:
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", first)
    monkeypatch.setattr(scanner_module, "LOGS_PER_SCAN", logs)
    monkeypatch.setattr(runner_module, "RANGES_PER_BATCH", ranges)
    run(story, any_database)
    assert dump(any_database) == dump(told)


@pytest.mark.parametrize(("logs", "ranges"), [(60, 1), (10_000, 10)])
def test_any_size_of_ranges_takes_back_the_same(
    story: Story,
    database: Database,
    postgres_database: Database,
    monkeypatch: pytest.MonkeyPatch,
    logs: int,
    ranges: int,
) -> None:
    def way(database: Database) -> tuple[set[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """The blocks with events that one can go back to, and what that takes."""
        with database.reading() as session:
            places = select(Batch.block, Batch.block_hash, Batch.block_timestamp)
            found = places.join(Block, Block.number == Batch.block)
            undo = select(Undo.__table__).order_by(Undo.block, Undo.position)
            return set(map(tuple, session.execute(found))), [*map(tuple, session.execute(undo))]

    for size, several, each in ((1, 1, database), (logs, ranges, postgres_database)):
        monkeypatch.setattr(scanner_module, "FIRST_RANGE", 1)
        monkeypatch.setattr(scanner_module, "LOGS_PER_SCAN", size)
        monkeypatch.setattr(runner_module, "RANGES_PER_BATCH", several)
        run(story, each, policy=NOTHING_FINAL)
    places, undo = way(database)
    assert (places, undo) == way(postgres_database)
    with database.reading() as session:
        assert len(places) == session.scalar(select(func.count()).select_from(Block))
    assert {row[0] for row in undo} < {row[0] for row in places}
    assert len(undo) > 200


def test_a_batch_ends_when_its_rows_hold_much(
    story: Story, told: Database, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 10)
    monkeypatch.setattr(scanner_module, "LARGEST_RANGE", 10)
    monkeypatch.setattr(folding_module, "EVENTS_PER_FOLD", 1)
    monkeypatch.setattr(runner_module, "RANGES_PER_BATCH", 1_000)
    monkeypatch.setattr(runner_module, "VALUES_PER_BATCH", 500)
    watch_batches(monkeypatch, seen)
    run(story, any_database)
    assert len(seen) > 3
    assert sum(seen) == 148
    assert dump(any_database) == dump(told)


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
    monkeypatch.setattr(Writer, "add", lambda *given: added.append(len(given[2])) or add(*given))

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


def test_again_adds_nothing(story: Story, told: Database, indexed: Database) -> None:
    assert run(story, indexed).events == 0
    assert dump(indexed) == dump(told)


def test_what_came_since_is_added(own_rpc: Rpc, any_database: Database, store: Any) -> None:
    world = deploy(own_rpc)
    indexer = Indexer(any_database, Nodes([own_rpc]), world.deployment, store)
    indexer.prepare()
    assert indexer.run().events == 2
    world.register(SUPPLIER)
    world.admit("MXN", 2)
    assert indexer.run().events == 2
    assert indexer.run().events == 0
    token = world.tokens["MXN"]
    person = world.register(SUPPLIER)
    world.act(_admin(), "SettlementToken", token, "issue", person.account, 5, b"\1" * 32)
    assert indexer.run().events == 2


def _admin() -> str:
    from support.world import ADMIN

    return ADMIN


def test_a_rebuild_gives_the_same_rows(story: Story, told: Database, indexed: Database) -> None:
    rebuild(indexed)
    run(story, indexed)
    assert dump(indexed) == dump(told)


@pytest.mark.parametrize("ranges", [1, 3])
def test_a_failure_between_any_two_statements_changes_nothing(
    story: Story, told: Database, database: Database, monkeypatch: pytest.MonkeyPatch, ranges: int
) -> None:
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 30)
    monkeypatch.setattr(scanner_module, "LOGS_PER_SCAN", 60)
    monkeypatch.setattr(folding_module, "EVENTS_PER_FOLD", 1)
    monkeypatch.setattr(runner_module, "RANGES_PER_BATCH", ranges)
    database.migrate()
    countdown = [0]

    def strike(*_: Any) -> None:
        countdown[0] -= 1
        if countdown[0] == 0:
            raise Crash

    sa_event.listen(database.engine, "before_cursor_execute", strike)
    sa_event.listen(database.engine, "commit", strike)
    crashes = 0
    for statements in range(1, 2000):
        countdown[0] = statements
        try:
            run(story, database)
        except Crash:
            crashes += 1
            countdown[0] = 0
            _require_whole_blocks(database)
        else:
            break
    countdown[0] = 0
    assert crashes > 20
    assert dump(database) == dump(told)


def _require_whole_blocks(database: Database) -> None:
    with database.reading() as session:
        cursor = session.get(Cursor, 1)
        blocks = session.scalars(select(EventRow.block)).all()
    assert max(blocks, default=-1) <= (cursor.block if cursor else -1)


KILLED = """
import json, os, signal, sys
from pathlib import Path
from sqlalchemy import event
from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.db.session import Database
from backend.indexer import index_once, runner, scanner
scanner.FIRST_RANGE = scanner.LARGEST_RANGE = 10
runner.RANGES_PER_BATCH = 1
url, name, deployment, store, steps = sys.argv[1:]
database, left = Database(name), int(steps)
def strike(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
    event.listen(database.engine, name, strike)
with Rpc(url) as rpc:
    index_once(database, rpc, Deployment(**json.loads(deployment)), DocumentStore(Path(store)))
"""


def test_a_kill_at_any_instant_changes_nothing(
    story: Story, told: Database, any_database: Database
) -> None:
    any_database.migrate()
    url = any_database.url.render_as_string(hide_password=False)
    deployment = json.dumps(asdict(story.world.deployment))
    arguments = [story.rpc.url, url, deployment, str(story.store.folder)]
    root = Path(__file__).parents[3]
    for steps in (40, 83, 84, 140):
        command = [sys.executable, "-c", KILLED, *arguments, str(steps)]
        assert subprocess.run(command, check=False, cwd=root).returncode == -signal.SIGKILL
    _require_whole_blocks(any_database)
    with any_database.reading() as session:
        assert session.get_one(Cursor, 1).block < int(story.rpc.call("eth_blockNumber"), 16)
    run(story, any_database)
    assert dump(any_database) == dump(told)


def test_two_at_once_do_not_disturb_each_other(
    story: Story, told: Database, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 2)
    monkeypatch.setattr(scanner_module, "LOGS_PER_SCAN", 4)
    monkeypatch.setattr(runner_module, "RANGES_PER_BATCH", 1)
    any_database.migrate()
    failures: list[BaseException] = []

    def work() -> None:
        other = Database(any_database.url.render_as_string(hide_password=False))
        try:
            with Rpc(story.rpc.url) as rpc:
                run(story, other, rpc)
        except BaseException as error:
            failures.append(error)
        finally:
            other.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert dump(any_database) == dump(told)


@pytest.mark.parametrize("change", [limited(1), limited(7), bare_logs], ids=["1", "7", "bare"])
def test_other_nodes_give_the_same_rows(
    story: Story, told: Database, database: Database, change: Change
) -> None:
    with ChangedRpc(story.rpc.url, change) as rpc:
        run(story, database, rpc)
    assert dump(database) == dump(told)


def test_a_node_that_refuses_one_block_is_not_asked_for_less(
    story: Story, database: Database
) -> None:
    with (
        ChangedRpc(story.rpc.url, limited(0)) as rpc,
        pytest.raises(NodeRefusedError, match="range too large"),
    ):
        run(story, database, rpc)


def wrong_bloom(method: str, params: Sequence[Any], result: Any) -> Any:
    """A node whose latest block has a filter that its logs do not give."""
    if method == "eth_getBlockByNumber" and result and int(result["number"], 16) == 40:
        return result | {"logsBloom": "0x" + "00" * 256}
    return result


def test_a_node_that_contradicts_itself_is_not_believed(
    story: Story, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 100)
    with (
        ChangedRpc(story.rpc.url, wrong_bloom) as rpc,
        pytest.raises(ChainInconsistentError, match="Block 40: the hash of its header is 0x"),
    ):
        run(story, database, rpc)
    with database.reading() as session:
        assert session.get(Cursor, 1) is None
    run(story, database)


@pytest.mark.parametrize(
    ("name", "value"),
    [("transactionIndex", "zz"), ("data", "0xabc"), ("data", "0x" + "zz" * 32)],
)
def test_a_log_that_is_malformed_is_not_believed(
    story: Story, database: Database, name: str, value: str
) -> None:
    def change(method: str, _: Sequence[Any], result: Any) -> Any:
        if method != "eth_getLogs":
            return result
        return [log | {name: value} if log["blockNumber"] == "0x1e" else log for log in result]

    with (
        ChangedRpc(story.rpc.url, change) as rpc,
        pytest.raises(ChainInconsistentError, match="A log of block 30 is malformed: "),
    ):
        run(story, database, rpc)
    run(story, database)


def test_goes_on_with_the_next_node_where_one_fails(
    story: Story, told: Database, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    asked = [0]

    def fails(method: str, _: Sequence[Any], result: Any) -> Any:
        asked[0] += 1
        return wrong_bloom(method, _, result)

    with ChangedRpc(story.rpc.url, fails) as first, Rpc(story.rpc.url) as second:
        indexer = Indexer(database, Nodes([first, second]), story.world.deployment, story.store)
        indexer.prepare()
        assert indexer.run().events == 148
        assert asked[0] > 0
    assert dump(database) == dump(told)
    assert len(caplog.messages) == 1
    assert re.match(rf"{story.rpc.url} rests for \d\.\d s: Block 40: ", caplog.messages[0])


def test_a_node_whose_blocks_have_not_their_hashes_is_no_other_chain(
    story: Story, told: Database, any_database: Database
) -> None:
    def lying(method: str, _: Sequence[Any], result: Any) -> Any:
        return result | {"hash": "0x" + "99" * 32} if method == "eth_getBlockByNumber" else result

    with Rpc(story.rpc.url) as first, ChangedRpc(story.rpc.url, lying) as second:
        indexer = Indexer(any_database, Nodes([first, second]), story.world.deployment, story.store)
        indexer.prepare()
        assert indexer.run().events == 148
    assert dump(any_database) == dump(told)


def test_stops_where_nodes_disagree(story: Story, any_database: Database) -> None:
    def other(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getBlockByNumber":
            return forged(result, extraData="0x99")
        return result

    with Rpc(story.rpc.url) as first, ChangedRpc(story.rpc.url, other) as second:
        indexer = Indexer(any_database, Nodes([first, second]), story.world.deployment, story.store)
        indexer.prepare()
        with pytest.raises(NodesDisagreeError, match=r"Block \d+ is 0x.* and 0x"):
            indexer.run()
    with any_database.reading() as session:
        assert session.get(Cursor, 1) is None


def test_no_text_of_a_party_stops_the_index(
    own_rpc: Rpc, any_database: Database, store: Any
) -> None:
    world = deploy(own_rpc)
    for identifier in ("a\0b", "\U0010ffff" * 3000, "'; DROP TABLE participants; --"):
        world.register(SUPPLIER, identifier=identifier)
    registration = {
        "scheme": "S",
        "identifier": "replaced",
        "account": "0x" + "0" * 40,
        "roles": SUPPLIER,
        "organization": b"\0" * 32,
        "document": b"\0" * 32,
    }
    data = contract("ParticipantRegistry").call("register", registration)
    data = data.replace(b"replaced", b"\xff\xfe\xfdplain")
    world.send(_admin(), world.deployment.registry, data)
    index_once(any_database, own_rpc, world.deployment, store)
    with any_database.reading() as session:
        found = session.scalars(select(Participant.identifier).order_by(Participant.number)).all()
    assert found == [
        "a\\x00b",
        "\U0010ffff" * 3000,
        "'; DROP TABLE participants; --",
        "\\xff\\xfe\\xfdplain",
    ]


# --- what does not fit ---


def test_another_chain_id(story: Story, database: Database) -> None:
    with anvil(chain_id=7) as url, Rpc(url) as rpc, pytest.raises(IndexMismatchError) as caught:
        run(story, database, rpc)
    assert "The node is on chain 7" in caught.value.detail
    assert "Point --rpc-url at the right node." in caught.value.detail
    assert caught.value.status == 503


def test_an_empty_chain_of_the_same_kind(story: Story, database: Database, own_rpc: Rpc) -> None:
    with pytest.raises(IndexMismatchError, match=r"no contract at .* Run `termin deploy`"):
        run(story, database, own_rpc)


def test_another_deployment(story: Story, indexed: Database, own_rpc: Rpc) -> None:
    other = replace(story.world.deployment, factory="0x" + "12" * 20)
    with pytest.raises(IndexMismatchError, match="The index is of factory 0x"):
        index_once(indexed, story.rpc, other, story.store)


def test_a_deployment_file_that_is_mixed_up(story: Story, database: Database) -> None:
    right = story.world.deployment
    wrong = replace(right, registry=right.budget, budget=right.registry)
    with pytest.raises(IndexMismatchError, match="Correct the deployment file"):
        index_once(database, story.rpc, wrong, story.store)


def test_other_projections(story: Story, indexed: Database) -> None:
    with indexed.transaction() as session:
        session.execute(update(Cursor).values(projection_version=0))
    with pytest.raises(IndexMismatchError, match="built by version 0 of the projections"):
        run(story, indexed)


# --- for ever ---


def test_follows_the_chain_until_it_is_told_to_stop(
    own_rpc: Rpc, database: Database, store: DocumentStore
) -> None:
    world = deploy(own_rpc)
    stop, seen = threading.Event(), [0]
    with Rpc(own_rpc.url) as rpc:
        indexer = Indexer(database, Nodes([rpc]), world.deployment, store)
        thread = threading.Thread(
            target=run_forever, args=(indexer, stop, lambda p: seen.append(p.block))
        )
        thread.start()
        person = world.register(SUPPLIER)
        head = int(own_rpc.call("eth_blockNumber"), 16)
        _wait_until(lambda: seen[-1] >= head)
        stop.set()
        thread.join(5)
        assert not thread.is_alive()
    with database.reading() as session:
        found = session.scalars(select(EventRow.participant)).all()
    assert person.hex in found


def test_waits_for_a_node_that_is_away(
    story: Story, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    away, stop, seen = [True], threading.Event(), [0]

    def change(_: str, __: Sequence[Any], result: Any) -> Any:
        if away[0]:
            raise NodeUnreachableError("gone")
        return result

    with ChangedRpc(story.rpc.url, change) as rpc:
        indexer = Indexer(database, Nodes([rpc]), story.world.deployment, story.store)
        thread = threading.Thread(
            target=run_forever, args=(indexer, stop, lambda p: seen.append(p.block))
        )
        thread.start()
        _wait_until(lambda: len(caplog.messages) >= 2)
        away[0] = False
        _wait_until(lambda: seen[-1] > 100)
        stop.set()
        thread.join(5)
    for message in caplog.messages[:2]:
        assert re.match(r"The chain cannot be reached: gone Trying again in 0\.\d s\.", message)


def test_waits_for_as_long_as_the_node_says(
    story: Story, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    stop, refusals = threading.Event(), []

    def busy(_: str, __: Sequence[Any], result: Any) -> Any:
        if not refusals:
            refusals.append(time.monotonic())
            raise NodeBusyError("later", 1.0)
        stop.set()
        return result

    with ChangedRpc(story.rpc.url, busy) as rpc:
        run_forever(Indexer(database, Nodes([rpc]), story.world.deployment, story.store), stop)
    assert time.monotonic() - refusals[0] >= 1.0
    assert caplog.messages == ["The node is busy: later Trying again in 1.0 s."]


def test_stops_for_good_when_the_chain_does_not_fit(story: Story, indexed: Database) -> None:
    other: Deployment = replace(story.world.deployment, chain_id=1)
    indexer = Indexer(indexed, Nodes([story.rpc]), other, story.store)
    with pytest.raises(IndexMismatchError):
        run_forever(indexer, threading.Event())


def test_takes_in_documents_that_come_later(
    story: Story, database: Database, store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "DOCUMENTS_SECONDS", 0)
    index_once(database, story.rpc, story.world.deployment, store)
    stop = threading.Event()
    indexer = Indexer(database, Nodes([story.rpc]), story.world.deployment, store)
    thread = threading.Thread(target=run_forever, args=(indexer, stop))
    thread.start()
    store.write(story.store.read(story.documents["Foundation"]) or b"")
    _wait_until(lambda: _revision(database) == 1)
    stop.set()
    thread.join(5)


def _revision(database: Database) -> int:
    with database.reading() as session:
        return session.get_one(Cursor, 1).documents_revision


def _wait_until(condition: Any) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
