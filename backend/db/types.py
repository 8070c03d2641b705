"""Column types that neither database offers alike: exact money, and text with one order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Numeric, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

SORTED_LENGTH = 120
"""How many characters of a text take part in its order."""


class MoneyRangeError(ValueError):
    """The value is not an integer that the column holds exactly."""


class Money(TypeDecorator[int]):
    """An unsigned integer of minor units, exact and in the order of its value on every database.

    PostgreSQL: NUMERIC. SQLite, whose integers have 64 bits: decimal digits padded with zeros to
    one length, so that the order of the text is the order of the values. Raises `MoneyRangeError`
    for what is not an integer from 0 to 2**bits - 1.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, bits: int = 128) -> None:
        super().__init__()
        self.bits = bits
        self.digits = len(str(2**bits - 1))

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type that the database itself has for it."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(self.digits))
        return dialect.type_descriptor(Numeric(self.digits, 0))

    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        """From Python to the database."""
        if value is None:
            return None
        if type(value) is not int or value < 0 or value >> self.bits:
            raise MoneyRangeError(f"{value!r}; expected an integer from 0 to 2**{self.bits} - 1")
        return f"{value:0{self.digits}d}" if dialect.name == "sqlite" else Decimal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:  # noqa: ARG002
        """From the database to Python."""
        return None if value is None else int(value)


class Total(TypeDecorator[int]):
    """The result of `exact_sum`."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type that the database itself has for it."""
        kind: TypeEngine[Any] = String() if dialect.name == "sqlite" else Numeric(asdecimal=True)
        return dialect.type_descriptor(kind)

    def process_result_value(self, value: Any, dialect: Dialect) -> int:  # noqa: ARG002
        """From the database to Python; the sum of nothing is 0."""
        return int(value or 0)


class exact_sum(FunctionElement[int]):  # noqa: N801
    """SUM over a `Money` column, exact on every database, 0 over no rows."""

    inherit_cache = True
    type = Total()

    def __init__(self, column: ColumnElement[Any] | Any) -> None:
        super().__init__(column)


@compiles(exact_sum)
def _sum(element: exact_sum, compiler: SQLCompiler, **kw: Any) -> str:
    return f"sum({compiler.process(element.clauses, **kw)})"


@compiles(exact_sum, "sqlite")
def _sum_in_sqlite(element: exact_sum, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{ExactSum.NAME}({compiler.process(element.clauses, **kw)})"


class ExactSum:
    """SQLite's side of `exact_sum`: an aggregate over padded digits, without a limit."""

    NAME = "exact_sum"

    def __init__(self) -> None:
        self._total = 0

    def step(self, value: str | None) -> None:
        """Add one row."""
        if value is not None:
            self._total += int(value)

    def finalize(self) -> str:
        """The sum as decimal digits."""
        return str(self._total)


def sorted_text() -> TypeEngine[str]:
    """Text in the order of its code points, whatever the language of the database."""
    return String(SORTED_LENGTH).with_variant(String(SORTED_LENGTH, collation="C"), "postgresql")
