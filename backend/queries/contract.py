"""One contract with everything that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, AgreementOffice
from backend.queries.amendments import AmendmentRow, amendments_of
from backend.queries.budget import BudgetLineRow, budget_line
from backend.queries.conflicts import DisputeRow, StopRow, disputes_of, stops_of
from backend.queries.contracts import ContractSummary, find_agreement, summaries
from backend.queries.documents import document_content
from backend.queries.endings import (
    DecisionRow,
    FinalAccountRow,
    GuaranteeRow,
    NoticeRow,
    Termination,
    decisions_of,
    final_account_of,
    guarantees_of,
    notices_of,
    termination_of,
)
from backend.queries.filters import first_late
from backend.queries.milestones import MilestoneRow, milestones_of
from backend.queries.payments import (
    ClaimRow,
    InterestPaymentRow,
    PaymentRow,
    claims_of,
    interest_payments_of,
    payments_of,
)
from backend.queries.terms import ConditionsRow, conditions_of
from backend.queries.values import (
    Currency,
    Money,
    Party,
    currencies,
    known_party,
    parties,
    when_known,
)


@dataclass(frozen=True, slots=True)
class ContractMoney:
    """What the contract holds and for what, and what else became of its money.

    `held` is all that the agreement holds but claims: what is not accepted or advanced yet, what is
    `retained`, and the `damages` withheld for delay. `advance_outstanding` is what of the advance
    is not recovered, `damages_carried` what of the damages could not be withheld yet. These are
    zero once it is closed. `taxes` and `direct` are what of all payments is for collectors and
    subcontractors; `cancelled` is the sum of what was scheduled and given up, `released` what the
    budget line got back. Interest is paid beside the agreement's money.
    """

    held: Money
    advance_paid: Money
    advance_outstanding: Money
    retained: Money
    damages: Money
    damages_carried: Money
    taxes: Money
    direct: Money
    cancelled: Money
    released: Money
    interest_accrued: Money
    interest_paid: Money
    interest_owed: Money


@dataclass(frozen=True, slots=True)
class ContractDetail:
    """A contract; `document` is the hash and `content` the JSON of its title and description.

    `supplier_signed_at` is when the supplier signed the agreement on the chain.
    """

    summary: ContractSummary
    treasury: Party
    arbiter: Party | None
    committee: list[Party]
    inspectors: list[Party]
    created_by: Party
    quorum: int
    budget_line: BudgetLineRow
    conditions: ConditionsRow
    original_ends_at: datetime | None
    supplier_signed_at: datetime | None
    activated_at: datetime | None
    completed_at: datetime | None
    defects_end_at: datetime | None
    termination: Termination | None
    money: ContractMoney
    document: str | None
    content: dict[str, Any]
    milestones: list[MilestoneRow]
    payments: list[PaymentRow]
    claims: list[ClaimRow]
    interest_payments: list[InterestPaymentRow]
    guarantees: list[GuaranteeRow]
    amendments: list[AmendmentRow]
    disputes: list[DisputeRow]
    stops: list[StopRow]
    notices: list[NoticeRow]
    decisions: list[DecisionRow]
    final_account: FinalAccountRow | None


def contract(session: Session, name: str, now: datetime) -> ContractDetail:
    """The contract with this number or address; raises `NotFoundError`."""
    return _detail(session, find_agreement(session, name), now)


def _detail(session: Session, row: Agreement, now: datetime) -> ContractDetail:
    late = session.scalar(select(first_late).select_from(Agreement).where(_is(row)))
    offices = _offices(session, row)
    ids = [row.treasury, row.created_by, *(participant for _, participant in offices)]
    people = parties(session, [*ids, row.arbiter] if row.arbiter else ids)
    currency, address = currencies(session)[row.token], row.address
    line = budget_line(session, row.budget_line)
    assert line is not None  # noqa: S101
    return ContractDetail(
        summary=summaries(session, [(row, late)], now)[0],
        treasury=people[row.treasury],
        arbiter=known_party(people, row.arbiter),
        committee=[people[who] for duty, who in offices if duty == "committee"],
        inspectors=[people[who] for duty, who in offices if duty == "inspector"],
        created_by=people[row.created_by],
        quorum=row.quorum,
        budget_line=line,
        conditions=conditions_of(session, {address: currency})[address],
        original_ends_at=when_known(row.original_ends_at),
        supplier_signed_at=when_known(row.supplier_signed_at),
        activated_at=when_known(row.activated_at),
        completed_at=when_known(row.completed_at),
        defects_end_at=when_known(row.defects_end_at),
        termination=termination_of(row),
        money=_money(row, currency),
        document=row.document,
        content=document_content(session, row.document),
        milestones=milestones_of(session, address, now),
        payments=payments_of(session, address),
        claims=claims_of(session, address, currency),
        interest_payments=interest_payments_of(session, address, currency),
        guarantees=guarantees_of(session, address, currency, now),
        amendments=amendments_of(session, row, currency, now),
        disputes=disputes_of(session, address, currency),
        stops=stops_of(session, address, now),
        notices=notices_of(session, address),
        decisions=decisions_of(session, address),
        final_account=final_account_of(session, address, currency),
    )


def _money(row: Agreement, currency: Currency) -> ContractMoney:
    money = currency.money
    return ContractMoney(
        held=money(row.funded - row.paid - row.owed - row.refunded),
        advance_paid=money(row.advance_paid),
        advance_outstanding=money(row.advance_outstanding),
        retained=money(row.retained),
        damages=money(row.damages),
        damages_carried=money(row.damages_carried),
        taxes=money(row.taxes),
        direct=money(row.direct),
        cancelled=money(row.cancelled),
        released=money(row.released),
        interest_accrued=money(row.interest_accrued),
        interest_paid=money(row.interest_paid),
        interest_owed=money(row.interest_owed),
    )


def _is(row: Agreement) -> Any:
    return Agreement.address == row.address


def _offices(session: Session, row: Agreement) -> list[tuple[str, str]]:
    statement = (
        select(AgreementOffice.duty, AgreementOffice.participant)
        .where(AgreementOffice.agreement == row.address)
        .order_by(AgreementOffice.duty, AgreementOffice.position)
    )
    return [(duty, who) for duty, who in session.execute(statement)]
