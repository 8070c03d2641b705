"""Rows that outlive the batch that read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backend.db.base import Base
from backend.db.models import (
    Agreement,
    AgreementOffice,
    BudgetLine,
    Claim,
    Conditions,
    DirectPayment,
    Guarantee,
    Milestone,
    Tax,
    Token,
)
from backend.projections.keys import KeyFilter
from backend.projections.shapes import Values, ValuesByModel

LIMIT = 250_000
"""How many values: a row has 7 to 70 of them, about 30 bytes each."""


class Cache:
    """What later batches are likely to ask for again, as the database has it.

    Rows of the kinds that are `KEPT`, of at most `limit` values together, and all rows of the
    latest batch. Good for as long as nobody else writes to the tables. Where these were `empty` at
    the beginning, it knows as well what was never made.
    """

    KEPT: frozenset[type[Base]] = frozenset(
        {
            Agreement,
            AgreementOffice,
            BudgetLine,
            Claim,
            Conditions,
            DirectPayment,
            Guarantee,
            Milestone,
            Tax,
            Token,
        }
    )

    def __init__(self, limit: int = LIMIT, *, empty: bool = False) -> None:
        self.numbers: dict[type[Base], int] = {}
        self._made = KeyFilter() if empty else None
        self._limit = limit
        self._kept: dict[tuple[type[Base], Any], Values] = {}
        self._size = 0
        self._latest: ValuesByModel = {}

    def find(self, model: type[Base], keys: Iterable[Any]) -> dict[Any, Values]:
        """Values of rows of a model by primary key; without those that are not here."""
        latest, kept = self._latest.get(model, _NONE), self._kept
        found = {key: latest.get(key) or kept.get((model, key)) for key in keys}
        return {key: values for key, values in found.items() if values is not None}

    def lacks(self, model: type[Base], key: Any) -> bool:
        """Whether it is certain that no batch has left a row with this primary key."""
        return self._made is not None and not self._made.has(model, key)

    def note(self, model: type[Base], keys: Iterable[Any]) -> None:
        """Take notice of the primary keys of new rows of a batch."""
        if self._made is not None:
            self._made.add(model, keys)

    def keep(self, rows: ValuesByModel) -> None:
        """Take in the rows of a batch; the ones that were used least recently go first.

        Those of the latest batch all stay: they may not have been committed yet.
        """
        self._latest, kept = rows, self._kept
        for model, found in rows.items():
            if model in self.KEPT:
                for key, values in found.items():
                    place = (model, key)
                    self._size += len(values) - len(kept.pop(place, ()))
                    kept[place] = values
        self._let_go()

    def _let_go(self) -> None:
        stale = []
        for place, values in self._kept.items():
            if self._size <= self._limit:
                break
            self._size -= len(values)
            stale.append(place)
        for place in stale:
            del self._kept[place]

    def stored(self) -> None:
        """The latest batch is committed, and whoever reads from now on sees it."""
        self._latest = {}

    def latest(self, model: type[Base]) -> list[Any]:
        """Keys of the rows of the latest batch, which may not have been committed yet."""
        return list(self._latest.get(model, _NONE))


_NONE: dict[Any, Values] = {}
