"""Rows of several tables in one row of an answer: those of each table as one JSON text.

A contract has rows in twenty tables. One statement that brings them all costs the database a
fraction of what twenty cost, sees one state of the index whatever the isolation, and its texts
become records faster than rows become objects of the ORM.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

import msgspec
from sqlalchemy import Boolean, ColumnElement, Label, String, Text, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from backend.db.base import Base
from backend.db.types import Money

Model = TypeVar("Model", bound=Base)

_PARTICIPANTS = frozenset(
    {
        "arbiter",
        "attested_by",
        "buyer",
        "by",
        "created_by",
        "ended_by",
        "extended_by",
        "opened_by",
        "participant",
        "payee",
        "proposed_by",
        "recipient",
        "ruled_by",
        "supplier",
        "treasury",
    }
)
"""The columns that hold a participant's id, in whatever table."""


_HEX = (42, 66)
"""How long the columns of addresses and hashes are; what people write has columns of any length."""


class json_row(FunctionElement[str]):  # noqa: N801
    """One row as a JSON array."""

    inherit_cache = True
    type = Text()


class json_rows(FunctionElement[str]):  # noqa: N801
    """Aggregate: the rows as a JSON array of arrays; NULL or empty where there are none."""

    inherit_cache = True
    type = Text()


class Record(Generic[Model]):
    """A row of a model as one column of a statement, less the columns `without`, and with the
    integers `besides`.

    It is read as a record: to whoever reads it, that and an object of the ORM are alike.
    """

    def __init__(
        self,
        model: type[Model],
        *,
        without: Sequence[str] = (),
        besides: Mapping[str, ColumnElement[int]] | None = None,
    ) -> None:
        self.model = model
        names = [c.key for c in model.__table__.columns if c.key not in without]
        columns = {name: getattr(model, name) for name in names}
        fields = [(name, _kind(column)) for name, column in columns.items()]
        fields += [(name, int | None) for name in besides or {}]
        self.columns = [c.label(n) for n, c in (columns | dict(besides or {})).items()]
        self._type: Any = msgspec.defstruct(
            model.__name__, fields, array_like=True, frozen=True, gc=False
        )
        self._one = msgspec.json.Decoder(self._type)
        many: Any = list[self._type]  # type: ignore[name-defined]
        self._many = msgspec.json.Decoder(many)
        holders = [name for name in names if name in _PARTICIPANTS]
        self._holders = [attrgetter(name) for name in holders]

    @property
    def column(self) -> ColumnElement[str]:
        """The column that `read` reads."""
        return json_row(*self.columns)

    def read(self, text: str | bytes) -> Model:
        """The record."""
        return cast("Model", self._one.decode(text))

    def read_all(self, text: str | bytes | None) -> list[Model]:
        """The records of `json_rows`, in their order."""
        return cast("list[Model]", self._many.decode(text)) if text else []

    def rows(self, text: str | bytes | None) -> list[Model]:
        """The record as the only one."""
        return [] if text is None else [self.read(text)]

    def people(self, rows: Iterable[Model]) -> set[str]:
        """The ids of all participants that rows name."""
        return {who for get in self._holders for who in map(get, rows) if who}


class Gathered(Record[Model]):
    """All rows of a model for which conditions hold, as one column of a statement on another.

    `order` names the columns by which they are sorted.
    """

    def __init__(
        self,
        model: type[Model],
        *conditions: ColumnElement[bool],
        order: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> None:
        super().__init__(model, without=without)
        self._conditions = conditions
        self._key = attrgetter(*order) if order else None

    @property
    def column(self) -> ColumnElement[str]:
        """The column that `rows` reads."""
        return select(json_rows(*self.columns)).where(*self._conditions).scalar_subquery()

    def rows(self, text: str | bytes | None) -> list[Model]:
        """The records in their order."""
        found = self.read_all(text)
        if self._key is not None and len(found) > 1:
            found.sort(key=self._key)
        return found


class Found:
    """The rows of one answer, by their model."""

    def __init__(self, parts: Sequence[Record[Any]], texts: Sequence[str | bytes | None]) -> None:
        self._rows = {p.model: p.rows(t) for p, t in zip(parts, texts, strict=True)}
        self._parts = parts

    def all(self, model: type[Model]) -> list[Model]:
        """All rows of a model in their order."""
        return self._rows[model]

    def one(self, model: type[Model]) -> Model:
        """The only row of a model."""
        (row,) = self._rows[model]
        return cast("Model", row)

    def first(self, model: type[Model]) -> Model | None:
        """The only row of a model that may have none."""
        return next(iter(self._rows[model]), None)

    def people(self) -> set[str]:
        """The ids of all participants that any of the rows name."""
        return set().union(
            *(p.people(found) for p in self._parts if (found := self._rows[p.model]))
        )


def _kind(column: Any) -> Any:
    kind = int if isinstance(column.type, Money) else column.type.python_type
    return kind | None if column.nullable else kind


@compiles(json_row, "postgresql")
def _row_in_postgresql(element: json_row, compiler: SQLCompiler, **kw: Any) -> str:
    return _postgresql(element, compiler, **kw)


@compiles(json_rows, "postgresql")
def _rows_in_postgresql(element: json_rows, compiler: SQLCompiler, **kw: Any) -> str:
    return f"'[' || string_agg({_postgresql(element, compiler, **kw)}, ',') || ']'"


@compiles(json_row, "sqlite")
def _row_in_sqlite(element: json_row, compiler: SQLCompiler, **kw: Any) -> str:
    return _sqlite(element, compiler, **kw)


@compiles(json_rows, "sqlite")
def _rows_in_sqlite(element: json_rows, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array({_sqlite(element, compiler, **kw)})"


def _postgresql(element: FunctionElement[str], compiler: SQLCompiler, **kw: Any) -> str:
    """The text is put together: json_build_array looks anew for each value how it is written."""
    columns = [_written(column, compiler.process(column, **kw)) for column in element.clauses]
    return f"('[' || concat_ws(',', {', '.join(columns)}) || ']')"


def _written(column: ColumnElement[Any], sql: str) -> str:
    kind = column.type
    stored = column.element if isinstance(column, Label) else column
    if isinstance(kind, String):
        # Of hashes and addresses nothing is to be escaped.
        text = f"'\"' || {sql} || '\"'" if kind.length in _HEX else f"to_json({sql})::text"
    elif isinstance(kind, Boolean):
        text = f"{sql}::text"
    else:
        text = sql
    # concat_ws leaves out what is NULL.
    return f"coalesce(({text})::text, 'null')" if getattr(stored, "nullable", True) else text


def _sqlite(element: FunctionElement[str], compiler: SQLCompiler, **kw: Any) -> str:
    columns = [_value(column.type, compiler.process(column, **kw)) for column in element.clauses]
    return f"json_array({', '.join(columns)})"


def _value(kind: Any, sql: str) -> str:
    if isinstance(kind, Money):
        # Padded digits, which no number of JSON may begin with; NULL stays NULL.
        return f"json(coalesce(nullif(ltrim({sql}, '0'), ''), substr({sql}, 1, 1)))"
    if isinstance(kind, Boolean):
        return f"json(CASE WHEN {sql} THEN 'true' ELSE 'false' END)"
    return sql


def by_key(rows: Iterable[Model], key: Callable[[Model], Any]) -> defaultdict[Any, list[Model]]:
    """Rows by what `key` makes of them; nothing for what it makes of none."""
    found: defaultdict[Any, list[Model]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
