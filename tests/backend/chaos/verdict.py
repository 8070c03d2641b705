"""Whether an index is what it should be after all that has happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaos.faults import STOPPING
from sqlalchemy import func, select

from backend.chain.nodes import Nodes
from backend.chain.rpc import Rpc
from backend.db.base import Base
from backend.db.models import Batch, Cursor, EventRow, Reorganization, Retraction, Undo
from backend.db.session import Database
from backend.indexer import Indexer, Policy
from backend.queries.digest import _ABOUT_THE_WAY, digest

if TYPE_CHECKING:
    from chaos.history import History


class Failure(Exception):
    """What is not as it should be."""


def judge(history: History) -> None:
    """Raise `Failure` unless the index says what a fresh one says, and leaves nothing behind."""
    _require_same(history)
    _require_tidy(history)
    _require_retractions(history)
    if history.watcher.wrong:
        raise Failure("a reader saw:\n" + "\n".join(history.watcher.wrong[:10]))
    if not history.watcher.looks:
        raise Failure("the reader saw nothing")
    _require_words(history)


def value_of(database: Database) -> str:
    """The digest."""
    with database.reading() as session:
        return digest(session).value


def _require_same(history: History) -> None:
    other = "sqlite" if history.plan.kind == "postgresql" else "postgresql"
    with history.hall.stores.make(other) as fresh, Rpc(history.scene.rpc.url) as rpc:
        deployment = history.scene.world.deployment
        indexer = Indexer(fresh, Nodes([rpc]), deployment, history.store, Policy(1_000))
        indexer.prepare()
        indexer.run()
        found, wanted = value_of(history.database), value_of(fresh)
        if found != wanted:
            differences = _differences(history.database, fresh)
            raise Failure(f"the digest is {found}, that of a fresh index {wanted}:\n{differences}")


def _differences(one: Database, other: Database) -> str:
    """The first rows that only one of them has."""
    here, there = _all_rows(one), _all_rows(other)
    lines = [f"  only here: {row}" for row in sorted(here - there)[:10]]
    lines += [f"  only there: {row}" for row in sorted(there - here)[:10]]
    return "\n".join(lines)


def _all_rows(database: Database) -> set[str]:
    with database.reading() as session:
        return {
            f"{table.name} {tuple(row)}"
            for table in Base.metadata.sorted_tables
            if table not in _ABOUT_THE_WAY
            for row in session.execute(table.select())
        }


def _require_tidy(history: History) -> None:
    """No more is kept to take blocks back than can be needed; all indexes can be made."""
    history.database.complete()
    plan, head = history.plan, history.scene.number
    if plan.confirmations is not None:
        final = head - plan.confirmations
    else:
        final = int(
            history.scene.rpc.call("eth_getBlockByNumber", "finalized", False)["number"], 16
        )
    settled = max(final, head - plan.reorg_blocks)
    with history.database.reading() as session:
        batches = session.scalars(select(Batch.block).order_by(Batch.block)).all()
        undo = session.execute(select(func.min(Undo.block), func.max(Undo.block))).one()
    below = [block for block in batches if block <= settled]
    if len(below) > 1 or not batches or batches[-1] != head:
        raise Failure(f"batches {batches} with blocks up to {settled} settled, head {head}")
    if undo[0] is not None and not (batches[0] < undo[0] <= undo[1] <= head):
        raise Failure(f"undo from {undo[0]} to {undo[1]}, batches from {batches[0]} to {head}")


def _require_retractions(history: History) -> None:
    """Whatever was published and is gone was retracted, and what was retracted was published."""
    with history.database.reading() as session:
        rows = session.execute(
            select(
                Retraction.reorganization,
                Retraction.block_hash,
                Retraction.log_index,
                Retraction.block,
            )
        ).all()
        events = {
            tuple(row) for row in session.execute(select(EventRow.block_hash, EventRow.log_index))
        }
        reorganizations = {row.number: row for row in session.scalars(select(Reorganization))}
        cursor = session.get_one(Cursor, 1)
    retracted = {(row[1], row[2]) for row in rows}
    if len({tuple(row[:3]) for row in rows}) != len(rows):
        raise Failure("an event was retracted twice in one reorganisation")
    for number, _, _, block in rows:
        of = reorganizations[number]
        if not of.fork_block < block <= of.block:
            raise Failure(f"block {block} was retracted from {of.fork_block} to {of.block}")
    if lost := set(history.watcher.seen) - events - retracted:
        raise Failure(f"{len(lost)} events were seen and are gone without a retraction: {lost}")
    empty = [each for each in reorganizations.values() if each.fork_block >= each.block]
    if empty:
        raise Failure(f"{len(empty)} reorganisations of no block at all")
    known = history.proxy.memory.hashes | history.other.memory.hashes
    if made_up := {row[1] for row in rows} - known:
        raise Failure(f"events of blocks that never were: {made_up}")
    if cursor.block_hash not in known:
        raise Failure(f"the index stands at {cursor.block_hash}, which no node has told")


ALLOWED = (
    "The chain cannot be reached.",
    "The node is busy.",
    "The node refused the request.",
    "The node contradicts itself.",
    "The node is behind.",
    "The nodes do not agree yet.",
    "The index is not available.",
)
"""With what `termin index` may end before it follows the chain."""

_REWRITTEN = "other_blocks"
"""What looks as if all blocks were other ones, final or not."""

_LATE = "blocks_of_another_fork"
"""What looks, with a head that is far above them, as if final blocks were other ones."""

_DISAGREE = "The nodes disagree."
_ELSEWHERE = ("is on chain 1 ", "with first block 0xabab", "The deployment belongs to another")


def _require_words(history: History) -> None:
    """No process ended by an error that is nobody's, or by one that nothing has caused."""
    injected = " ".join(history.told)
    stopping = any(name in injected for name in STOPPING)
    for process in history.processes:
        text = process.text
        if "Traceback" in text:
            raise Failure(f"a traceback in {process.log.name}")
        if process.status in (None, 0):
            continue
        allowed = list(ALLOWED)
        if history.plan.several and any(name in injected for name in (_REWRITTEN, _LATE)):
            allowed.append(_DISAGREE)
        if stopping:
            allowed += _ELSEWHERE
        if history.plan.ending == "rewritten" or _REWRITTEN in injected:
            allowed.append("that block was final, or is too far back to be undone")
        if not any(words in text for words in allowed):
            raise Failure(f"{process.log.name} ended with {process.status}")
