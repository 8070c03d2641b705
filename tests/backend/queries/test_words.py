"""words that contracts are searched for
├── find whatever has all of them, in itself or in the names of its parties
│   ├── however many have each, in any order and page after page
│   └── and are counted as they are found
├── that are rare are looked up, not read for
├── have their statements planned for them, and no others
└── that are many have statements that are not kept
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Integer, literal_column, text
from sqlalchemy.orm import Session
from support.many_rows import CONTRACTS, PARTICIPANTS
from support.plans import listening, rows_read

from backend.db.session import Database
from backend.queries import words
from backend.queries.contract_pages import contracts
from backend.queries.contracts import count_contracts
from backend.queries.filters import ContractFilter
from backend.queries.pages import Order
from backend.queries.participants import ParticipantFilter, participants
from backend.queries.words import FEW, MANY

NOW = datetime(2024, 6, 1, tzinfo=UTC)
PIECES = (
    "road",
    "karya",
    "pt",
    "0007",
    "000012",
    "7",
    "77",
    "399",
    "zebra",
    "rya",
    "a 1",
    "_",
    "%",
)
VALUES = {n: n * 100 for n in range(1, CONTRACTS + 1)}
"""What the contracts are worth, by their numbers: the order by value is that of the numbers."""


def matching(looked_for: str) -> list[int]:
    """The numbers of the contracts that have all words, as the made-up rows are."""
    return [
        number
        for number in VALUES
        if all(
            any(word in each for each in (f"road {number:06}", _name(number), _name(number * 7)))
            for word in looked_for.split()
        )
    ]


def _name(number: int) -> str:
    return f"pt karya {1 + number % PARTICIPANTS}"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    looked_for=st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join),
    few=st.sampled_from((0, 1, 3, 40, 500, CONTRACTS)),
    order=st.sampled_from(("asc", "desc")),
    limit=st.sampled_from((1, 7, 200)),
)
def test_find_whatever_has_all_of_them(
    many: Database, looked_for: str, few: int, order: Order, limit: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, many.reading() as session:
        patch.setattr(words, "_FEW", literal_column(str(few), Integer()))
        patch.setattr(words, "_ONE_MORE", literal_column(str(few + 1), Integer()))
        wanted = ContractFilter(text=looked_for)
        expected = matching(looked_for)[:: 1 if order == "asc" else -1]
        assert count_contracts(session, wanted, NOW) == len(expected)
        found: list[int] = []
        after = None
        for _ in range(3):
            page = contracts(
                session, wanted, NOW, sort="value", order=order, limit=limit, after=after
            )
            found += [item.number for item in page.items]
            after = page.next
            if after is None:
                break
        assert found == expected[: 3 * limit]
        assert (after is None) == (len(expected) <= 3 * limit)


@pytest.mark.parametrize(
    ("looked_for", "found", "common"),
    [
        ("001234", 1, 0),
        ("zebra", 0, 0),
        ("road 001234", 1, 1),
        ("road zebra", 0, 1),
        ("karya zebra road", 0, 2),
    ],
)
def test_that_are_rare_are_looked_up(
    many_postgres: Database,
    monkeypatch: pytest.MonkeyPatch,
    looked_for: str,
    found: int,
    common: int,
) -> None:
    wanted = ContractFilter(text=looked_for)
    with listening(many_postgres, monkeypatch) as asked, many_postgres.reading() as session:
        assert count_contracts(session, wanted, NOW) == found
        assert len(contracts(session, wanted, NOW).items) == found
    searches = [each for each in asked.statements if "search" in each[0]]
    assert len(searches) == 2
    for search in searches:
        assert rows_read(many_postgres, *search) <= common * (FEW + 1) + 10


def test_have_their_statements_planned_for_them(many_postgres: Database) -> None:
    searches: list[Callable[[Session], object]] = [
        lambda session: contracts(session, ContractFilter(text="zebra"), NOW),
        lambda session: count_contracts(session, ContractFilter(text="zebra"), NOW),
        lambda session: participants(session, ParticipantFilter(text="zebra")),
    ]
    for search in searches:
        with many_postgres.reading() as session:
            contracts(session, ContractFilter(), NOW)
            participants(session, ParticipantFilter())
            assert session.scalar(_MODE) == "auto"
            search(session)
            assert session.scalar(_MODE) == "force_custom_plan"


def test_that_are_many_have_statements_that_are_not_kept(many_postgres: Database) -> None:
    def kept(count: int) -> int:
        looked_for = " ".join(f"word{n}" for n in range(count))
        # One of its own: what others have asked is kept as well.
        fresh = Database(many_postgres.url.render_as_string(hide_password=False))
        with fresh.reading() as session:
            contracts(session, ContractFilter(text=looked_for), NOW)
            count_contracts(session, ContractFilter(text=looked_for), NOW)
            participants(session, ParticipantFilter(text=looked_for))
        found = fresh.engine._compiled_cache
        assert found is not None
        searches = [str(each) for each in found.values() if "LIKE" in str(each)]
        fresh.close()
        return len(searches)

    assert [kept(count) for count in (MANY, MANY + 1, 90)] == [3, 0, 0]


_MODE = text("SHOW plan_cache_mode")
