"""The rows that a batch of events reads and changes, kept in memory until the batch is saved.

A row has the columns of its model as attributes and nothing else: what changed is found by
comparing it with what it was, so that a projection only assigns.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from msgspec.structs import astuple
from sqlalchemy import Connection, Table, func, select
from sqlalchemy.orm import Session

from backend.chain.events import Origin, Part
from backend.core.documents import DocumentStore
from backend.core.errors import AppError
from backend.db import bulk
from backend.db.base import Base, Provenance
from backend.db.models import EventRow, Milestone, Payment, Undo
from backend.projections.cache import Cache
from backend.projections.shapes import Place, Values, shape_of

Row = TypeVar("Row", bound=Base)
P = ParamSpec("P")


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


@dataclass(slots=True)
class Changes:
    """What a batch does to the tables: rows in the order of their columns, by table.

    Of rows that change both what they were and what they are.
    """

    added: dict[Table, list[Values]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[Table, list[tuple[Values, Values]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def write(self, connection: Connection) -> None:
        """Write everything; the caller commits."""
        for table in Base.metadata.sorted_tables:
            bulk.insert(connection, table, self.added.get(table, ()))
            bulk.update(connection, table, self.changed.get(table, ()))


class Rows:
    """Rows by primary key, as a batch finds and leaves them; nothing is written.

    `session` reads what is committed. What the batch before changed may not be committed yet: it is
    in `cache`.
    """

    def __init__(self, session: Session, store: DocumentStore, cache: Cache | None = None) -> None:
        self.store = store
        self.scheduled: dict[tuple[str, str], list[Milestone]] = defaultdict(list)
        """(transaction, agreement) → milestones scheduled in it; an amendment may follow."""
        self.under_way: dict[str, UnderWay] = {}
        """Agreement → its latest payment, whose deductions and interest may follow."""
        self._session = session
        self._cache = cache or Cache()
        self._rows: dict[Place, Any] = {}
        self._before: dict[Place, Values | None] = {}
        self._events: list[Values] = []

    def __len__(self) -> int:
        """How many rows are in memory, or known to be missing."""
        return len(self._rows)

    def read_from(self, session: Session) -> None:
        """Read what is missing from another session on, which sees nothing that is older."""
        self._session = session

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
        self._before[place] = None
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
                self._before[place] = astuple(row)
        table = shape_of(model).table
        several = [key if isinstance(key, tuple) else (key,) for key in wanted]
        for values in bulk.fetch(self._session.connection(), table, several):
            self._know(model, values)

    def select(self, model: type[Row], **equal: Any) -> list[Row]:
        """Rows by the values of columns, in the order of their keys, as the batch has left them."""
        # What the batch before changed may be committed, and still be hidden from this session.
        self.prefetch(model, self._cache.latest(model))
        table = shape_of(model).table
        where = [table.c[name].is_not_distinct_from(value) for name, value in equal.items()]
        for values in self._session.connection().execute(select(*table.columns).where(*where)):
            self._know(model, tuple(values))
        found = {
            key: row
            for (kind, key), row in self._rows.items()
            if kind is model and row is not None and _has(row, equal)
        }
        return [found[key] for key in sorted(found)]

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

    def changes(self, undo: int | None = None) -> Changes:
        """What is to be written; with a block `undo`, also how to take it back by that block.

        The rows go into the cache, which is to be dropped if they are not written.
        """
        found = Changes()
        for place, row in self._rows.items():
            if row is None:
                continue
            before, values = self._before[place], astuple(row)
            table = shape_of(place[0]).table
            if before is None:
                found.added[table].append(values)
            elif values != before:
                found.changed[table].append((before, values))
            else:
                continue
            if undo is not None:
                undoing = found.added[shape_of(Undo).table]
                undoing.append((undo, len(undoing), *_undoing(table, place[1], before)))
        found.added[shape_of(EventRow).table] = self._events
        self._cache.keep(self._rows)
        return found

    def _know(self, model: type[Base], values: Values) -> None:
        shape = shape_of(model)
        place = (model, shape.key_in(values))
        if self._rows.get(place) is None:
            self._rows[place] = shape.make(*values)
            self._before[place] = values


def made(origin: Origin) -> dict[str, Any]:
    """Values of the three columns that say what made a row."""
    return {
        "made_block": origin.block,
        "made_transaction": origin.transaction,
        "made_log_index": origin.log_index,
    }


def born(origin: Origin) -> dict[str, Any]:
    """Values of the six columns of `Provenance` for a new row."""
    return {
        "made_block": origin.block,
        "made_transaction": origin.transaction,
        "made_log_index": origin.log_index,
        "changed_block": origin.block,
        "changed_transaction": origin.transaction,
        "changed_log_index": origin.log_index,
    }


def _has(row: Any, equal: dict[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in equal.items())


def _undoing(table: Table, key: Any, before: Values | None) -> Values:
    keys = list(key) if isinstance(key, tuple) else [key]
    return table.name, json.dumps(keys), None if before is None else json.dumps(before)
