"""What became of appropriated money, and when it was paid, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.story import NOW, START, Story

from backend.db.session import Database
from backend.queries.budget import BudgetFilter, budget_line, budget_lines, fiscal_years
from backend.queries.contract_pages import contracts
from backend.queries.errors import NotFoundError
from backend.queries.filters import ContractFilter
from backend.queries.lately import TOLD, happenings
from backend.queries.months import latest_payment, paid_by_period
from backend.queries.spending import spending, spent_of_line, spent_of_lines
from backend.queries.totals import totals

PAID_ON = datetime(2024, 1, 6, tzinfo=UTC)
WHEN = datetime.fromtimestamp(NOW, UTC)
YEARS = [datetime(year, 1, 1, tzinfo=UTC) for year in (2023, 2024, 2025, 2026)]


def test_spending_by_currency_and_buyer(indexed: Database) -> None:
    with indexed.reading() as session:
        found = spending(session)
        assert spending(session, 2024) == found
        assert spending(session, 2023) == []
    assert [row.currency for row in found] == ["MXN", "JPY", "KWD"]
    pesos, _, dinars = found
    spent = pesos.spent
    assert (spent.lines, spent.contracts) == (2, 6)
    assert spent.committed.amount == "1114.76"
    assert spent.accepted.amount == spent.paid.amount == "107.25"
    assert (dinars.spent.owed.amount, dinars.spent.retained.amount) == ("0.007", "0.000")
    assert dinars.spent.paid.amount == "1237940039285380274899124.224"
    units = [
        (unit.buyer.label, unit.spent.contracts, unit.spent.paid.amount) for unit in pesos.units
    ]
    assert units == [("Kabupaten Sukamaju", 6, "107.25"), ("XX-TEST B-2", 0, "0.00")]


def test_spending_of_one_buyer(story: Story, told: Database) -> None:
    with told.reading() as session:
        found = spending(session, buyer=story.people["state"].hex)
        assert spending(session, buyer=story.people["karya"].hex) == []
    assert [(row.currency, row.spent.contracts) for row in found] == [
        ("MXN", 0),
        ("JPY", 1),
        ("KWD", 1),
    ]


def test_retained_money_and_advance_are_told(worked: Database) -> None:
    """Nothing is retained once contracts are settled; while they run the parts add up."""
    with worked.reading() as session:
        (found,) = spending(session)
        (known,) = totals(session, WHEN)
    spent = found.spent
    assert (spent.accepted, spent.paid, spent.owed) == (known.accepted, known.paid, known.owed)
    assert spent.advance == known.advance_outstanding


def test_lines_and_what_was_paid_under_them(indexed: Database) -> None:
    with indexed.reading() as session:
        lines = budget_lines(session, BudgetFilter(currency="JPY"), sort="year").items
        spent = spent_of_lines(session, [line.id for line in lines])
        assert [spent.get(line.id) for line in lines] == [(1, 1000), None]
        line = budget_line(session, str(lines[0].number))
        assert line == lines[0] == budget_line(session, line.id)
        of_line = spent_of_line(session, line)
        found = contracts(session, ContractFilter(budget_line=line.id), WHEN).items
        with pytest.raises(NotFoundError, match="There is no budget line '99'"):
            budget_line(session, "99")
        assert fiscal_years(session) == [2024]
    assert (of_line.contracts, of_line.committed.amount, of_line.paid.amount) == (1, "1000", "1000")
    assert [row.contract_id for row in found] == ["clinic"]


def test_what_was_paid_in_each_period(indexed: Database) -> None:
    with indexed.reading() as session:
        found = paid_by_period(session, YEARS)
        assert latest_payment(session) == PAID_ON
        assert paid_by_period(session, YEARS[:2]) == []
    told = {row.currency: [(p.payments, p.amount.amount) for p in row.periods] for row in found}
    assert told == {
        "MXN": [(0, "0.00"), (4, "107.25"), (0, "0.00")],
        "JPY": [(0, "0"), (2, "1000"), (0, "0")],
        "KWD": [(0, "0.000"), (1, "1237940039285380274899124.224"), (0, "0.000")],
    }


def test_a_period_ends_where_the_next_begins(told: Database) -> None:
    second = datetime.fromtimestamp(START + 5 * 86_400 + 1, UTC)
    with told.reading() as session:
        first, later = paid_by_period(session, [YEARS[0], PAID_ON, second])[0].periods
    assert (first.payments, later.payments) == (0, 4)


def test_periods_add_up_to_all_that_was_paid(worked: Database) -> None:
    """With deductions, claims that were pulled later, and an advance."""
    with worked.reading() as session:
        (found,) = paid_by_period(session, [*YEARS, datetime(2100, 1, 1, tzinfo=UTC)])
        (known,) = totals(session, WHEN)
    assert sum(p.amount.minor for p in found.periods) == known.paid.minor
    assert known.paid.amount == "15436.20"


def test_happenings_are_the_newest_first(indexed: Database) -> None:
    with indexed.reading() as session:
        found = happenings(session, 4)
        all_of_it = happenings(session, 500)
        since = happenings(session, 500, PAID_ON)
        assert happenings(session, 500, WHEN) == []
    assert [(row.event, row.contract.contract_id, row.milestone) for row in found] == [
        ("AgreementCreated", "forever", None),
        ("AgreementClosed", "dropped", None),
        ("AgreementTerminated", "dropped", None),
        ("PaymentMade", "dropped", 0),
    ]
    places = [(row.source.block, row.source.log_index) for row in all_of_it]
    assert places == sorted(places, reverse=True)
    assert {row.event for row in all_of_it} <= set(TOLD)
    assert since == [row for row in all_of_it if row.at >= PAID_ON]
    assert 0 < len(since) < len(all_of_it)
