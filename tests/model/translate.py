"""Between the model's names and those of the ABI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

Words = dict[str, Any]


@cache
def camel(name: str) -> str:
    """`due_at` → `dueAt`."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def abi(value: Any) -> Any:
    """A record of the model as the ABI has it: structs as mappings, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {camel(f.name): abi(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {camel(key): abi(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [abi(item) for item in value]
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def agrees(found: Any, told: Any) -> bool:
    """Whether what a contract says is what the model says, as far as the model says anything."""
    if isinstance(told, Mapping):
        return all(agrees(found[key], value) for key, value in told.items())
    return bool(found == told)
