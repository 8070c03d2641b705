"""page by page
├── every row comes exactly once, whatever size, sort and order, and in order
├── both databases have the same order
├── rows that come while one reads move nothing that was there
└── a cursor
    ├── of another list, sort or order is refused
    └── that is nonsense is refused, whatever it is
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from support.rows_made_up import Made, fill

from backend.db.session import Database
from backend.queries import contracts as c
from backend.queries import payments as p
from backend.queries.contract_pages import contracts
from backend.queries.errors import InvalidCursorError
from backend.queries.filters import ContractFilter

NOW = datetime(2024, 6, 1, tzinfo=UTC)

titles = st.one_of(
    st.sampled_from(["", "A", "a", "Á", "b", "Z", "ä", "z%", "\u3042"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5),
)
values = st.one_of(st.integers(0, 3), st.integers(0, 2**128 - 1))
made = st.builds(Made, titles, values, st.integers(0, 3), st.integers(0, 3), st.booleans())
relaxed = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)


def walk(session: Session, sort: str, order: Any, limit: int, **wanted: Any) -> list[Any]:
    """All contracts, page by page."""
    found: list[Any] = []
    after = None
    while True:
        page = contracts(
            session,
            ContractFilter(**wanted),
            NOW,
            sort=sort,
            order=order,
            limit=limit,
            after=after,
        )
        assert len(page.items) == limit or page.next is None
        found += page.items
        if page.next is None:
            return found
        after = page.next


KEYS = {
    "date": lambda row: row.date,
    "created": lambda row: row.source.block,
    "value": lambda row: row.value.minor,
    "paid": lambda row: row.paid.minor,
    "updated": lambda row: row.changed.block,
}


@pytest.fixture
def empty(any_database: Database) -> Database:
    """A database with tables."""
    any_database.migrate()
    return any_database


@relaxed
@given(
    rows=st.lists(made, max_size=12),
    sort=st.sampled_from(sorted(c.SORTS)),
    order=st.sampled_from(["asc", "desc"]),
    limit=st.integers(1, 13),
)
def test_every_row_exactly_once_and_in_order(
    empty: Database, rows: list[Made], sort: str, order: str, limit: int
) -> None:
    from backend.db.text import sort_key

    fill(empty, rows)
    with empty.reading() as session:
        found = walk(session, sort, order, limit)
        late = walk(session, sort, order, limit, late=True)
        counted = c.count_contracts(session, ContractFilter(late=True), NOW)
    key = KEYS.get(sort, lambda row: sort_key(row.title or ""))
    pairs = [(key(row), row.number) for row in found]
    assert pairs == sorted(pairs, reverse=order == "desc")
    assert sorted(row.number for row in found) == list(range(1, len(rows) + 1))
    assert sorted(row.number for row in late) == [i for i, r in enumerate(rows, 1) if r.late]
    assert counted == len(late)


@relaxed
@given(
    rows=st.lists(made, max_size=12),
    sort=st.sampled_from(sorted(p.SORTS)),
    order=st.sampled_from(["asc", "desc"]),
    limit=st.integers(1, 5),
)
def test_every_payment_exactly_once(
    empty: Database, rows: list[Made], sort: str, order: Any, limit: int
) -> None:
    fill(empty, rows)
    found: list[Any] = []
    after = None
    with empty.reading() as session:
        while True:
            page = p.payments(
                session, p.PaymentFilter(), sort=sort, order=order, limit=limit, after=after
            )
            found += page.items
            after = page.next
            if after is None:
                break
    keys = {"date": lambda r: r.paid_at, "gross": lambda r: r.gross.minor}
    key = (keys | {"net": lambda r: r.net.minor})[sort]
    pairs = [(key(row), row.number) for row in found]
    assert pairs == sorted(pairs, reverse=order == "desc")
    assert sorted(row.number for row in found) == list(range(1, len(rows) + 1))


def test_rows_that_come_meanwhile_move_nothing(empty: Database) -> None:
    rows = [Made(str(i), 10 * i, i, i) for i in range(1, 7)]
    fill(empty, rows)
    with empty.reading() as session:
        first = contracts(session, ContractFilter(), NOW, sort="value", order="asc", limit=3)
    fill(empty, [*rows, Made("new", 5, 0, 0), Made("new", 55, 0, 0)])
    with empty.reading() as session:
        second = contracts(
            session, ContractFilter(), NOW, sort="value", order="asc", limit=9, after=first.next
        )
    assert [row.value.minor for row in [*first.items, *second.items]] == [
        10,
        20,
        30,
        40,
        50,
        55,
        60,
    ]


def cursor(*values: Any) -> str:
    """A cursor that says anything."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).rstrip(b"=").decode()


def read(database: Database, after: str, sort: str = "value", order: Any = "asc") -> None:
    """One page after a cursor."""
    with database.reading() as session:
        contracts(session, ContractFilter(), NOW, sort=sort, order=order, after=after)


@pytest.mark.parametrize(
    "after",
    [
        "",
        "a",
        "!!!",
        "é",
        cursor(),
        cursor("value", "asc", 1),
        cursor("paid", "asc", 1, 1),
        cursor("value", "desc", 1, 1),
        cursor("value", "asc", "1", 1),
        cursor("value", "asc", -1, 1),
        cursor("value", "asc", 1.5, 1),
        cursor("value", "asc", True, 1),
        cursor("value", "asc", None, 1),
        cursor("value", "asc", 2**128, 1),
        cursor("value", "asc", 1, 2**63),
        cursor("value", "asc", 1, "1"),
        cursor("value", "asc", 1, 1, 1),
        cursor({"value": 1}, "asc", 1, 1),
        base64.urlsafe_b64encode(b"[" * 1000).decode(),
    ],
)
def test_refuses_what_is_no_cursor(empty: Database, after: str) -> None:
    with pytest.raises(InvalidCursorError, match="does not continue this list") as caught:
        read(empty, after)
    assert caught.value.status == 422


@pytest.mark.parametrize("key", [1, "a\0", "\ud800", None])
def test_refuses_text_that_no_column_holds(empty: Database, key: Any) -> None:
    with pytest.raises(InvalidCursorError):
        read(empty, cursor("title", "asc", key, 1), sort="title")


@relaxed
@given(st.text(max_size=60))
def test_never_fails_otherwise(empty: Database, text: str) -> None:
    with pytest.raises(InvalidCursorError):
        read(empty, text)


def test_takes_the_largest_values(empty: Database) -> None:
    read(empty, cursor("value", "asc", 2**128 - 1, 2**63 - 1))
    read(empty, cursor("title", "asc", "\U0010ffff", 2**63 - 1), sort="title")
