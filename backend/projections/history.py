"""The history: every event as a row, whatever else follows from it."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from backend.chain.events import EVENTS, NO_MILESTONE, Event
from backend.projections.about import known_milestone
from backend.projections.rows import Rows

_CONTRACTS = {kind: contract for contract, kinds in EVENTS.items() for kind in kinds}


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
    origin, kind = event.origin, _kind(type(event))
    agreement = origin.address if kind.of_agreement else None
    milestone = getattr(event, "milestone", NO_MILESTONE) if kind.milestone else NO_MILESTONE
    rows.add_event(
        (
            origin.block,
            origin.log_index,
            origin.block_hash,
            origin.timestamp,
            origin.transaction,
            origin.transaction_index,
            origin.address,
            kind.contract,
            kind.name,
            origin.topics,
            origin.data,
            getattr(event, "agreement", None) if kind.agreement else agreement,
            known_milestone(milestone),
            getattr(event, "participant", None) if kind.participant else None,
        )
    )


@cache
def _kind(kind: type[Event]) -> _Kind:
    contract, fields = _CONTRACTS[kind], kind.__struct_fields__
    return _Kind(
        contract,
        kind.__name__,
        contract == "Agreement",
        "agreement" in fields,
        "milestone" in fields,
        "participant" in fields,
    )
