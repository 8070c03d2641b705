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
from backend.projections.shapes import RowsByModel, Values, ValuesByModel, shape_of

History = dict[Table, list[Values]]
"""Rows by table that nothing asks for which follows: events, and how to take blocks back."""

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
        """Write everything, and let go what is written; the caller commits."""
        for table in _tables():
            bulk.insert(connection, table, self.added.pop(table, ()))
            bulk.update(connection, table, self.changed.pop(table, ()))


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
        self._rows: RowsByModel = defaultdict(dict)
        self._before: ValuesByModel = defaultdict(dict)
        self._used: dict[type[Base], dict[Any, None]] = defaultdict(dict)
        """Keys since the last mark, in order."""
        self._marked: ValuesByModel = defaultdict(dict)
        """As they were at the last mark, those that had changed."""
        self._undo: list[Values] = []
        self._events: list[Values] = []
        self._read = 0
        """How many values came from the database; what the cache had is in its memory."""

    @property
    def size(self) -> int:
        """How many values are in memory: of rows, and of what was read of them."""
        widths = {model: len(shape_of(model).table.columns) for model in self._rows}
        return self._read + sum(width * len(self._rows[model]) for model, width in widths.items())

    def read_from(self, session: Session) -> None:
        """Read what is missing from another session on, which sees nothing that is older."""
        self._session = session

    def find(self, model: type[Row], key: Any) -> Row | None:
        """The row with this primary key, or None."""
        self._used[model][key] = None
        row: Row | None = self._rows[model].get(key, _ABSENT)
        if row is _ABSENT:
            self.prefetch(model, [key])
            row = self._rows[model][key]
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
        key = shape.key_of(row)
        self._used[kind][key] = None
        self._rows[kind][key] = row
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

    def take_history(self) -> History:
        """Hand over the history, of which no `changes` shall tell."""
        taken = {shape_of(Undo).table: self._undo, shape_of(EventRow).table: self._events}
        self._undo, self._events = [], []
        return {table: rows for table, rows in taken.items() if rows}

    def prefetch(self, model: type[Base], keys: Iterable[Any]) -> None:
        """Read many rows at once; what is not there is known to be missing afterwards."""
        rows = self._rows[model]
        asked = [key for key in keys if key not in rows]
        kept = self._cache.find(model, asked)
        make = shape_of(model).make
        rows |= {key: make(*values) for key, values in kept.items()}
        self._before[model] |= kept
        wanted = [key for key in asked if key not in kept]
        rows |= dict.fromkeys(wanted)
        sought = [key for key in wanted if not self._cache.lacks(model, key)]
        if not sought:
            return
        table = shape_of(model).table
        several = [key if isinstance(key, tuple) else (key,) for key in sought]
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
        rows = self._rows[model]
        found = {key: row for key, row in rows.items() if row is not None and _has(row, equal)}
        self._used[model].update(dict.fromkeys(found))
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

    def pass_over(self) -> None:
        """Let what came since the last mark be without one."""
        self._used.clear()

    def mark(self, block: int) -> None:
        """Note by `block` how to take back what came since the last mark."""
        undoing: list[Values] = []
        for model, keys in self._used.items():
            table, rows = shape_of(model).table, self._rows[model]
            before, marked = self._before[model], self._marked[model]
            for key in keys:
                if rows[key] is None:
                    continue
                was, now = marked.get(key, before.get(key)), astuple(rows[key])
                if was != now:
                    undoing.append((block, len(undoing), *_undoing(table, key, was)))
                    marked[key] = now
        self._undo += undoing
        self._used.clear()

    def changes(self) -> Changes:
        """What is to be written, marks included; nothing stays here.

        The rows go into the cache, which is to be dropped if they are not written.
        """
        found, left = Changes(), ValuesByModel()
        while self._rows:
            model, rows = self._rows.popitem()
            table, before = shape_of(model).table, self._before.pop(model, {})
            values = {key: astuple(row) for key, row in rows.items() if row is not None}
            new = [key for key in values if key not in before]
            self._cache.note(model, new)
            found.added[table] = [values[key] for key in new]
            changed = found.changed[table]
            for key, was in before.items():
                if was != values[key]:
                    changed.append((was, values[key]))
                else:
                    # What stays as it was is in memory once.
                    values[key] = was
            left[model] = values
        found.added |= self.take_history()
        self._cache.keep(left)
        return found

    def _know(self, model: type[Base], values: Values) -> None:
        shape, rows = shape_of(model), self._rows[model]
        key = shape.key_in(values)
        if rows.get(key) is None:
            rows[key] = shape.make(*values)
            self._before[model][key] = values
            self._read += len(values)


@cache
def _tables() -> list[Table]:
    """All tables, those that others refer to first: to sort them is not for every batch."""
    return Base.metadata.sorted_tables


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
