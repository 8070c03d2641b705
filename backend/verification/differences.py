"""What differs, and how it is told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Side(StrEnum):
    """What was compared with what the rules, or the proven logs, say."""

    DATABASE = "database"
    EVENT = "event"
    VIEW = "view"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not what it must be.

    `agreement` is its number, None for what belongs to none; `key` names the row, e.g. "12/3";
    `expected` follows from the chain, `found` is what stands at `side`. For a row that is missing
    or in excess `column` is "row" and the two are "a row" and "no row".
    """

    side: Side
    agreement: int | None
    table: str
    key: str
    column: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        whose = f"agreement {self.agreement}, " if self.agreement is not None else ""
        return (
            f"{whose}{self.table} {self.key}, {self.column}: {shown(self.expected)} from the "
            f"chain, {shown(self.found)} in the {self.side}"
        )

    def as_json(self) -> dict[str, Any]:
        """The fields, with integers as decimal strings: JSON readers round large ones."""
        return {
            name: str(value) if type(value) is int and name in {"expected", "found"} else value
            for name, value in asdict(self).items()
        }


A_ROW, NO_ROW = "a row", "no row"


def shown(value: Any) -> str:
    """A value for people."""
    return "nothing" if value is None else str(value)
