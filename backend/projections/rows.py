"""The rows that a batch of events reads and changes, kept in memory until the batch is saved.

A row has the columns of its model as attributes and nothing else: what changed is found by
comparing it with what it was, so that a projection only assigns.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any, ParamSpec, TypeVar

from msgspec import Struct, defstruct
from msgspec.structs import astuple
from sqlalchemy import Column, ColumnElement, Table, func, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from backend.chain.events import Origin, Part
from backend.core.documents import DocumentStore
from backend.core.errors import AppError
from backend.db import bulk
from backend.db.base import Base, Provenance
from backend.db.models import (
    Agreement,
    AgreementOffice,
    BudgetLine,
    Claim,
    Conditions,
    DirectPayment,
    EventRow,
    Guarantee,
    Milestone,
    Payment,
    Tax,
    Token,
    Undo,
)

Row = TypeVar("Row", bound=Base)
P = ParamSpec("P")

Values = tuple[Any, ...]

_ABSENT: Any = object()


class ProjectionError(AppError):
    """An event is about something that the index has not seen."""

    status = 500
    title = "The index is incomplete"


@dataclass(slots=True)
class UnderWay:
    """A payment while its deductions follow, each an event of the same transaction.

    `terms` is the last place in the table of taxes, or of direct payments, that was deducted.
    """

    row: Payment
    deductions: int = 0
    terms: dict[Part, int] = field(default_factory=dict)


class Cache:
    """What later batches are likely to ask for again, as the database has it; at most `limit` rows.

    Good for as long as nobody else writes to the tables.
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
        self.rows: dict[tuple[type[Base], Any], Any] = {}
        self.numbers: dict[type[Base], int] = {}
        self._limit = limit

    def keep(self, rows: dict[tuple[type[Base], Any], Any]) -> None:
        """Take in the rows of a batch; the ones that were used least recently go first."""
        for place, row in rows.items():
            if row is not None and place[0] in self.KEPT:
                self.rows.pop(place, None)
                self.rows[place] = row
        for place in list(islice(self.rows, max(0, len(self.rows) - self._limit))):
            del self.rows[place]


