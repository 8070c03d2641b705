"""The rows say what the chain says of agreements with all that real ones have, to the unit.

works
├── money, milestones, guarantees, claims and conditions are what the chain says
├── funded = paid + owed + held + refunded, and what is held is accounted for
├── the parts of every payment add up
├── each event has happened, and every row names events that are there
└── an account that is succeeded changes nothing of what was done before
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from support.chain_says import AGREEMENT_STATUSES, MILESTONE_STATUSES, snake
from support.rows import dump
from support.works import Works
from support.works_played import NOBODYS
from support.works_rows import NAMES, agreement, day, rows

from backend.chain.events import EVENTS
from backend.db import models as m
from backend.db.base import Base
from backend.db.session import Database
from backend.indexer import index_once


def test_both_databases_hold_the_same_rows(
    works: Works, worked: Database, postgres_database: Database
) -> None:
    index_once(postgres_database, works.rpc, works.world.deployment, works.store)
    ours = dump(worked)
    assert {name: len(found) for name, found in ours.items() if found} == {
        "cursor": 1,
        "documents": 20,
        "events": 271,
        "blocks": 167,
        "participants": 11,
        "successions": 2,
        "tokens": 1,
        "budget_lines": 1,
        "agreements": 6,
        "agreement_offices": 13,
        "conditions": 6,
        "taxes": 2,
        "direct_payments": 1,
        "milestones": 20,
        "payments": 20,
        "deductions": 12,
        "claims": 3,
        "interest_payments": 1,
        "amendments": 5,
        "amendment_changes": 5,
        "amendment_signatures": 12,
        "guarantees": 8,
        "disputes": 5,
        "settlement_offers": 3,
        "stops": 4,
        "decisions": 24,
        "decision_votes": 49,
        "default_notices": 2,
        "final_accounts": 4,
    }
    assert ours == dump(postgres_database)


def test_every_event_has_happened(worked: Database) -> None:
    with worked.reading() as session:
        happened = set(session.scalars(select(m.EventRow.name).distinct()))
    known = {kind.__name__ for kinds in EVENTS.values() for kind in kinds}
    of_the_story = {
        "ParticipantRolesChanged",
        "ParticipantDocumentChanged",
        "Redeemed",
    }
    assert known - happened == of_the_story


@pytest.mark.parametrize("name", NAMES)
def test_money_is_what_the_chain_says(works: Works, worked: Database, name: str) -> None:
    made = works.contracts[name]
    row = agreement(worked, works, name)
    chain = works.world.money(made)
    assert {field: getattr(row, snake(field)) for field in chain} == chain
    status = works.world.view("Agreement", made.address, "status")
    assert row.status == AGREEMENT_STATUSES[status]
    balance = works.world.view("SettlementToken", made.token, "balanceOf", made.address)
    held = row.funded - row.paid - row.owed - row.refunded
    assert balance == held + row.owed
    if row.status == "closed":
        assert held == 0
    else:
        assert held == (
            row.funded - row.accepted - row.advance_outstanding + row.retained + row.damages
        )
    ends_at = works.world.view("Agreement", made.address, "endsAt")
    assert row.ends_at == (ends_at or None)


@pytest.mark.parametrize("name", NAMES)
def test_milestones_are_what_the_chain_says(works: Works, worked: Database, name: str) -> None:
    made = works.contracts[name]
    chain = works.world.view("Agreement", made.address, "milestones")
    found = rows(worked, works, name, m.Milestone)
    assert len(found) == len(chain)
    for row, known in zip(found, chain, strict=True):
        payee = works.world.view("Agreement", made.address, "payeeOf", row.number)
        owed = works.world.view("Agreement", made.address, "owedTo", row.number, payee)
        assert (row.status, row.amount, row.accepted, row.owed, row.payee) == (
            MILESTONE_STATUSES[known["status"]],
            known["amount"],
            known["accepted"],
            owed,
            f"0x{payee.hex()}",
        )
        assert row.due_at == (known["dueAt"] or None)
    row = agreement(worked, works, name)
    assert row.scheduled == sum(x.amount for x in found if x.status != "cancelled")
    assert row.cancelled == sum(x.cancelled for x in found)
    assert row.accepted == sum(x.accepted for x in found)
    assert row.milestones_cancelled == sum(x.status == "cancelled" for x in found)
    assert row.milestones_accepted == sum(x.status in {"paid", "owed"} for x in found)


@pytest.mark.parametrize("name", NAMES)
def test_claims_and_guarantees_are_what_the_chain_says(
    works: Works, worked: Database, name: str
) -> None:
    address = works.contracts[name].address
    claims = rows(worked, works, name, m.Claim)
    for claim in claims:
        milestone = NOBODYS if claim.milestone == m.NO_MILESTONE else claim.milestone
        payee = bytes.fromhex(claim.payee[2:])
        assert claim.owed == works.world.view("Agreement", address, "owedTo", milestone, payee)
    assert sum(claim.owed for claim in claims) == agreement(worked, works, name).owed
    latest = {row.kind: row for row in rows(worked, works, name, m.Guarantee)}
    for number, kind in enumerate(("performance", "advance", "retention")):
        known = works.world.view("Agreement", address, "guarantee", number)
        row = latest.get(kind)
        given = (row.amount, row.expires_at) if row else (0, 0)
        assert given == (known["amount"], known["expiresAt"])


@pytest.mark.parametrize("name", NAMES)
def test_the_parts_of_payments_add_up(works: Works, worked: Database, name: str) -> None:
    row = agreement(worked, works, name)
    payments = rows(worked, works, name, m.Payment)
    deductions = rows(worked, works, name, m.Deduction)
    for each in payments:
        parts = (each.advance, each.retention, each.damages, each.taxes, each.direct, each.net)
        assert each.gross == sum(parts)
        mine = [d for d in deductions if d.payment == each.number]
        assert each.taxes == sum(d.amount for d in mine if d.part == "tax")
        assert each.direct == sum(d.amount for d in mine if d.part == "direct-payment")
    for status, total in (("paid", row.paid), ("owed", row.owed)):
        net = sum(p.net for p in payments if p.status == status)
        assert total == net + sum(d.amount for d in deductions if d.status == status)
    assert row.taxes == sum(p.taxes for p in payments)
    assert row.direct == sum(p.direct for p in payments)
    assert row.payments == sum(p.status == "paid" for p in payments)


def test_the_conditions_are_what_was_signed(works: Works, worked: Database) -> None:
    for name in NAMES:
        known = works.world.view("Agreement", works.contracts[name].address, "conditions")
        (row,) = rows(worked, works, name, m.Conditions)
        lists = {key: known.pop(key) for key in ("taxes", "directPayments")}
        assert {key: getattr(row, snake(key)) for key in known} == known
        counts = (row.taxes, row.direct_payments)
        assert counts == (len(lists["taxes"]), len(lists["directPayments"]))
    tax = f"0x{works.people['taxes'].id.hex()}"
    taxes = rows(worked, works, "plant", m.Tax)
    assert [(t.recipient, t.numerator, t.denominator, t.base) for t in taxes] == [
        (tax, 11, 111, "gross"),
        (tax, 2, 100, "received"),
    ]
    (direct,) = rows(worked, works, "plant", m.DirectPayment)
    assert (direct.milestone, direct.recipient) == (1, works.people["roofer"].hex)
    assert (direct.amount, direct.paid) == (30_000, 30_000)


def test_successions(works: Works, worked: Database) -> None:
    builder = works.people["builder"]
    with worked.reading() as session:
        row = session.get_one(m.Participant, builder.hex)
        first, second = session.scalars(select(m.Succession).order_by(m.Succession.number))
        paid_to = set(session.scalars(select(m.Payment.account).where(m.Payment.payee == row.id)))
    assert (row.account, row.successions) == (builder.account, 2)
    assert (first.status, first.previous, first.confirmed_at) == ("replaced", None, None)
    assert (second.status, second.account) == ("confirmed", builder.account)
    assert (second.proposed_at, second.confirmed_at) == (day(500), day(500))
    assert second.document == "0x" + "5a" * 32
    # What was paid before went to the account of then.
    assert second.previous == second.confirmed_by
    assert paid_to == {second.previous}


def test_every_row_names_events_that_are_there(worked: Database) -> None:
    found = dump(worked)
    tables = Base.metadata.tables

    def places(name: str, prefix: str) -> set[tuple[Any, ...]]:
        columns = [c.name for c in tables[name].columns]
        wanted = [columns.index(f"{prefix}{c}") for c in ("block", "transaction", "log_index")]
        return {tuple(row[i] for i in wanted) for row in found[name]}

    events = places("events", "")
    named = 0
    for name, table in tables.items():
        for prefix in ("made_", "changed_"):
            if f"{prefix}block" in table.columns:
                assert places(name, prefix) <= events, (name, prefix)
                named += 1
    assert named == 41


def test_documents_have_their_kinds(worked: Database) -> None:
    with worked.reading() as session:
        kinds = {row.hash[2:4]: row.kind for row in session.scalars(select(m.Document))}
    assert kinds == {
        "01": "evidence",
        "02": "report",
        "09": "rejection",
        "5a": "succession",
        "5b": "calendar",
        "60": "guarantee",
        "61": "guarantee",
        "62": "amendment",
        "63": "dispute",
        "64": "ruling",
        "65": "notice",
        "66": "cure",
        "67": "termination",
        "68": "termination",
        "69": "hold",
        "6a": "hold",
        "6b": "suspension",
        "6c": "milestone",
        "6d": "amendment",
        "6e": "amendment",
    }
