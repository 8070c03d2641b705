"""What is answered of agreements with all that real ones have."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from support.works import DAY, LAST_DAY, START, Works
from support.works_rows import NAMES

from backend.db.session import Database
from backend.queries.contract import ContractDetail, contract
from backend.queries.contract_pages import contracts
from backend.queries.contracts import STATUSES
from backend.queries.filters import ContractFilter
from backend.queries.milestones import count_waiting, waiting_for
from backend.queries.pages_portal import payments_since
from backend.queries.participants import participant
from backend.queries.payments import PaymentFilter, payments
from backend.queries.totals import totals


def on(day: float) -> datetime:
    """A day of the story."""
    return datetime.fromtimestamp(START + day * DAY, UTC)


def detail(works: Works, database: Database, name: str, day: float = LAST_DAY) -> ContractDetail:
    """A contract as it is seen on a day."""
    with database.reading() as session:
        return contract(session, works.contracts[name].address, on(day))


@pytest.mark.parametrize("name", NAMES)
def test_all_that_was_funded_is_somewhere(works: Works, worked: Database, name: str) -> None:
    found = detail(works, worked, name)
    summary, money = found.summary, found.money
    gone = summary.paid.minor + summary.owed.minor + summary.refunded.minor
    assert summary.funded.minor == gone + money.held.minor
    paid = sum(
        part.amount.minor
        for payment in found.payments
        for part in payment.parts
        if part.status == "paid"
    )
    assert summary.paid.minor == paid
    assert summary.owed.minor == sum(claim.owed.minor for claim in found.claims)
    for payment in found.payments:
        assert payment.gross.minor == sum(part.amount.minor for part in payment.parts)
    if summary.status != "closed":
        assert money.held.minor == (
            summary.funded.minor
            - summary.accepted.minor
            - money.advance_outstanding.minor
            + money.retained.minor
            + money.damages.minor
        )


def test_the_parts_of_a_payment_say_what_they_rest_on(works: Works, worked: Database) -> None:
    payment = detail(works, worked, "plant").payments[1]
    assert [
        (p.part, p.amount.amount, p.status, p.condition, p.rate, p.base, p.days)
        for p in payment.parts
    ] == [
        ("advance", "1000.00", "withheld", "recoveryRate", "0.2500", "gross", None),
        ("retention", "200.00", "withheld", "retentionRate", "0.0500", "gross", None),
        ("damages", "12.00", "withheld", "damagesRate", "0.001000", "gross", 3),
        ("tax", "396.40", "paid", "taxes", "11/111", "gross", None),
        ("tax", "56.00", "paid", "taxes", "2/100", "received", None),
        ("net", "2335.60", "paid", None, None, None, None),
    ]
    recipients = [part.recipient and part.recipient.identifier for part in payment.parts]
    assert recipients == [None, None, None, "taxes", "taxes", "builder"]
    assert (payment.basis, payment.late_days, payment.interest_days) == ("acceptance", 3, 4)
    assert payment.interest.amount == "2.80"
    sources = {(part.source.block, part.source.log_index) for part in payment.parts}
    assert len(sources) == 3


def test_a_direct_payment_that_was_claimed(works: Works, worked: Database) -> None:
    payment = detail(works, worked, "plant").payments[2]
    part = payment.parts[-2]
    assert (part.part, part.condition, part.rate, part.base) == (
        "direct-payment",
        "directPayments",
        None,
        None,
    )
    assert part.recipient is not None
    assert (part.recipient.identifier, part.amount.amount) == ("roofer", "300.00")
    assert part.paid_at == on(53)
    assert part.source.block > payment.source.block
    (claim,) = detail(works, worked, "plant").claims
    assert (claim.milestone, claim.payee.identifier) == (1, "roofer")
    assert (claim.owed.amount, claim.paid.amount, claim.paid_at) == ("0.00", "300.00", on(53))


def test_conditions(works: Works, worked: Database) -> None:
    found = detail(works, worked, "plant").conditions
    assert (found.advance_rate, found.damages_rate) == (Decimal("0.2"), Decimal("0.001"))
    assert (str(found.interest_rate), str(found.default_share)) == ("0.000300", "0.0000")
    assert (found.review_days, found.payment_days, found.lapse_days) == (5, 10, 365)
    assert [(t.recipient.identifier, t.rate, t.base) for t in found.taxes] == [
        ("taxes", "11/111", "gross"),
        ("taxes", "2/100", "received"),
    ]
    (direct,) = found.direct_payments
    assert (direct.recipient.identifier, direct.milestone) == ("roofer", 1)
    assert (direct.amount.amount, direct.paid.amount) == ("300.00", "300.00")


def test_money_and_moments(works: Works, worked: Database) -> None:
    found = detail(works, worked, "plant")
    money = found.money
    assert (money.advance_paid.amount, money.advance_outstanding.amount) == ("2000.00", "0.00")
    assert (money.taxes.amount, money.direct.amount) == ("1131.45", "300.00")
    assert (money.interest_accrued.amount, money.interest_paid.amount) == ("2.80", "1.00")
    assert (money.interest_owed.amount, money.released.amount) == ("1.80", "500.00")
    assert (found.supplier_signed_at, found.activated_at) == (on(0), on(0))
    assert (found.completed_at, found.defects_end_at) == (on(99), on(129))
    (interest,) = found.interest_payments
    assert (interest.by.identifier, interest.amount.amount) == ("XX-TEST-city/treasury", "1.00")
    assert interest.paid_at == on(110)
    weir = detail(works, worked, "weir").final_account
    assert weir is not None
    assert (weir.retention_kept.amount, weir.damages.amount) == ("25.00", "375.00")
    assert weir.advance_unrecovered.amount == "100.00"
    assert weir.damages_unrecovered.amount == "50.00"
    assert detail(works, worked, "quay").final_account is None


def test_guarantees_by_the_day(works: Works, worked: Database) -> None:
    def seen(name: str, day: int) -> list[tuple[str, str]]:
        return [(g.kind, g.status) for g in detail(works, worked, name, day).guarantees]

    performance = [("performance", "replaced"), ("performance", "in-force")]
    assert seen("plant", 149) == [*performance, ("advance", "in-force"), ("retention", "in-force")]
    assert seen("plant", 150)[-1] == ("retention", "expired")
    assert seen("weir", 300) == [("performance", "called"), ("advance", "called")]
    called = detail(works, worked, "weir").guarantees[0]
    assert called.called is not None
    assert (called.called.amount, called.call_reason, called.called_at) == (
        "50.00",
        "default",
        on(273),
    )


def test_amendments_by_the_day(works: Works, worked: Database) -> None:
    first, second, third = detail(works, worked, "quay", 450.5).amendments
    assert [a.status for a in (first, second, third)] == ["void", "enacted", "proposed"]
    assert detail(works, worked, "quay", 452).amendments[2].status == "expired"
    assert (second.legal_ground, second.reason) == ("disaster", "additional-work")
    assert second.cumulative_increase is not None
    assert second.cumulative_increase.amount == "600.00"
    assert [(s.by.identifier.split("/")[-1], s.side) for s in second.signatures][:2] == [
        ("builder", "supplier"),
        ("head", "authority"),
    ]
    removed, redirected = second.changes
    assert (removed.milestone, removed.removed, removed.payee) == (1, True, None)
    assert redirected.payee is not None
    assert (redirected.payee.identifier, redirected.amount.amount) == ("roofer", "1500.00")
    assert (second.source.block < second.changed.block, second.enacted_at) == (True, on(450))


def test_disputes_stops_and_notices(works: Works, worked: Database) -> None:
    dam = detail(works, worked, "dam")
    assert [(d.milestone, d.status) for d in dam.disputes] == [
        (0, "settled"),
        (1, "ruled"),
        (2, "defaulted"),
        (3, "ruled"),
        (4, "dropped"),
    ]
    settled, ruled = dam.disputes[:2]
    assert [(o.side, o.amount.amount) for o in settled.offers] == [
        ("supplier", "800.00"),
        ("committee", "600.00"),
        ("supplier", "600.00"),
    ]
    assert (settled.opened_by.identifier, settled.reason) == ("builder", "no-cracks")
    assert ruled.ruled_by is not None
    assert (ruled.ruled_by.identifier, ruled.ruling_reason) == ("arbiter", "not-agreed")
    (notice,) = dam.notices
    assert (notice.reason, notice.cure_reason) == ("idle", "back-at-work")
    assert dam.arbiter is not None
    assert (dam.arbiter.identifier, dam.termination and dam.termination.ground) == (
        "arbiter",
        "by-agreement",
    )
    ended = dam.decisions[-1]
    assert (ended.act, len(ended.votes), ended.decided_at) == ("terminateByAgreement", 3, on(211))
    assert ended.votes[0].by.identifier == "builder"

    def in_force(day: float) -> list[bool]:
        return [stop.in_force for stop in detail(works, worked, "pier", day).stops]

    assert in_force(305) == [True, False, False, False]
    assert in_force(308) == [False, False, False, False]
    assert in_force(322) == [False, False, True, False]
    assert in_force(330.5) == [False, False, False, True]
    hold = detail(works, worked, "pier").stops[0]
    assert hold.by == hold.extended_by == hold.ended_by
    assert (hold.reason, hold.extension_reason) == ("check", "more")
    assert (hold.until, hold.planned_until) == (on(308), on(314))


def test_statuses(works: Works, worked: Database) -> None:
    with worked.reading() as session:
        found = {
            status: [
                row.contract_id
                for row in contracts(
                    session, ContractFilter(status=(status,)), on(LAST_DAY), order="asc"
                ).items
            ]
            for status in STATUSES
        }
    assert found == {
        "signed": [],
        "active": ["quay"],
        "completed": [],
        "terminated": ["lock"],
        "closed": ["plant", "dam", "weir", "pier"],
    }


def test_what_waits(works: Works, worked: Database) -> None:
    actors: list[Any] = ["treasury", "supplier", "inspector", "committee", "arbiter", "payee"]
    with worked.reading() as session:
        waiting = {actor: waiting_for(session, actor, on(LAST_DAY)) for actor in actors}
        counts = {actor: count_waiting(session, actor) for actor in actors}
    names = {a: [(m.contract.contract_id, m.number) for m in rows] for a, rows in waiting.items()}
    # Nothing more can be submitted in the lock, but what was submitted is to be decided on.
    assert names == {
        "treasury": [],
        "supplier": [],
        "inspector": [],
        "committee": [("lock", 0)],
        "arbiter": [],
        "payee": [("quay", 2)],
    }
    assert counts == {actor: len(rows) for actor, rows in waiting.items()}
    lock = detail(works, worked, "lock").milestones
    assert [m.waits_for for m in lock] == ["committee", None]


def test_who_got_what(works: Works, worked: Database) -> None:
    people = works.people
    with worked.reading() as session:
        found = {name: participant(session, people[name].hex) for name in people}
        since = payments_since(session, on(53))
        everything = totals(session, on(LAST_DAY))[0]
        of_taxes = payments(session, PaymentFilter(recipient=people["taxes"].hex), order="asc")
        of_roofer = payments(session, PaymentFilter(recipient=people["roofer"].hex)).items
    rows = {
        name: [(t.part, t.contracts, t.payments, t.paid.amount, t.owed.amount) for t in each.totals]
        for name, each in found.items()
        if each.totals
    }
    assert rows == {
        "city": [("buyer", 6, 19, "15436.20", "1500.00")],
        "builder": [
            ("supplier", 6, 19, "15436.20", "1500.00"),
            ("payee", 5, 19, "14004.75", "0.00"),
        ],
        "roofer": [
            ("payee", 1, 1, "0.00", "1500.00"),
            ("subcontractor", 1, 1, "300.00", "0.00"),
        ],
        "taxes": [("collector", 1, 7, "1131.45", "0.00")],
    }
    assert everything.paid.amount == "15436.20"
    assert everything.interest_owed.amount == "1.80"
    assert [p.number for p in of_taxes.items] == [1, 2, 3, 4, 6, 7, 8]
    assert [p.number for p in of_roofer] == [3]
    # All but the advance of the plant, with the taxes on it.
    (paid,) = since
    assert (paid.payments, paid.amount.amount) == (18, "13436.20")


def test_accounts(works: Works, worked: Database) -> None:
    builder = works.people["builder"]
    with worked.reading() as session:
        found = participant(session, builder.hex)
    assert found.row.account == builder.account
    first, second = found.successions
    assert [s.status for s in (first, second)] == ["replaced", "confirmed"]
    assert (second.account, second.previous) == (builder.account, second.confirmed_by)
    assert [entry.event for entry in found.history] == [
        "ParticipantRegistered",
        "SuccessionProposed",
        "SuccessionProposed",
        "ParticipantSucceeded",
    ]
