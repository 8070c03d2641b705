"""Rows that outlive the batch that read them."""

from __future__ import annotations

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
from backend.projections.shapes import Place


class Cache:
    """What later batches are likely to ask for again, as the database has it.

    At most `limit` rows of the kinds that are `KEPT`, and all rows of the latest batch. Good for as
    long as nobody else writes to the tables.
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

    def __init__(self, limit: int = 10_000) -> None:
        self.rows: dict[Place, Any] = {}
        self.numbers: dict[type[Base], int] = {}
        self._limit = limit
        self._latest: dict[Place, Any] = {}

    def keep(self, rows: dict[Place, Any]) -> None:
        """Take in the rows of a batch; the ones that were used least recently go first.

        Those of the latest batch all stay: they may not have been committed yet.
        """
        for place in self._latest:
            if place[0] not in self.KEPT:
                self.rows.pop(place, None)
        self._latest = {place: row for place, row in rows.items() if row is not None}
        passing = 0
        for place, row in self._latest.items():
            self.rows.pop(place, None)
            self.rows[place] = row
            passing += place[0] not in self.KEPT
        spare = len(self.rows) - max(self._limit + passing, len(self._latest))
        for place in list(islice(self.rows, max(0, spare))):
            del self.rows[place]

    def stored(self) -> None:
        """The latest batch is committed, and whoever reads from now on sees it."""
        for place in self._latest:
            if place[0] not in self.KEPT:
                self.rows.pop(place, None)
        self._latest = {}

    def latest(self, model: type[Base]) -> list[Any]:
        """Keys of the rows of the latest batch, which may not have been committed yet."""
        return [key for kind, key in self._latest if kind is model]
