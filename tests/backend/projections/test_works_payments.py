"""Payments, claims, interest, amendments and guarantees of the works, row by row."""

from __future__ import annotations

from support.works import DAY, START, Works
from support.works_rows import agreement, day, hexed, rows

from backend.db import models as m
from backend.db.session import Database


def test_each_payment_of_the_plant(works: Works, worked: Database) -> None:
    payments = rows(worked, works, "plant", m.Payment)
    assert [
        (p.milestone, p.basis, p.attempt, p.gross, p.advance, p.retention, p.damages)
        for p in payments
    ] == [
        (None, "advance", 0, 200_000, 0, 0, 0),
        (0, "acceptance", 1, 400_000, 100_000, 20_000, 1_200),
        (1, "partial-acceptance", 1, 100_000, 25_000, 5_000, 0),
        (1, "silence", 2, 200_000, 50_000, 10_000, 400),
        (None, "damages-returned", 0, 400, 0, 0, 0),
        (2, "acceptance", 1, 250_000, 25_000, 12_500, 0),
        (None, "retention-release", 0, 23_750, 0, 0, 0),
        (None, "retention-release", 0, 23_750, 0, 0, 0),
    ]
    assert [(p.taxes, p.direct, p.net, p.late_days, p.carried) for p in payments] == [
        (4_000, 0, 196_000, 0, 0),
        (45_240, 0, 233_560, 3, 0),
        (11_310, 30_000, 28_690, 0, 0),
        (22_620, 0, 116_980, 2, 0),
        (0, 0, 400, 0, 0),
        (29_025, 0, 183_475, 0, 0),
        (475, 0, 23_275, 0, 0),
        (475, 0, 23_275, 0, 0),
    ]
    builder = works.people["builder"].hex
    assert {(p.payee, p.status, p.claimed) for p in payments} == {(builder, "paid", False)}
    assert [(p.made_at - START) // DAY for p in payments] == [0, 53, 53, 75, 75, 99, 99, 110]
    assert all(p.paid_at == p.dated_at == p.made_at for p in payments)


def test_deductions_say_which_term_they_are_of(works: Works, worked: Database) -> None:
    payments = [p.number for p in rows(worked, works, "plant", m.Payment)]
    found = rows(worked, works, "plant", m.Deduction)
    assert [(payments.index(d.payment), d.position, d.part, d.term, d.amount) for d in found] == [
        (0, 0, "tax", 1, 4_000),
        (1, 0, "tax", 0, 39_640),
        (1, 1, "tax", 1, 5_600),
        (2, 0, "tax", 0, 9_910),
        (2, 1, "tax", 1, 1_400),
        (2, 2, "direct-payment", 0, 30_000),
        (3, 0, "tax", 0, 19_820),
        (3, 1, "tax", 1, 2_800),
        (5, 0, "tax", 0, 24_775),
        (5, 1, "tax", 1, 4_250),
        (6, 0, "tax", 1, 475),
        (7, 0, "tax", 1, 475),
    ]
    claimed = found[5]
    assert (claimed.recipient, claimed.claimed) == (works.people["roofer"].hex, True)
    assert (claimed.account, claimed.paid_at) == (works.people["roofer"].account, day(53))
    assert claimed.changed_block > claimed.made_block
    (claim,) = rows(worked, works, "plant", m.Claim)
    assert (claim.milestone, claim.payee) == (1, works.people["roofer"].hex)
    assert (claim.owed, claim.paid, claim.since, claim.paid_at) == (0, 30_000, day(53), day(53))


def test_interest(works: Works, worked: Database) -> None:
    late = [p for p in rows(worked, works, "plant", m.Payment) if p.interest]
    assert [(p.number, p.interest_days, p.interest) for p in late] == [(2, 4, 280)]
    (paid,) = rows(worked, works, "plant", m.InterestPayment)
    assert (paid.amount, paid.paid_at) == (100, day(110))
    assert paid.by == works.people["treasury"].hex
    row = agreement(worked, works, "plant")
    assert (row.interest_accrued, row.interest_paid, row.interest_owed) == (280, 100, 180)


def test_a_claim_of_a_payee(works: Works, worked: Database) -> None:
    first, second, third = rows(worked, works, "quay", m.Payment)
    builder, roofer = works.people["builder"].hex, works.people["roofer"].hex
    assert (first.status, first.claimed) == ("paid", False)
    assert (second.status, second.claimed, second.payee) == ("paid", True, builder)
    # Only the builder's money waits for the security, but the roofer's is a payee's like it.
    assert (third.status, third.payee, third.account, third.paid_at) == (
        "owed",
        roofer,
        None,
        None,
    )
    assert agreement(worked, works, "quay").owed == third.net == 150_000


def test_damages_beyond_what_a_payment_bears(works: Works, worked: Database) -> None:
    advance, accepted, returned = rows(worked, works, "weir", m.Payment)
    assert (advance.basis, advance.net) == ("advance", 20_000)
    assert (accepted.damages, accepted.carried, accepted.net) == (37_500, 12_500, 0)
    assert (accepted.status, accepted.late_days) == ("paid", 10)
    # A later date made undue what was only carried: nothing is paid, less is carried.
    assert (returned.basis, returned.gross, returned.carried) == ("damages-returned", 0, 7_500)


def test_the_amendment_of_the_plant(works: Works, worked: Database) -> None:
    (row,) = rows(worked, works, "plant", m.Amendment)
    assert (row.status, row.previous_value, row.value) == ("enacted", 1_000_000, 950_000)
    assert (row.increase, row.decrease, row.cumulative_increase) == (0, 50_000, 0)
    assert (row.milestones, row.changes, row.document) == (0, 2, "0x" + "62" * 32)
    changes = rows(worked, works, "plant", m.AmendmentChange)
    assert [(c.milestone, c.amount, c.due_at, c.payee, c.removed) for c in changes] == [
        (0, 400_000, day(31), None, False),
        (2, 250_000, day(99), None, False),
    ]
    first, second, third = rows(worked, works, "plant", m.Milestone)
    assert (first.due_at, first.original_due_at, first.agreed_at) == (day(31), day(30), day(75))
    assert (second.due_at, second.agreed_at) == (day(60), day(0))
    assert (third.amount, third.original_amount, third.original_due_at) == (250_000, 300_000, None)
    assert agreement(worked, works, "plant").released == 50_000


def test_the_amendments_of_the_quay(works: Works, worked: Database) -> None:
    expired, raised, late = rows(worked, works, "quay", m.Amendment)
    assert [a.status for a in (expired, raised, late)] == ["void", "enacted", "proposed"]
    assert (raised.legal_ground, raised.valid_until) == (hexed("disaster"), day(460))
    assert (raised.previous_value, raised.value) == (300_000, 360_000)
    assert (raised.cumulative_increase, raised.ends_at) == (60_000, day(650))
    signed = rows(worked, works, "quay", m.AmendmentSignature, "amendment", "made_block")
    names = {person.hex: name for name, person in works.people.items()}
    assert [(s.amendment, names[s.participant], s.side) for s in signed] == [
        (1, "second", "committee"),
        (2, "builder", "supplier"),
        (2, "head", "authority"),
        *((2, names[member.hex], "committee") for member in works.contracts["quay"].members),
        (3, "first", "committee"),
    ]
    milestones = rows(worked, works, "quay", m.Milestone)
    assert [x.amendment for x in milestones] == [None, None, None, 2]
    assert (milestones[1].status, milestones[1].cancelled) == ("cancelled", 100_000)
    assert milestones[2].payee == works.people["roofer"].hex
    assert milestones[3].document == "0x" + "6c" * 32


def test_guarantees(works: Works, worked: Database) -> None:
    found = rows(worked, works, "plant", m.Guarantee)
    assert [(g.kind, g.amount, g.expires_at, g.replaced_at) for g in found] == [
        ("performance", 40_000, day(10), day(0)),
        ("performance", 50_000, day(400), None),
        ("advance", 200_000, day(400), None),
        ("retention", 30_000, day(150), None),
    ]
    assert [g.document for g in found] == [f"0x{x * 32}" for x in ("60", "60", "61", "62")]
    performance, advance = rows(worked, works, "weir", m.Guarantee)
    assert (performance.called, performance.call_reason) == (5_000, hexed("default"))
    assert (advance.called, advance.call_reason) == (10_000, hexed("advance-unrecovered"))
    assert performance.called_at == advance.called_at == day(273)