class Rows:
    """Rows by primary key: found in the database once, written together.

    `undo` names the block by which what this batch changed can be taken back; None where it need
    not be.
    """

    def __init__(
        self,
        session: Session,
        store: DocumentStore,
        cache: Cache | None = None,
        *,
        undo: int | None = None,
    ) -> None:
        self.store = store
        self.scheduled: dict[tuple[str, str], list[Milestone]] = defaultdict(list)
        """(transaction, agreement) → milestones scheduled in it; an amendment may follow."""
        self.under_way: dict[str, UnderWay] = {}
        """Agreement → its latest payment, whose deductions and interest may follow."""
        self._session = session
        self._connection = session.connection()
        self._cache = cache or Cache()
        self._undo = undo
        self._rows: dict[tuple[type[Base], Any], Any] = {}
        self._stored: dict[tuple[type[Base], Any], Values | None] = {}
        self._before: dict[tuple[type[Base], Any], Values | None] = {}
        self._events: list[Values] = []

    def find(self, model: type[Row], key: Any) -> Row | None:
        """The row with this primary key, or None."""
        place = (model, key)
        row: Row | None = self._rows.get(place, _ABSENT)
        if row is _ABSENT:
            self.prefetch(model, [key])
            row = self._rows[place]
        return row

    def get(self, model: type[Row], key: Any) -> Row:
        """The row with this primary key; raises `ProjectionError` if there is none."""
        row = self.find(model, key)
        if row is None:
            raise ProjectionError(f"{model.__name__} {key!r} is not in the index.")
        return row

    def new(self, model: Callable[P, Row], *_: P.args, **values: P.kwargs) -> Row:
        """Add a row with these values; columns that are not named have their defaults."""
        kind: Any = model
        shape = shape_of(kind)
        row: Any = shape.make(**values)
        place = (kind, shape.key_of(row))
        self._rows[place] = row
        self._stored[place] = None
        self._before.setdefault(place, None)
        made: Row = row
        return made

    def touch(self, row: Provenance, origin: Origin) -> None:
        """Say which event changed a row last."""
        row.changed_block = origin.block
        row.changed_transaction = origin.transaction
        row.changed_log_index = origin.log_index

    def add_event(self, values: Values) -> None:
        """Take in a row of the history, in the order of its columns."""
        self._events.append(values)

    def prefetch(self, model: type[Base], keys: Iterable[Any]) -> None:
        """Read many rows at once; what is not there is known to be missing afterwards."""
        kept, rows = self._cache.rows, self._rows
        wanted = []
        for key in keys:
            place = (model, key)
            if place in rows:
                continue
            row = rows[place] = kept.get(place)
            if row is None:
                wanted.append(key)
            else:
                self._stored[place] = self._before[place] = astuple(row)
        shape = shape_of(model)
        several = [key if isinstance(key, tuple) else (key,) for key in wanted]
        for values in bulk.fetch(self._connection, shape.table, several):
            self._known(model, shape, values)

    def select(self, model: type[Row], *conditions: ColumnElement[bool]) -> list[Row]:
        """Rows by other columns than the key, as the batch has left them so far."""
        self._write()
        shape = shape_of(model)
        statement = select(*shape.table.columns).where(*conditions)
        found = self._connection.execute(statement.order_by(*shape.table.primary_key))
        return [self._known(model, shape, tuple(values)) for values in found]

    def payment_under_way(self, origin: Origin) -> UnderWay:
        """The payment before an event of the same transaction; raises `ProjectionError`."""
        found = self.under_way.get(origin.address)
        if found is None or found.row.made_transaction != origin.transaction:
            raise ProjectionError(
                f"No payment of {origin.address} precedes log {origin.log_index} of block "
                f"{origin.block} in its transaction."
            )
        return found

    def next_number(self, model: Any) -> int:
        """The next of the numbers that count rows from 1."""
        numbers = self._cache.numbers
        if model not in numbers:
            numbers[model] = self._session.scalar(select(func.max(model.number))) or 0
        numbers[model] += 1
        return numbers[model]

    def save(self) -> None:
        """Write everything to the database; the caller commits, or drops the cache."""
        self._write()
        bulk.insert(self._connection, _table(EventRow), self._events)
        if self._undo is not None:
            bulk.insert(self._connection, _table(Undo), list(self._undoing(self._undo)))
        self._cache.keep(self._rows)

    def _known(self, model: type[Row], shape: Shape, values: Values) -> Row:
        place = (model, shape.key_in(values))
        if self._rows.get(place) is None:
            self._rows[place] = shape.make(*values)
            self._stored[place] = values
            self._before.setdefault(place, values)
        row: Row = self._rows[place]
        return row

    def _write(self) -> None:
        added: dict[Any, list[Values]] = defaultdict(list)
        changed: dict[Any, list[Values]] = defaultdict(list)
        for place, row in self._rows.items():
            if row is None:
                continue
            values, stored = astuple(row), self._stored[place]
            if values != stored:
                (added if stored is None else changed)[place[0]].append(values)
                self._stored[place] = values
        for table in Base.metadata.sorted_tables:
            for model in [each for each in added if each.__table__ is table]:
                bulk.insert(self._connection, table, added[model])
        for model, rows in changed.items():
            bulk.update(self._connection, _table(model), rows)

    def _undoing(self, block: int) -> Iterable[Values]:
        for position, (place, before) in enumerate(self._before.items()):
            if self._stored[place] != before:
                model, key = place
                keys = list(key) if isinstance(key, tuple) else [key]
                text = None if before is None else json.dumps(before)
                yield block, position, _table(model).name, json.dumps(keys), text


class Shape:
    """How rows of a model are made and known.

    `make` takes values in the order of the columns; `key_of` gives the primary key of a row,
    `key_in` that of its values: a value, or a tuple of several.
    """

    def __init__(self, model: type[Base]) -> None:
        self.table = _table(model)
        names = [column.name for column in self.table.columns]
        fields = [(column.name, Any, _default(column)) for column in self.table.columns]
        self.make: type[Struct] = defstruct(model.__name__, fields, gc=False)
        columns = inspect(model).primary_key
        keys = [str(column.key) for column in columns]
        self.key_of = attrgetter(*keys)
        self.key_in = itemgetter(*[names.index(key) for key in keys])


@cache
def shape_of(model: type[Base]) -> Shape:
    """The shape of a model's rows."""
    return Shape(model)


def made(origin: Origin) -> dict[str, Any]:
    """Values of the three columns that say what made a row."""
    return {
        "made_block": origin.block,
        "made_transaction": origin.transaction,
        "made_log_index": origin.log_index,
    }


def born(origin: Origin) -> dict[str, Any]:
    """Values of the six columns of `Provenance` for a new row."""
    return made(origin) | {
        "changed_block": origin.block,
        "changed_transaction": origin.transaction,
        "changed_log_index": origin.log_index,
    }


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _default(column: Column[Any]) -> Any:
    return column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
