"""The history: every event as a row, whatever else follows from it."""

from __future__ import annotations

import json
from dataclasses import fields
from enum import IntEnum
from functools import cache
from typing import Any

from backend.chain.events import EVENTS, NO_MILESTONE, Event
from backend.projections.about import known_milestone
from backend.projections.rows import Rows

_CONTRACTS = {kind: contract for contract, kinds in EVENTS.items() for kind in kinds}


def record(rows: Rows, event: Event) -> None:
    """Add an event to the history."""
    origin = event.origin
    contract = _CONTRACTS[type(event)]
    about = origin.address if contract == "Agreement" else None
    rows.add_event(
        {
            "block": origin.block,
            "log_index": origin.log_index,
            "block_hash": origin.block_hash,
            "block_timestamp": origin.timestamp,
            "transaction": origin.transaction,
            "transaction_index": origin.transaction_index,
            "address": origin.address,
            "contract": contract,
            "name": type(event).__name__,
            "arguments": canonical(event),
            "agreement": about or getattr(event, "agreement", None),
            "milestone": known_milestone(getattr(event, "milestone", NO_MILESTONE)),
            "participant": getattr(event, "participant", None),
        }
    )


def canonical(event: Event) -> str:
    """An event's parameters as canonical JSON (RFC 8785), integers as decimal strings."""
    arguments = _plain(event)
    return json.dumps(arguments, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return str(int(value)) if isinstance(value, IntEnum) else str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return {name: _plain(getattr(value, field)) for field, name in _names(value.__class__)}


@cache
def _names(kind: Any) -> list[tuple[str, str]]:
    """Fields but the origin, each with its name in the ABI."""
    return [(f.name, _camel(f.name)) for f in fields(kind) if f.name != "origin"]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
