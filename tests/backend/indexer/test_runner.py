"""index
├── from nothing
│   ├── reports blocks done and blocks there are
│   └── gives the same rows for any size of ranges, one block at a time or all at once, and takes
│       the same back
├── again
│   └── adds nothing; what came since is added
├── that fails between any two statements
│   └── gives the same rows afterwards
├── that is killed
│   └── gives the same rows afterwards
├── by several at once
│   └── gives the same rows
└── of texts of any kind
    └── goes on
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import func, select
from support.indexes import run
from support.rows import dump
from support.story import Story
from support.world import ADMIN, SUPPLIER, deploy

from backend.chain.contract import contract
from backend.chain.nodes import Nodes
from backend.chain.rpc import Rpc
from backend.db import connecting
from backend.db import session as session_module
from backend.db.models import Batch, Block, Cursor, EventRow, Participant, Undo
from backend.db.session import Database
from backend.indexer import (
    Indexer,
    Policy,
    Progress,
    index_once,
    rebuild,
)
from backend.indexer import folding as folding_module
from backend.indexer import runner as runner_module
from backend.indexer import scanner as scanner_module

NOTHING_FINAL = Policy(confirmations=10_000, reorg_blocks=10_000)


class Crash(Exception):
    """What a test throws into the indexer."""


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
    world.act(ADMIN, "SettlementToken", token, "issue", person.account, 5, b"\1" * 32)
    assert indexer.run().events == 2


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
    for module in (connecting, session_module):
        monkeypatch.setattr(module, "LOCK_SECONDS", 60)
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
    world.send(ADMIN, world.deployment.registry, data)
    index_once(any_database, own_rpc, world.deployment, store)
    with any_database.reading() as session:
        found = session.scalars(select(Participant.identifier).order_by(Participant.number)).all()
    assert found == [
        "a\\x00b",
        "\U0010ffff" * 3000,
        "'; DROP TABLE participants; --",
        "\\xff\\xfe\\xfdplain",
    ]
