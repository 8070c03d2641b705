"""Payments, participants, budget lines, sums and documents of the story, on both databases."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import delete
from support.story import NOW, Story

from backend.db.base import LAST_MOMENT
from backend.db.models import Cursor, Document
from backend.db.session import Database
from backend.queries.budget import BudgetFilter, budget_lines
from backend.queries.contract_pages import contracts
from backend.queries.documents import content_of, find_document
from backend.queries.errors import IndexEmptyError, NotFoundError
from backend.queries.filters import ContractFilter
from backend.queries.index import index_state
from backend.queries.participants import (
    ParticipantFilter,
    find_participant,
    participant,
    participants,
)
from backend.queries.payments import PaymentFilter, payments
from backend.queries.totals import totals
from backend.queries.values import Currency, reason, when, when_known, year_span

WHEN = datetime.fromtimestamp(NOW, UTC)


@pytest.mark.parametrize(
    ("minor", "decimals", "amount"),
    [
        (0, 2, "0.00"),
        (5, 2, "0.05"),
        (123_450, 2, "1234.50"),
        (7, 0, "7"),
        (7, 3, "0.007"),
        (2**128 - 1, 2, "3402823669209384634633746074317682114.55"),
        (1, 18, "0.000000000000000001"),
    ],
)
def test_amounts_are_written_out(minor: int, decimals: int, amount: str) -> None:
    money = Currency("XXX", decimals).money(minor)
    assert (money.amount, money.currency) == (amount, "XXX")
    assert Fraction(money.decimal) * 10**decimals == minor


@pytest.mark.parametrize("given", [LAST_MOMENT, LAST_MOMENT + 1, 300_000_000_000, 2**63 - 2])
def test_what_is_past_all_dates_is_as_of_the_last_one_and_in_its_year(given: int) -> None:
    assert when(given) == when_known(given) == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    start, end = year_span(9999)
    assert start <= given < end
    assert year_span(9998)[1] == start


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (None, None),
        ("0x" + "00" * 32, None),
        ("0x" + b"late-work".hex().ljust(64, "0"), "late-work"),
        ("0x" + "ff" * 32, "0x" + "ff" * 32),
        ("0x" + b"a\0b".hex().ljust(64, "0"), "0x" + b"a\0b".hex().ljust(64, "0")),
    ],
)
def test_reasons_are_text_where_they_are(code: str | None, text: str | None) -> None:
    assert reason(code) == text


def paid(database: Database, **wanted: Any) -> list[int]:
    """Numbers of the payments that match."""
    with database.reading() as session:
        page = payments(session, PaymentFilter(**wanted), order="asc")
    return [row.number for row in page.items]


def test_payments(story: Story, indexed: Database) -> None:
    people, made = story.people, story.contracts
    assert paid(indexed) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert paid(indexed, agreement=made["clinic"].address) == [2, 3]
    assert paid(indexed, payee=people["sub"].hex) == [4]
    assert paid(indexed, recipient=people["sub"].hex) == []
    assert paid(indexed, buyer=people["state"].hex) == [2, 3, 6, 7]
    assert paid(indexed, currency="KWD") == [6, 7]
    assert paid(indexed, currency="EUR") == []
    assert paid(indexed, status="owed") == [7]
    assert paid(indexed, status="paid", currency="KWD") == [6]
    assert paid(indexed, year=2024) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert paid(indexed, year=2023) == []
    with indexed.reading() as session:
        largest = payments(session, PaymentFilter(), sort="net", limit=1).items[0]
    assert largest.net.amount == largest.gross.amount == "1237940039285380274899124.224"
    assert (largest.claimed, largest.contract.contract_id) == (True, "bridge")
    assert largest.payer.identifier == "B-2"
    assert [(part.part, part.status) for part in largest.parts] == [("net", "paid")]


def listed(database: Database, **wanted: Any) -> list[str]:
    """Identifiers of the participants that match, by name."""
    with database.reading() as session:
        page = participants(session, ParticipantFilter(**wanted), sort="created")
    return [row.identifier for row in page.items]


def test_participants(story: Story, indexed: Database) -> None:
    city = story.people["city"].hex
    assert len(listed(indexed)) == 13
    assert listed(indexed, role="buyer") == ["B-1", "B-2"]
    assert listed(indexed, role="auditor") == ["S-sub"]
    assert listed(indexed, standing="debarred") == ["S-jose"]
    offices = [f"XX-TEST-city/committee-{i}" for i in range(3)]
    assert listed(indexed, organization=city) == offices
    assert listed(indexed, scheme="OFFICE", identifier=offices[0]) == offices[:1]
    assert listed(indexed, text="jaya PT") == ["S-karya"]
    assert listed(indexed, text="100%_") == ["S-jose"]
    assert listed(indexed, text="s-") == ["S-karya", "S-jose", "S-sub"]
    with indexed.reading() as session:
        by_name = participants(session, ParticipantFilter(role="supplier")).items
    assert [row.label for row in by_name] == [
        "José Ñandú 100%_ S.A.",
        "PT Karya Jaya",
        "XX-TEST S-sub",
    ]


def test_a_participant(story: Story, indexed: Database) -> None:
    with indexed.reading() as session:
        jose = participant(session, story.people["jose"].hex)
        assert participant(session, str(jose.row.number)) == jose
        assert find_participant(session, jose.row.id.upper().replace("0X", "0x")) == jose.row.id
        city = participant(session, "1")
        sub = participant(session, story.people["sub"].hex)
    assert (jose.row.standing, jose.row.roles) == ("debarred", ["supplier"])
    assert jose.row.standing_reason == "test"
    assert [
        (t.part, t.currency, t.contracts, t.payments, t.value and t.value.amount, t.paid.amount)
        for t in jose.totals
    ] == [
        ("supplier", "JPY", 1, 2, "1000", "1000"),
        ("supplier", "MXN", 1, 2, "8.75", "3.75"),
        ("payee", "JPY", 1, 2, None, "1000"),
        ("payee", "MXN", 1, 1, None, "1.25"),
    ]
    assert [(t.part, t.contracts, t.paid.amount) for t in sub.totals] == [("payee", 1, "2.50")]
    assert [(t.part, t.currency, t.contracts) for t in city.totals] == [("buyer", "MXN", 6)]
    assert [p.identifier for p in city.offices] == [f"XX-TEST-city/committee-{i}" for i in range(3)]


@pytest.mark.parametrize("name", ["", "0", "99", "x", "0x" + "1" * 64, "0x12", "1\0"])
def test_unknown_participants(indexed: Database, name: str) -> None:
    with indexed.reading() as session, pytest.raises(NotFoundError, match="its number or id"):
        participant(session, name)


def test_budget_lines(story: Story, indexed: Database) -> None:
    with indexed.reading() as session:
        rows = budget_lines(session, BudgetFilter(currency="MXN"), order="asc").items
        assert [row.buyer.identifier for row in rows] == ["B-1", "B-2"]
        assert budget_lines(session, BudgetFilter(year=2025)).items == []
        mine = budget_lines(session, BudgetFilter(buyer=story.people["state"].hex))
        assert len(mine.items) == 3
        most = budget_lines(session, BudgetFilter(), sort="committed", limit=1).items[0]
        assert most.committed.currency == "KWD"
    first = rows[0]
    assert first.committed.minor + first.available.minor == first.appropriated.minor == 2**127


def test_lines_of_a_token_that_is_no_currency_are_left_out(
    own_rpc: Any, any_database: Database, store: Any
) -> None:
    from support.vocabulary import BUYER
    from support.world import deploy

    from backend.indexer import index_once

    world = deploy(own_rpc)
    buyer = world.register(BUYER, account=False)
    world.tokens["???"] = "0x" + "12" * 20
    line = world.appropriate(buyer, "???", 5)
    index_once(any_database, own_rpc, world.deployment, store)
    with any_database.reading() as session:
        assert budget_lines(session, BudgetFilter()).items == []
        assert totals(session, WHEN) == []
    assert line


def test_totals_are_the_sums_of_the_rows(story: Story, indexed: Database) -> None:
    for buyer, year in ((None, None), (story.people["state"].hex, None), (None, 2024)):
        with indexed.reading() as session:
            sums = totals(session, WHEN, buyer=buyer, year=year)
            rows = contracts(session, ContractFilter(buyer=buyer, year=year), WHEN).items
            lines = budget_lines(session, BudgetFilter(buyer=buyer, year=year)).items
        names = ("value", "scheduled", "funded", "accepted", "paid", "owed", "refunded")
        expected: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in rows:
            found = expected[row.value.currency]
            for name in names:
                found[name] += getattr(row, name).minor
            found["contracts"] += 1
            found["payments"] += row.payments
            found["late"] += row.late
        for line in lines:
            found = expected[line.committed.currency]
            found["lines"] += 1
            found["appropriated"] += line.appropriated.minor
            found["committed"] += line.committed.minor
        assert [row.currency for row in sums] == ["MXN", "JPY", "KWD"]
        for total in sums:
            wanted = expected[total.currency]
            for name in (*names, "appropriated", "committed"):
                assert getattr(total, name).minor == wanted[name], (total.currency, name)
                assert getattr(total, name).currency == total.currency
            gone = total.paid.minor + total.owed.minor + total.refunded.minor
            assert total.funded.minor == gone + total.held.minor
            for name in ("contracts", "payments", "late", "lines"):
                assert getattr(total, name) == wanted[name], (total.currency, name)


def test_documents(story: Story, indexed: Database) -> None:
    digest = story.documents["Foundation"].hex()
    with indexed.reading() as session:
        row = find_document(session, digest)
        assert find_document(session, "0x" + digest.upper()) == row
        assert (row.state, row.kind) == ("present", "milestone")
        assert row.content["title"] == "Foundation"
        missing = find_document(session, "77" * 32)
        assert (missing.state, missing.content) == ("missing", {})
        assert content_of(session.get_one(Document, "0x" + "77" * 32)) == {}
        assert content_of(None) == {}
        for name in ("", "00" * 32, "zz", digest[:-1]):
            with pytest.raises(NotFoundError, match="The chain names no document"):
                find_document(session, name)


def test_state(story: Story, indexed: Database) -> None:
    with indexed.reading() as session:
        state = index_state(session)
    assert state.block == int(story.rpc.call("eth_blockNumber"), 16)
    assert (state.chain_id, state.factory) == (2026, story.world.deployment.factory)
    with indexed.transaction() as session:
        session.execute(delete(Cursor))
    with indexed.reading() as session, pytest.raises(IndexEmptyError):
        index_state(session)
