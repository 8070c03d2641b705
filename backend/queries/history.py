"""What happened, event by event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import ColumnElement, select
from sqlalchemy import Row as SelectedRow
from sqlalchemy.orm import Session

from backend.chain.arguments import arguments
from backend.chain.decoding import decode
from backend.chain.events import Event, Origin
from backend.db.models import EventRow, Retraction
from backend.queries.errors import NotFoundError
from backend.queries.index import final_block
from backend.queries.values import Row, Source, when


class HistoryEntry(Row, frozen=True):
    """One event. `arguments` are by the names of the ABI: integers as decimal strings (amounts in
    minor units, moments in Unix seconds), hashes and addresses as 0x-hex. `final` says that the
    chain will not give it up any more."""

    event: str
    contract: str
    at: datetime
    milestone: int | None
    arguments: dict[str, Any]
    block_hash: str
    final: bool
    source: Source


class PlacedEntry(HistoryEntry, frozen=True):
    """An event out of its contract's history: `address` is that of the contract that emitted it."""

    address: str


def contract_history(session: Session, agreement: str) -> list[HistoryEntry]:
    """Everything that happened to an agreement, oldest first."""
    return _history(session, EventRow.agreement == agreement)


def participant_history(session: Session, participant: str) -> list[HistoryEntry]:
    """What the registry says happened to a participant, oldest first."""
    return _history(session, EventRow.participant == participant)


def event_at(session: Session, block: int, log_index: int) -> PlacedEntry:
    """The event at a place on the chain; raises `NotFoundError`."""
    row = session.get(EventRow, (block, log_index))
    if row is None:
        raise NotFoundError(f"The index has no event at log {log_index} of block {block}.")
    return placed(row, final_block(session))


def placed(row: EventRow | Retraction, final: int) -> PlacedEntry:
    """An event with the contract that emitted it, where the blocks up to `final` are final."""
    return PlacedEntry(**asdict(entry_of(row, final)), address=row.address)


def _history(session: Session, condition: ColumnElement[bool]) -> list[HistoryEntry]:
    order = (EventRow.block, EventRow.log_index)
    rows = session.scalars(select(EventRow).where(condition).order_by(*order))
    final = final_block(session)
    return [entry_of(row, final) for row in rows]


def entry_of(row: EventRow | Retraction, final: int) -> HistoryEntry:
    """An event as it is published, where the blocks up to `final` are final."""
    event = event_of(row)
    return HistoryEntry(
        event=row.name,
        contract=row.contract,
        at=when(row.block_timestamp),
        milestone=row.milestone,
        arguments=arguments(event) if event else {},
        block_hash=row.block_hash,
        final=row.block <= final,
        source=Source(row.block, row.transaction, row.log_index),
    )


def event_of(row: EventRow | Retraction | SelectedRow[Any]) -> Event | None:
    """The event that a row with the columns of `EventRow` keeps; None if it is none of ours."""
    origin = Origin(
        row.block,
        row.block_hash,
        row.block_timestamp,
        row.transaction,
        row.transaction_index,
        row.log_index,
        row.address,
        row.topics,
        row.data,
    )
    return decode(row.contract, origin)
