"""Contracts, as the story left them, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from support.story import DAY, NOW, START, Story

from backend.db.session import Database
from backend.queries import contracts as c
from backend.queries.contract import contract
from backend.queries.contract_pages import contracts
from backend.queries.errors import NotFoundError
from backend.queries.filters import ContractFilter
from backend.queries.history import contract_history, participant_history
from backend.queries.milestones import (
    count_waiting,
    late_milestones,
    waiting_for,
)

ALL = ["road", "clinic", "school", "bridge", "empty", "unfunded", "dropped", "forever"]
WHEN = datetime.fromtimestamp(NOW, UTC)


def found(database: Database, now: datetime = WHEN, **wanted: Any) -> list[str]:
    """Contract ids of the contracts that match, in the order of creation."""
    with database.reading() as session:
        page = contracts(session, ContractFilter(**wanted), now, sort="created", order="asc")
        count = c.count_contracts(session, ContractFilter(**wanted), now)
    assert count == len(page.items)
    return [row.contract_id for row in page.items]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, ALL),
        ({"status": ("closed",)}, ["clinic", "dropped"]),
        ({"status": ("closed", "signed")}, ["clinic", "unfunded", "dropped", "forever"]),
        ({"status": ("active",)}, ["road", "school", "bridge", "empty"]),
        ({"currency": "JPY"}, ["clinic"]),
        ({"currency": "XXX"}, []),
        ({"year": 2023}, ["road"]),
        ({"year": 9999}, ["forever"]),
        ({"year": 2025}, []),
        ({"late": True}, ["road", "school", "unfunded"]),
        ({"late": False}, ["clinic", "bridge", "empty", "dropped", "forever"]),
        ({"ocid": "ocds-road"}, ["road"]),
        ({"ocid": "ocds"}, []),
        ({"contract_id": "school"}, ["school"]),
        ({"text": "road"}, ["road"]),
        ({"text": "SUKAMAJU cibe"}, ["road"]),
        ({"text": "ecole"}, ["school"]),
        ({"text": "ÉCOLE"}, ["school"]),
        ({"text": "jose nandu"}, ["clinic", "school"]),
        ({"text": "kabupaten"}, [n for n in ALL if n not in {"clinic", "bridge"}]),
        ({"text": "ocds-bri"}, ["bridge"]),
        ({"text": "100%"}, ["clinic", "school", "bridge"]),
        ({"text": "steel_work\\s"}, ["bridge"]),
        ({"text": "steelxwork"}, []),
        ({"text": "%"}, ["clinic", "school", "bridge"]),
        ({"text": "_"}, ["clinic", "school", "bridge"]),
        ({"text": "'; DROP TABLE agreements; --"}, []),
        ({"text": "  "}, ALL),
    ],
    ids=str,
)
def test_filters(indexed: Database, wanted: dict[str, Any], names: list[str]) -> None:
    assert found(indexed, **wanted) == names


def test_filters_by_parties(story: Story, indexed: Database) -> None:
    people = story.people
    assert found(indexed, buyer=people["state"].hex) == ["clinic", "bridge"]
    assert found(indexed, supplier=people["jose"].hex) == ["clinic", "school"]
    assert found(indexed, supplier=people["jose"].hex, buyer=people["city"].hex) == ["school"]
    assert found(indexed, buyer=people["jose"].hex) == []


@pytest.mark.parametrize(
    ("after", "days"),
    [(20 * DAY, 0), (20 * DAY + 1, 1), (21 * DAY, 1), (21 * DAY + 1, 2), (400 * DAY, 380)],
)
def test_is_late_from_the_second_after_the_due_date(told: Database, after: int, days: int) -> None:
    now = datetime.fromtimestamp(START + after, UTC)
    with told.reading() as session:
        row = contracts(session, ContractFilter(contract_id="road"), now).items[0]
    assert (row.late, row.days_late) == (days > 0, days)
    assert row.next_due_at == datetime.fromtimestamp(START + 20 * DAY, UTC)
    assert ("road" in found(told, now, late=True)) is (days > 0)


def test_a_summary(story: Story, indexed: Database) -> None:
    with indexed.reading() as session:
        row = contracts(session, ContractFilter(contract_id="road"), WHEN).items[0]
    assert (row.number, row.address) == (1, story.contracts["road"].address)
    assert (row.title, row.label) == ("Road Sukamaju–Cibeureum", "Road Sukamaju–Cibeureum")
    assert (row.value.amount, row.value.currency) == ("1100.00", "MXN")
    assert (row.paid.amount, row.funded.amount, row.owed.amount) == ("100.50", "1100.00", "0.00")
    assert row.buyer.name == "Kabupaten Sukamaju"
    assert row.supplier.label == "PT Karya Jaya"
    assert (row.milestones, row.milestones_accepted, row.payments) == (4, 1, 1)
    assert row.signed_at == datetime(2023, 12, 31, tzinfo=UTC)
    assert row.changed_at == datetime(2024, 1, 6, tzinfo=UTC)


def test_a_title_that_is_missing_is_replaced(indexed: Database) -> None:
    with indexed.reading() as session:
        row = contracts(session, ContractFilter(contract_id="clinic"), WHEN).items[0]
    assert (row.title, row.label) == (None, "clinic")
    assert (row.buyer.name, row.buyer.label) == (None, "XX-TEST B-2")


def test_detail(story: Story, indexed: Database) -> None:
    with indexed.reading() as session:
        detail = contract(session, "1", WHEN)
        assert contract(session, story.contracts["road"].address, WHEN) == detail
        assert contract(session, story.contracts["road"].address.lower(), WHEN) == detail
    assert detail.content["description"] == "Asphalt, 4 km"
    assert [p.id for p in detail.committee] == [p.hex for p in story.contracts["road"].members]
    assert [p.identifier for p in detail.inspectors] == ["I-1"]
    assert (detail.quorum, detail.created_by) == (2, detail.committee[0])
    assert detail.money.held.amount == "999.50"
    assert detail.budget_line.code == "1.2.3"
    assert [m.status for m in detail.milestones] == ["paid", "rejected", "inspected", "scheduled"]
    assert [m.waits_for for m in detail.milestones] == [None, "supplier", "committee", "supplier"]
    assert [m.days_late for m in detail.milestones] == [0, 380, 0, 0]
    rejected = detail.milestones[1]
    assert (rejected.reject_reason, rejected.rejections, rejected.quorum) == ("incomplete", 2, 2)
    (payment,) = detail.payments
    assert (payment.net.amount, payment.gross.amount) == ("100.50", "100.50")
    assert (payment.milestone, payment.claimed, payment.basis) == (0, False, "acceptance")
    assert (payment.payer.identifier, payment.payee.identifier) == ("B-1", "S-karya")
    assert (payment.milestone_title, payment.source_id) == ("Foundation", "P-1")
    assert detail.amendments == []


def test_detail_of_an_amended_contract(indexed: Database) -> None:
    with indexed.reading() as session:
        detail = contract(session, "3", WHEN)
    first, second = detail.amendments
    assert (first.status, first.value, len(first.signatures)) == ("void", None, 1)
    assert (second.status, second.reason) == ("enacted", "additional-work")
    assert second.previous_value is not None
    assert second.value is not None
    assert (second.previous_value.amount, second.value.amount) == ("7.50", "8.75")
    assert [(s.by.identifier, s.side) for s in second.signatures][-1] == ("S-jose", "supplier")
    assert detail.original_ends_at is None
    assert detail.summary.ends_at == datetime.fromtimestamp(START + 900 * DAY, UTC)
    assert [p.payee.identifier for p in detail.payments] == ["S-sub", "S-jose"]


def test_detail_of_a_closed_contract(indexed: Database) -> None:
    with indexed.reading() as session:
        detail = contract(session, "7", WHEN)
        assert contract(session, "2", WHEN).termination is None
    assert detail.termination is not None
    assert (detail.termination.ground, detail.termination.reason) == ("convenience", "no-need")
    assert detail.termination.document == "0x" + "55" * 32
    assert (detail.money.held.amount, detail.money.released.amount) == ("0.00", "6.00")
    assert detail.money.cancelled.amount == "4.00"
    assert detail.final_account is not None
    assert detail.final_account.refunded.amount == detail.summary.refunded.amount == "6.00"
    assert [m.waits_for for m in detail.milestones] == [None, None]


@pytest.mark.parametrize(
    "name",
    ["", "0", "-1", "99", "1.0", "abc", "0x", "0x" + "1" * 40, "0x" + "g" * 40, "1" * 30, "1\0"],
)
def test_unknown_contracts(indexed: Database, name: str) -> None:
    with (
        indexed.reading() as session,
        pytest.raises(NotFoundError, match="expected its number or address") as caught,
    ):
        contract(session, name, WHEN)
    assert caught.value.status == 404


def test_what_waits(indexed: Database) -> None:
    with indexed.reading() as session:
        late = late_milestones(session, WHEN)
        assert [(m.contract.contract_id, m.number) for m in late] == [
            ("road", 1),
            ("school", 0),
            ("unfunded", 0),
        ]
        assert [m.days_late for m in late] == [380, 370, 10]
        assert len(late_milestones(session, WHEN, limit=1)) == 1
        actors: list[Any] = ["treasury", "supplier", "inspector", "committee", "arbiter", "payee"]
        waiting = {actor: waiting_for(session, actor, WHEN, limit=99) for actor in actors}
        counts = {actor: count_waiting(session, actor) for actor in actors}
    assert counts == {actor: len(rows) for actor, rows in waiting.items()}
    names = {a: [(m.contract.contract_id, m.number) for m in rows] for a, rows in waiting.items()}
    assert names == {
        "treasury": [("unfunded", 0)],
        "supplier": [
            ("road", 3),
            ("road", 1),
            ("school", 0),
            ("bridge", 2),
            ("forever", 0),
        ],
        "inspector": [],
        "committee": [("road", 2)],
        "arbiter": [],
        "payee": [("bridge", 1)],
    }
    for actor, rows in waiting.items():
        assert {row.waits_for for row in rows} <= {actor}


def test_history(story: Story, indexed: Database) -> None:
    with indexed.reading() as session:
        road = contract_history(session, story.contracts["road"].address)
        jose = participant_history(session, story.people["jose"].hex)
        assert contract_history(session, "0x" + "0" * 40) == []
    places = [(entry.source.block, entry.source.log_index) for entry in road]
    assert places == sorted(places)
    assert (road[0].event, road[0].contract) == ("AgreementCreated", "AgreementFactory")
    assert road[0].arguments["terms"]["ocid"] == "ocds-road"
    assert road[-1].arguments["approvals"] == "1"
    assert [entry.event for entry in jose] == [
        "ParticipantRegistered",
        "ParticipantStandingChanged",
    ]
