"""What measurements give: rows of the table and of the JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class LeftOut(Exception):
    """Something that a measurement needs is not there; its rows are left out, with this note."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, and what a peer or the floor came to in the same run and unit."""

    name: str
    value: float
    unit: str
    ponder: float | None = None
    ponder_tuned: float | None = None
    floor: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What gives some rows; `title` says what is going on meanwhile."""

    title: str
    measure: Callable[[], list[Row]]
