"""Rows that outlive the batch that read them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
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
from backend.projections.shapes import RowsByModel

LIMIT = 4_000
"""Rows of a wide table, with the texts of their own, are more than a kilobyte each."""


class Cache:
    """What later batches are likely to ask for again, as the database has it.

    At most `limit` rows of the kinds that are `KEPT`, and all rows of the latest batch. Good for as
    long as nobody else writes to the tables. Where these were `empty` at the beginning, it knows as
    well what was never made.
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
        self._kept: dict[tuple[type[Base], Any], Any] = {}
        self._latest: RowsByModel = {}

    def find(self, model: type[Base], keys: Iterable[Any]) -> dict[Any, Any]:
        """Rows of a model by primary key; without those that are not here."""
        latest, kept = self._latest.get(model, _NONE), self._kept
        found = {key: latest.get(key) or kept.get((model, key)) for key in keys}
        return {key: row for key, row in found.items() if row is not None}

    def lacks(self, model: type[Base], key: Any) -> bool:
        """Whether it is certain that no batch has left a row with this primary key."""
        return self._made is not None and not self._made.has(model, key)

    def note(self, model: type[Base], keys: Iterable[Any]) -> None:
        """Take notice of the primary keys of new rows of a batch."""
        if self._made is not None:
            self._made.add(model, keys)

    def keep(self, rows: RowsByModel) -> None:
        """Take in the rows of a batch; the ones that were used least recently go first.

        Those of the latest batch all stay: they may not have been committed yet.
        """
        self._latest, kept = rows, self._kept
        for model, found in rows.items():
            if model in self.KEPT:
                for key, row in found.items():
                    if row is not None:
                        place = (model, key)
                        kept.pop(place, None)
                        kept[place] = row
        for place in list(islice(kept, max(0, len(kept) - self._limit))):
            del kept[place]

    def stored(self) -> None:
        """The latest batch is committed, and whoever reads from now on sees it."""
        self._latest = {}

    def latest(self, model: type[Base]) -> list[Any]:
        """Keys of the rows of the latest batch, which may not have been committed yet."""
        return [key for key, row in self._latest.get(model, _NONE).items() if row is not None]


_NONE: dict[Any, Any] = {}
