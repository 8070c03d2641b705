"""events that no play brings, or that the contracts do not send today
├── of successions: one is taken back
├── of tokens, calendar and budget
├── of payments
│   ├── a deduction without its payment is refused
│   ├── deductions find their terms, whatever is skipped
│   └── damages returned say what is still carried
├── of amendments: what is proposed may be anything
├── of guarantees: one is called that nobody recorded
└── of decisions: the same again is another round
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select
from support.crafted import (
    ACCOUNT,
    AGREEMENT,
    FACTORY,
    FREE,
    LINE,
    MEMBER,
    NONE,
    OTHER,
    SUPPLIER,
    TAXES,
    TOKEN,
    Tale,
    milestone,
    parts,
)

from backend.chain import events as e
from backend.chain.contract import contract
from backend.core.documents import DocumentStore
from backend.db import models as m
from backend.db.base import LAST_MOMENT
from backend.db.session import Database
from backend.projections.rows import ProjectionError
from backend.queries.totals import totals

PAPER = "0x" + "5c" * 32


@pytest.fixture
def tale(any_database: Database, store: DocumentStore) -> Tale:
    """Nothing yet."""
    return Tale(any_database, store)


def one(tale: Tale, model: Any, *key: Any) -> Any:
    """The row with a key, or the only one."""
    with tale.database.reading() as session:
        if key:
            return session.get_one(model, key if len(key) > 1 else key[0])
        return session.scalars(select(model)).one()


def agreement(tale: Tale) -> m.Agreement:
    """The agreement."""
    found: m.Agreement = one(tale, m.Agreement, AGREEMENT)
    return found


# --- successions ---


def test_a_succession_that_is_taken_back(tale: Tale) -> None:
    tale.begin()
    for account in (ACCOUNT, e.ZERO_ADDRESS, e.ZERO_ADDRESS):
        tale.tell((e.SuccessionProposed, FACTORY, (SUPPLIER, account, NONE)))
    row = one(tale, m.Succession)
    assert (row.number, row.status, row.account) == (1, "withdrawn", ACCOUNT)
    tale.tell((e.SuccessionProposed, FACTORY, (SUPPLIER, ACCOUNT, NONE)))
    again = one(tale, m.Succession, SUPPLIER, 2)
    assert (again.status, again.account) == ("proposed", ACCOUNT)


# --- tokens, calendar, budget ---


def test_money_that_a_bank_paid_out(tale: Tale) -> None:
    tale.begin()
    tale.tell((e.Issued, TOKEN, (ACCOUNT, 2**200, PAPER)))
    tale.tell((e.Redeemed, TOKEN, (ACCOUNT, 7, PAPER)), (e.Forwarded, TOKEN, (ACCOUNT, ACCOUNT, 1)))
    token = one(tale, m.Token, TOKEN)
    assert (token.issued, token.redeemed) == (2**200, 7)


def test_a_token_may_issue_more_than_it_can_ever_hold_at_once(tale: Tale) -> None:
    tale.begin()
    all_there_is = 2**256 - 1
    for _ in range(3):
        tale.tell((e.Issued, TOKEN, (ACCOUNT, all_there_is, PAPER)))
        tale.tell((e.Redeemed, TOKEN, (ACCOUNT, all_there_is, PAPER)))
    token = one(tale, m.Token, TOKEN)
    assert (token.issued, token.redeemed) == (3 * all_there_is,) * 2


def test_currencies_whose_codes_are_one_text_are_two(tale: Tale) -> None:
    tale.begin()
    # On the chain "A\0" and "A\\x00": a Solidity string may hold what no text column does.
    long = "".join(f"{number:x}" for number in range(3000))
    others = {OTHER[:42]: "A\\x00", LINE[:42]: "A\\x00", MEMBER[:42]: long}
    for address, code in others.items():
        tale.tell((e.TokenAdmitted, FACTORY, (address, code, 2)))
    tale.tell((e.Issued, OTHER[:42], (ACCOUNT, 5, PAPER)))
    with tale.database.reading() as session:
        found = session.scalars(select(m.Token).order_by(m.Token.number)).all()
        assert [(row.address, row.currency, row.issued) for row in found] == [
            (TOKEN, "IDR", 0),
            (OTHER[:42], "A\\x00", 5),
            (LINE[:42], "A\\x00", 0),
            (MEMBER[:42], long, 0),
        ]
        assert [row.currency for row in totals(session, datetime.now(UTC))] == [
            row.currency for row in found
        ]


def test_a_year_of_the_calendar_is_history_with_a_decree(tale: Tale) -> None:
    tale.begin()
    tale.tell((e.CalendarYearSet, FACTORY, (2026, 0b1100000, (1, 359), PAPER)))
    assert one(tale, m.Document, PAPER).kind == "calendar"
    with tale.database.reading() as session:
        wanted = select(m.EventRow).where(m.EventRow.name == "CalendarYearSet")
        row = session.scalars(wanted).one()
    assert (row.contract, row.agreement, row.milestone, row.participant) == (
        "WorkCalendar",
        None,
        None,
        None,
    )


def test_a_line_may_serve_agreements_that_the_index_does_not_know(tale: Tale) -> None:
    tale.begin(milestone(5))
    tale.tell((e.LineReleased, FACTORY, (LINE, ACCOUNT, 3, 2)))
    assert one(tale, m.BudgetLine, LINE).committed == 2
    tale.tell((e.LineReleased, FACTORY, (LINE, AGREEMENT, 1, 1)))
    assert agreement(tale).released == 1


# --- payments ---


def test_a_deduction_without_its_payment_is_refused(tale: Tale) -> None:
    tale.begin(milestone(100))
    paid = (0, SUPPLIER, ACCOUNT, 1, e.Basis.ACCEPTANCE, parts(100, taxes=1))
    deducted = (0, TAXES, ACCOUNT, e.Part.TAX, 1)
    tale.say(e.PaymentMade, *paid)
    for kind, arguments in ((e.DeductionPaid, deducted), (e.InterestAccrued, (0, 1, 2, 2))):
        with pytest.raises(ProjectionError, match=r"No payment of 0x3+ precedes log 0 of block 10"):
            tale.say(kind, *arguments)
        tale.block -= 1
    with tale.database.reading() as session:
        assert session.scalars(select(m.Deduction)).all() == []


TABLE = (
    e.Tax(TAXES, 0, 1, e.TaxBase.GROSS),
    e.Tax(OTHER, 1, 10, e.TaxBase.GROSS),
    e.Tax(TAXES, 1, 20, e.TaxBase.RECEIVED),
    e.Tax(TAXES, 1, 10, e.TaxBase.GROSS),
)
DIRECT = (
    e.DirectPayment(1, OTHER, 5),
    e.DirectPayment(0, OTHER, 10),
    e.DirectPayment(0, OTHER, 20),
)


def deductions(tale: Tale) -> list[tuple[str, int | None, int]]:
    """Part, term and amount of the deductions of the latest payment."""
    with tale.database.reading() as session:
        latest = max(session.scalars(select(m.Payment.number)))
        wanted = select(m.Deduction).where(m.Deduction.payment == latest)
        found = session.scalars(wanted.order_by(m.Deduction.position))
        return [(row.part, row.term, row.amount) for row in found]


def pay(tale: Tale, basis: e.Basis, given: e.Payment, *deducted: tuple[Any, ...]) -> None:
    """A payment with its deductions, in one transaction."""
    place = e.NO_MILESTONE if basis in {e.Basis.ADVANCE, e.Basis.RETENTION_RELEASE} else 0
    tale.tell(
        (e.PaymentMade, AGREEMENT, (place, SUPPLIER, ACCOUNT, 1, basis, given)),
        *((e.DeductionPaid, AGREEMENT, (place, *each)) for each in deducted),
    )


def test_deductions_find_their_terms(tale: Tale) -> None:
    tale.begin(
        milestone(400), conditions=replace(FREE, taxes=TABLE, direct_payments=DIRECT), value=400
    )
    tax, direct = e.Part.TAX, e.Part.DIRECT_PAYMENT
    # Of what was not accepted, only the tax on what is received is due.
    pay(tale, e.Basis.ADVANCE, parts(100, taxes=5), (TAXES, ACCOUNT, tax, 5))
    assert deductions(tale) == [("tax", 2, 5)]
    first = parts(100, advance=50, taxes=23, direct=14)
    pay(
        tale,
        e.Basis.PARTIAL_ACCEPTANCE,
        first,
        (OTHER, ACCOUNT, tax, 10),
        (TAXES, ACCOUNT, tax, 3),
        (TAXES, ACCOUNT, tax, 10),
        (OTHER, ACCOUNT, direct, 10),
        (OTHER, ACCOUNT, direct, 4),
    )
    assert deductions(tale) == [
        ("tax", 1, 10),
        ("tax", 2, 3),
        ("tax", 3, 10),
        ("direct-payment", 1, 10),
        ("direct-payment", 2, 4),
    ]
    # The advance took all that there was.
    pay(tale, e.Basis.PARTIAL_ACCEPTANCE, parts(50, advance=50))
    assert deductions(tale) == []
    # The first direct payment is made in full.
    pay(tale, e.Basis.ACCEPTANCE, parts(150, direct=16), (OTHER, ACCOUNT, direct, 16))
    assert deductions(tale) == [("direct-payment", 2, 16)]
    # What no table has keeps its amount, and names no term.
    pay(tale, e.Basis.ADVANCE, parts(9, taxes=9), (MEMBER, ACCOUNT, tax, 9))
    assert deductions(tale) == [("tax", None, 9)]
    with tale.database.reading() as session:
        paid = session.scalars(select(m.DirectPayment.paid).order_by(m.DirectPayment.position))
        assert list(paid) == [0, 10, 20]


def test_damages_returned_say_what_is_still_carried(tale: Tale) -> None:
    tale.begin(milestone(100))
    late = parts(100, damages=60, carried=30, late_days=9)
    pay(tale, e.Basis.ACCEPTANCE, late)
    assert (agreement(tale).damages, agreement(tale).damages_carried) == (60, 30)
    returned = (e.NO_MILESTONE, SUPPLIER, ACCOUNT, 0, e.Basis.DAMAGES_RETURNED)
    tale.say(e.PaymentMade, *returned, parts(0, carried=12))
    assert (agreement(tale).damages, agreement(tale).damages_carried) == (60, 12)
    tale.say(e.PaymentMade, *returned, parts(25))
    row = agreement(tale)
    assert (row.damages, row.damages_carried, row.paid) == (35, 0, 40 + 25)
    assert row.funded - row.paid == row.funded - row.accepted + row.damages


def test_claims_of_several_payments_are_paid_at_once(tale: Tale) -> None:
    tale.begin(milestone(100))
    zero = e.ZERO_ADDRESS
    for gross, owed in ((30, 30), (20, 50)):
        tale.tell(
            (e.PaymentOwed, AGREEMENT, (0, SUPPLIER, gross, owed)),
            (
                e.PaymentMade,
                AGREEMENT,
                (0, SUPPLIER, zero, 1, e.Basis.PARTIAL_ACCEPTANCE, parts(gross)),
            ),
        )
        tale.at += 10
    tale.tell(
        (e.PaymentOwed, AGREEMENT, (e.NO_MILESTONE, SUPPLIER, 7, 7)),
        (
            e.PaymentMade,
            AGREEMENT,
            (e.NO_MILESTONE, SUPPLIER, zero, 0, e.Basis.ADVANCE, parts(7)),
        ),
    )
    row = agreement(tale)
    assert (row.paid, row.owed, one(tale, m.Milestone, AGREEMENT, 0).owed) == (0, 57, 50)
    tale.say(e.ClaimPaid, 0, SUPPLIER, ACCOUNT, 50)
    row = agreement(tale)
    assert (row.paid, row.owed, one(tale, m.Milestone, AGREEMENT, 0).owed) == (50, 7, 0)
    with tale.database.reading() as session:
        payments = session.scalars(select(m.Payment).order_by(m.Payment.number)).all()
    assert [(p.status, p.claimed, p.paid_at) for p in payments] == [
        ("paid", True, 20),
        ("paid", True, 20),
        ("owed", False, None),
    ]
    claim = one(tale, m.Claim, AGREEMENT, 0, SUPPLIER)
    assert (claim.owed, claim.paid, claim.since) == (0, 50, 0)
    tale.say(e.ClaimPaid, e.NO_MILESTONE, SUPPLIER, ACCOUNT, 7)
    assert one(tale, m.Claim, AGREEMENT, m.NO_MILESTONE, SUPPLIER).paid == 7
    assert agreement(tale).owed == 0


def test_a_milestone_that_changes_its_payee_leaves_the_claim_of_the_old_one(tale: Tale) -> None:
    tale.begin(milestone(100, 5))
    basis = e.Basis.PARTIAL_ACCEPTANCE
    tale.tell(
        (e.PaymentOwed, AGREEMENT, (0, SUPPLIER, 30, 30)),
        (e.PaymentMade, AGREEMENT, (0, SUPPLIER, e.ZERO_ADDRESS, 1, basis, parts(30))),
    )
    tale.at = 9
    tale.say(e.MilestoneChanged, 0, 100, 5, OTHER)
    row = one(tale, m.Milestone, AGREEMENT, 0)
    # The date stays, and so does the moment from which the clocks count for it.
    assert (row.payee, row.owed, row.due_at, row.agreed_at) == (OTHER, 0, 5, 0)
    tale.say(e.MilestoneChanged, 0, 80, 6, NONE)
    row = one(tale, m.Milestone, AGREEMENT, 0)
    assert (row.payee, row.owed, row.due_at, row.agreed_at) == (SUPPLIER, 30, 6, 9)
    assert agreement(tale).scheduled == 80


# --- amendments, guarantees, decisions ---


def test_what_is_proposed_may_be_anything(tale: Tale) -> None:
    tale.begin(milestone(100))
    largest, unknown = 2**128 - 1, "0x" + "99" * 32
    change = e.MilestoneChange(2**256 - 1, largest, 2**64 - 1, unknown, True)
    terms = e.Amendment(
        largest, 0, 2**64 - 1, (change,), (milestone(largest, 2**64 - 1),), PAPER, PAPER, NONE, 1
    )
    tale.say(e.AmendmentProposed, 1, SUPPLIER, terms)
    row = one(tale, m.Amendment, AGREEMENT, 1)
    assert (row.increase, row.ends_at, row.milestones, row.changes) == (largest, LAST_MOMENT, 1, 1)
    changed = one(tale, m.AmendmentChange, AGREEMENT, 1, 0)
    assert (changed.milestone, changed.payee, changed.due_at) == (None, unknown, LAST_MOMENT)
    assert agreement(tale).scheduled == 100


def test_a_guarantee_for_ever_and_a_call_without_one(tale: Tale) -> None:
    tale.begin(milestone(100))
    tale.say(e.GuaranteeCalled, e.GuaranteeKind.ADVANCE, 5, PAPER)
    tale.say(e.GuaranteeRecorded, e.GuaranteeKind.PERFORMANCE, 5, 2**40 - 1, PAPER)
    row = one(tale, m.Guarantee)
    assert (row.expires_at, row.called_at, row.number) == (LAST_MOMENT, None, 1)


def test_the_same_decision_again_is_another_round(tale: Tale) -> None:
    tale.begin(milestone(100))
    suspend = f"0x{contract('Agreement').selector('suspend').hex()}"
    for by, approvals in ((MEMBER, 1), (OTHER, 2), (OTHER, 1)):
        tale.at += 1
        tale.say(e.DecisionApproved, PAPER, by, suspend, approvals, 2)
    tale.say(e.DecisionApproved, PAPER[::-1].replace("x0", "0x"), MEMBER, "0xdeadbeef", 1, 2)
    with tale.database.reading() as session:
        order = (m.Decision.made_block, m.Decision.round)
        found = session.scalars(select(m.Decision).order_by(*order)).all()
        votes = session.scalars(select(m.DecisionVote).order_by(m.DecisionVote.made_block)).all()
    assert [(d.round, d.act, d.approvals, d.opened_at, d.decided_at) for d in found] == [
        (1, "suspend", 2, 1, 2),
        (2, "suspend", 1, 3, None),
        (1, "0xdeadbeef", 1, 3, None),
    ]
    assert [(v.round, v.participant) for v in votes[:3]] == [(1, MEMBER), (1, OTHER), (2, OTHER)]


def test_an_end_by_agreement_needs_the_supplier_whenever_it_votes(tale: Tale) -> None:
    tale.begin(milestone(100))
    act = f"0x{contract('Agreement').selector('terminateByAgreement').hex()}"
    tale.say(e.DecisionApproved, PAPER, MEMBER, act, 1, 1)
    assert one(tale, m.Decision).decided_at is None
    tale.say(e.DecisionApproved, PAPER, SUPPLIER, act, 1, 1)
    row = one(tale, m.Decision)
    assert (row.round, row.approvals, row.decided_at) == (1, 1, 0)
