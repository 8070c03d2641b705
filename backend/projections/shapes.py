"""How rows look in memory: the columns of their model as attributes, and nothing else."""

from __future__ import annotations

from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from msgspec import Struct, defstruct
from sqlalchemy import Column, Table, inspect
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from backend.db.base import Base

Values = tuple[Any, ...]
RowsByModel = dict[type[Base], dict[Any, Any]]
"""Rows by their models and primary keys; None for those that are known to be missing."""

ValuesByModel = dict[type[Base], dict[Any, Values]]
"""The values of rows by their models and primary keys."""


class Shape:
    """How rows of a model are made and known.

    `make` takes values in the order of the columns; `key_of` gives the primary key of a row,
    `key_in` that of its values: a value, or a tuple of several.
    """

    def __init__(self, model: type[Base]) -> None:
        self.table: Table = model.__table__  # type: ignore[assignment]
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


def _default(column: Column[Any]) -> Any:
    return column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
