"""An event's parameters as they are published: by the names of the ABI, in plain JSON."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import Any

from msgspec import structs

from backend.chain.events import Event


def arguments(event: Event) -> dict[str, Any]:
    """Parameters in the order of their names; integers as decimal strings, structs as objects."""
    found: dict[str, Any] = _plain(event)
    return found


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
    fields = (field.name for field in structs.fields(kind) if field.name != "origin")
    return sorted(((field, _camel(field)) for field in fields), key=lambda pair: pair[1])


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
