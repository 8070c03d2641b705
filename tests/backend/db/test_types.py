"""money column
├── holds every amount that the chain can have, exactly
├── is ordered by value
├── is summed exactly, whatever the size of the sum
└── refuses what it cannot hold
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from backend.db.session import Database
from backend.db.types import Money, exact_sum


class Base(DeclarativeBase):
    """Tables of this test."""


class Amount(Base):
    """One amount."""

    __tablename__ = "amounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[int]
    small: Mapped[int | None] = mapped_column(Money())
    large: Mapped[int | None] = mapped_column(Money(256))


@pytest.fixture
def connection(any_database: Database) -> Iterator[Connection]:
    """A connection to a database with the table."""
    any_database.migrate()
    with any_database.engine.connect() as found:
        Base.metadata.create_all(found)
        yield found
        found.rollback()


def insert(connection: Connection, small: list[int], large: list[int] | None = None) -> None:
    """Replace all rows."""
    table: Any = Amount.__table__
    connection.execute(table.delete())
    rows = [
        {"id": i, "group": i % 2, "small": value, "large": (large or small)[i]}
        for i, value in enumerate(small)
    ]
    if rows:
        connection.execute(table.insert(), rows)


anything = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
amounts = st.one_of(
    st.integers(0, 2**128 - 1), st.sampled_from([0, 1, 9, 10, 2**53, 2**63 - 1, 2**63, 2**128 - 1])
)


@anything
@given(small=st.lists(amounts, max_size=12), large=st.integers(0, 2**256 - 1))
def test_holds_orders_and_sums_exactly(
    connection: Connection, small: list[int], large: int
) -> None:
    insert(connection, small, [large] * len(small))
    back = connection.execute(select(Amount.small, Amount.large).order_by(Amount.id)).all()
    assert [tuple(row) for row in back] == [(value, large) for value in small]
    ordered = connection.scalars(select(Amount.small).order_by(Amount.small.desc())).all()
    assert list(ordered) == sorted(small, reverse=True)
    total = connection.scalar(select(exact_sum(Amount.small)))
    assert total == sum(small)
    assert connection.scalar(select(exact_sum(Amount.large))) == large * len(small)
    by_group = select(Amount.group, exact_sum(Amount.small)).group_by(Amount.group)
    expected = {g: sum(small[g::2]) for g in range(min(2, len(small)))}
    assert {g: total for g, total in connection.execute(by_group)} == expected  # noqa: C416


@anything
@given(values=st.lists(amounts, min_size=1, max_size=8), bound=amounts)
def test_is_compared_by_value(connection: Connection, values: list[int], bound: int) -> None:
    insert(connection, values)
    above = connection.scalars(select(Amount.small).where(Amount.small > bound)).all()
    assert sorted(above) == sorted(value for value in values if value > bound)


def test_null_stays_null_and_counts_as_nothing(connection: Connection) -> None:
    insert(connection, [5, 6])
    table: Any = Amount.__table__
    connection.execute(table.insert(), {"id": 9, "group": 1, "small": None, "large": None})
    assert connection.scalar(select(Amount.small).where(Amount.id == 9)) is None
    assert connection.scalar(select(exact_sum(Amount.small))) == 11


@pytest.mark.parametrize("value", [-1, 2**128, 1.0, True, "5"])
def test_refuses_what_it_cannot_hold(connection: Connection, value: Any) -> None:
    with pytest.raises(StatementError, match=r"expected an integer from 0 to 2\*\*128 - 1"):
        insert(connection, [value])
