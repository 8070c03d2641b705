"""Which answers of the API an item of the feed changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec import Struct, structs

from backend.chain.events import ZERO_BYTES32, Event
from backend.db.models import EventRow, Retraction

PEOPLE = frozenset({"buyer", "organization", "participant", "payee", "recipient", "supplier"})
"""Fields of events that hold ids of participants whose answers tell of it."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The token of an agreement, and the ids of its buyer and its supplier."""

    token: str
    buyer: str
    supplier: str


def changes(row: EventRow | Retraction, event: Event | None, sides: Sides | None) -> list[str]:
    """Paths below the API's address, each once.

    That is the agreement, the budget line, and the participants that the item is about or that have
    sums of the agreement.
    """
    people = [row.participant, *(_people(event) if event else [])]
    if sides is not None:
        people += [sides.buyer, sides.supplier]
    found = {
        "contracts": [row.agreement],
        "budget-lines": [line_of(event)],
        "participants": people,
    }
    paths = [f"{path}/{name}" for path, names in found.items() for name in names if name]
    return list(dict.fromkeys(paths))


def names(row: EventRow | Retraction, event: Event | None, document: str | None) -> list[str]:
    """Ids of the participant and the budget line, and the hash of the document, that the item is
    about: answers that have one of them in them tell of what it is like."""
    return [name for name in (row.participant, line_of(event), document) if name]


def line_of(event: Event | None) -> str | None:
    """The id of the budget line that an event is about."""
    return getattr(event, "line", None)


def _people(value: Struct) -> Iterator[str]:
    for field in structs.fields(value):
        part = getattr(value, field.name)
        if field.name in PEOPLE:
            if part != ZERO_BYTES32:
                yield part
        elif field.name != "origin":
            for inner in part if isinstance(part, tuple) else (part,):
                if isinstance(inner, Struct):
                    yield from _people(inner)
