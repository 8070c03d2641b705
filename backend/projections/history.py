"""The history: every event as a row, whatever else follows from it."""

from __future__ import annotations

from typing import Any, NamedTuple

from backend.chain.events import EVENTS, Event, Origin
from backend.projections.about import known_milestone
from backend.projections.rows import Rows


class _Kind(NamedTuple):
    """What all events of a kind have in common; the flags say which fields they have."""

    contract: str
    name: str
    of_agreement: bool
    agreement: bool
    milestone: bool
    participant: bool


def record(rows: Rows, event: Event) -> None:
    """Add an event to the history."""
    origin: Origin = event.origin
    contract, name, of_agreement, agreement, milestone, participant = _KINDS[type(event)]
    told: Any = event
    rows.add_event(
        (
            origin.block,
            origin.log_index,
            origin.block_hash,
            origin.timestamp,
            origin.transaction,
            origin.transaction_index,
            origin.address,
            contract,
            name,
            origin.topics,
            origin.data,
            told.agreement if agreement else origin.address if of_agreement else None,
            known_milestone(told.milestone) if milestone else None,
            told.participant if participant else None,
        )
    )


def _kind(contract: str, kind: type[Event]) -> _Kind:
    fields = kind.__struct_fields__
    return _Kind(
        contract,
        kind.__name__,
        contract == "Agreement",
        "agreement" in fields,
        "milestone" in fields,
        "participant" in fields,
    )


_KINDS = {kind: _kind(contract, kind) for contract, kinds in EVENTS.items() for kind in kinds}
