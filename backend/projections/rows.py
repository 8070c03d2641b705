"""The rows that a batch of events reads and changes, kept in memory until the batch is saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, insert, inspect, select, tuple_
from sqlalchemy.orm import Session

from backend.chain.events import Origin, Part
from backend.core.documents import DocumentStore
from backend.core.errors import AppError
from backend.db.base import Base, Provenance
from backend.db.models import Agreement, Milestone, Payment

Row = TypeVar("Row", bound=Base)

_KEYS_PER_SELECT = 400


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


class Rows:
    """Rows by primary key: found in the database once, new ones written in one go."""

    def __init__(self, session: Session, store: DocumentStore) -> None:
        self.session = session
        self.store = store
        self.scheduled: dict[tuple[str, str], list[Milestone]] = defaultdict(list)
        """(transaction, agreement) → milestones scheduled in it; an amendment may follow."""
        self.under_way: dict[str, UnderWay] = {}
        """Agreement → its latest payment, whose deductions and interest may follow."""
        self._known: dict[tuple[type[Base], Any], Base | None] = {}
        self._new: dict[type[Base], list[Base]] = defaultdict(list)
        self._numbers: dict[type[Base], int] = {}
        self._events: list[dict[str, Any]] = []
        self._touched: dict[int, tuple[Provenance, Origin]] = {}

    def find(self, model: type[Row], key: Any) -> Row | None:
        """The row with this primary key, or None."""
        if (model, key) not in self._known:
            self._known[model, key] = self.session.get(model, key)
        return self._known[model, key]  # type: ignore[return-value]

    def get(self, model: type[Row], key: Any) -> Row:
        """The row with this primary key; raises `ProjectionError` if there is none."""
        row = self.find(model, key)
        if row is None:
            raise ProjectionError(f"{model.__name__} {key!r} is not in the index.")
        return row

    def add(self, row: Base) -> None:
        """Take in a new row."""
        model = type(row)
        self._known[model, _key(row)] = row
        self._new[model].append(row)

    def touch(self, row: Provenance, origin: Origin) -> None:
        """Say which event changed a row last."""
        # Written once for each row, however many events of a batch change it.
        self._touched[id(row)] = (row, origin)

    def add_event(self, values: dict[str, Any]) -> None:
        """Take in a row of the history, by column name."""
        self._events.append(values)

    def prefetch(self, model: type[Base], keys: Iterable[Any]) -> None:
        """Read many rows at once; what is not there is known to be missing afterwards."""
        wanted = [key for key in set(keys) if (model, key) not in self._known]
        columns = inspect(model).primary_key
        target = columns[0] if len(columns) == 1 else tuple_(*columns)
        for chunk in _chunks(sorted(wanted)):
            self._known.update(dict.fromkeys(((model, key) for key in chunk), None))
            for row in self.session.scalars(select(model).where(target.in_(chunk))):
                self._known[model, _key(row)] = row

    def select(self, model: type[Row], *conditions: ColumnElement[bool]) -> list[Row]:
        """Rows by other columns than the key, as the batch has left them so far."""
        self._write()
        key = inspect(model).primary_key
        found = self.session.scalars(select(model).where(*conditions).order_by(*key)).all()
        self._known.update({(model, _key(row)): row for row in found})
        return list(found)

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
        if model not in self._numbers:
            self._numbers[model] = self.session.scalar(select(func.max(model.number))) or 0
        self._numbers[model] += 1
        return self._numbers[model]

    def save(self) -> None:
        """Write everything to the database; the caller commits."""
        for row, origin in self._touched.values():
            _touch(row, origin)
        self._touched.clear()
        self._write()
        if self._events:
            self.session.execute(insert(Base.metadata.tables["events"]), self._events)
        self._events.clear()
        self.scheduled.clear()
        self.under_way.clear()

    def _write(self) -> None:
        for table in Base.metadata.sorted_tables:
            for model, rows in self._new.items():
                if model.__table__ is table:
                    self.session.add_all(rows)
                    self.session.flush()
        self._new.clear()
        self.session.flush()


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


def _touch(row: Provenance, origin: Origin) -> None:
    row.changed_block = origin.block
    row.changed_transaction = origin.transaction
    row.changed_log_index = origin.log_index
    if isinstance(row, Agreement):
        row.changed_at = origin.timestamp


def _chunks(keys: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(keys), _KEYS_PER_SELECT):
        yield keys[start : start + _KEYS_PER_SELECT]


def _key(row: Base) -> Any:
    key = inspect(type(row)).primary_key_from_instance(row)
    return key[0] if len(key) == 1 else tuple(key)
