"""The whole check, one agreement after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.orm import Session

from backend.chain.deployment import Deployment
from backend.chain.headers import require_header
from backend.chain.rpc import Rpc
from backend.db.models import Cursor
from backend.verification import views
from backend.verification.comparing import compare, compare_events, rows_in
from backend.verification.differences import Difference, Side
from backend.verification.errors import AgreementUnknownError, NotComparableError
from backend.verification.gathering import Gathered, Gatherer
from backend.verification.proven import ProvenChain
from backend.verification.replay import Replay, replay
from backend.verification.spool import Spool
from backend.verification.tables import (
    AGREEMENTS,
    EVENTS,
    LINES,
    OF_AGREEMENTS,
    TOKENS,
    rows_of,
)

AGREEMENTS_PER_STEP = 50
Progress = Callable[[int, int], None]


@dataclass
class Verification:
    """What was checked; complete when `verify` has run to its end.

    `views` says whether the contracts could be asked as of the block; where they could not, the
    logs alone were used.
    """

    block: int = 0
    block_hash: str = ""
    headers: int = 0
    receipts: int = 0
    logs: int = 0
    agreements: int = 0
    payments: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    views: bool = False
    differences: int = 0


def verify(
    rpc: Rpc,
    made: Deployment,
    session: Session,
    *,
    only: int | None = None,
    progress: Progress = lambda _done, _total: None,
) -> tuple[Verification, Iterator[Difference]]:
    """Compare the index, as the session sees it, with the chain at the index's block.

    `only` is an agreement's number; without it everything is compared. The differences are found
    while they are iterated over; `progress` is told blocks, and how many there are. Raises
    `NotComparableError`, `AgreementUnknownError` and `BlockMismatchError`.
    """
    cursor = _require_same(rpc, made, session)
    done = Verification(cursor.block, cursor.block_hash)
    return done, _counted(done, _run(done, rpc, made, session, only, progress))


def _counted(done: Verification, found: Iterator[Difference]) -> Iterator[Difference]:
    for difference in found:
        done.differences += 1
        yield difference


def _run(
    done: Verification,
    rpc: Rpc,
    made: Deployment,
    session: Session,
    only: int | None,
    progress: Progress,
) -> Iterator[Difference]:
    with Spool() as spool:
        found = _gather(done, rpc, made, spool, only, progress)
        listed = list(found.agreements.items())
        if only is not None:
            if not 0 < only <= len(listed):
                raise AgreementUnknownError(f"No agreement {only}: there are {len(listed)}.")
            listed = listed[only - 1 : only]
        done.views = views.can_ask(rpc, made, done.block)
        remaining = iter(listed)
        while step := list(islice(remaining, AGREEMENTS_PER_STEP)):
            yield from _compare_step(done, rpc, session, spool, found, step)
        address = listed[0][0] if only is not None else None
        yield from _compare_history(done, session, spool, address, only)
        if only is None:
            yield from _compare_commons(done, rpc, made, session, found)


def _gather(
    done: Verification,
    rpc: Rpc,
    made: Deployment,
    spool: Spool,
    only: int | None,
    progress: Progress,
) -> Gathered:
    gatherer = Gatherer(made, views.calendar_offset(rpc, made), spool, only)
    chain = ProvenChain(rpc, made.start_block, done.block, done.block_hash)
    total = done.block - made.start_block + 1
    for block in chain.blocks(gatherer.wants):
        gatherer.take(block)
        progress(block.number - made.start_block + 1, total)
    progress(total, total)
    spool.finish()
    done.headers, done.receipts, done.logs = chain.headers, chain.receipts, spool.count
    return gatherer.found


def _compare_step(
    done: Verification,
    rpc: Rpc,
    session: Session,
    spool: Spool,
    found: Gathered,
    step: list[tuple[str, int]],
) -> Iterator[Difference]:
    replays = [
        replay(number, spool.facts(address), address, found.people, found.calendar)
        for address, number in step
    ]
    for each in replays:
        done.agreements += 1
        done.payments += len(each.payments)
        yield from each.differences
        yield from _compare_books(each, found)
        rows_by_table = rows_of(each)
        for table in (AGREEMENTS, *OF_AGREEMENTS):
            expected = rows_by_table[table.name]
            _count(done, table.name, len(expected))
            column = "address" if table is AGREEMENTS else "agreement"
            rows = rows_in(session, table, **{column: each.address})
            yield from compare(table, each.number, expected, rows)
    if done.views:
        yield from views.compare_agreements(rpc, replays, done.block)


def _compare_books(each: Replay, found: Gathered) -> Iterator[Difference]:
    """What token and budget tell of an agreement, against its own events."""
    address, total = each.address, each.total
    held = found.held[each.terms["token"], address]
    if held != total.held:
        yield Difference(Side.EVENT, each.number, "Transfer", address, "held", total.held, held)
    committed = found.commons.committed[address] - found.commons.released[address]
    expected = total.accepted if each.status == "closed" else total.value
    if committed != expected:
        yield Difference(
            Side.EVENT, each.number, "LineCommitted", address, "committed", expected, committed
        )
    released = found.commons.released[address]
    if released != total.released:
        told = (total.released, released)
        yield Difference(Side.EVENT, each.number, "LineReleased", address, "released", *told)


def _compare_history(
    done: Verification, session: Session, spool: Spool, address: str | None, only: int | None
) -> Iterator[Difference]:
    where = {} if address is None else {"agreement": address}

    def expected() -> Iterator[dict[str, object]]:
        for row in spool.rows(address):
            _count(done, EVENTS.name, 1)
            yield row

    yield from compare_events(only, expected(), rows_in(session, EVENTS, **where))


def _compare_commons(
    done: Verification, rpc: Rpc, made: Deployment, session: Session, found: Gathered
) -> Iterator[Difference]:
    commons = found.commons
    yield from commons.differences
    for table, rows in ((TOKENS, commons.tokens), (LINES, commons.lines)):
        _count(done, table.name, len(rows))
        yield from compare(table, None, rows.values(), rows_in(session, table))
    for row in rows_in(session, AGREEMENTS):
        if row["address"] not in found.agreements:
            yield from compare(AGREEMENTS, row["number"], [], [row])
    if done.views:
        yield from views.compare_commons(rpc, made, commons, done.block)


def _require_same(rpc: Rpc, made: Deployment, session: Session) -> Cursor:
    """The index's cursor, whose block the node must have: else nothing can be compared."""
    cursor = session.get(Cursor, 1)
    if cursor is None:
        raise NotComparableError("No block has been indexed yet. Run `termin index` first.")
    chain_id, genesis, block = rpc.batch(
        [
            ("eth_chainId", []),
            ("eth_getBlockByNumber", ["0x0", False]),
            ("eth_getBlockByNumber", [hex(cursor.block), False]),
        ]
    )
    wanted = (made.chain_id, made.genesis_hash, made.factory)
    indexed = (cursor.chain_id, cursor.genesis_hash, cursor.factory)
    if indexed != wanted:
        raise NotComparableError(f"The index is of {indexed}, the deployment is {wanted}.")
    there = (int(chain_id, 16), genesis["hash"])
    if there != wanted[:2]:
        raise NotComparableError(f"The node is on chain {there}, the index on {wanted[:2]}.")
    if block is None:
        raise NotComparableError(
            f"The index stands at block {cursor.block}, {cursor.block_hash}; the node has no such "
            "block."
        )
    require_header(block)
    if block["hash"] != cursor.block_hash:
        raise NotComparableError(
            f"The index has seen block {cursor.block} as {cursor.block_hash}, the node has "
            f"{block['hash']}."
        )
    return cursor


def _count(done: Verification, table: str, rows: int) -> None:
    done.rows[table] = done.rows.get(table, 0) + rows
