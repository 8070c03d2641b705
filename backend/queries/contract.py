"""One contract with everything that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, AgreementOffice, Amendment
from backend.queries.budget import BudgetLineRow, budget_line
from backend.queries.contracts import ContractSummary, find_agreement, summaries
from backend.queries.documents import document_content
from backend.queries.filters import next_due
from backend.queries.milestones import MilestoneRow, milestones_of
from backend.queries.payments import PaymentRow, payments_of
from backend.queries.values import (
    Currency,
    Money,
    Party,
    Source,
    changed_by,
    currencies,
    made_by,
    parties,
    reason,
    when,
    when_known,
)


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """A change of the contract; `status` is "proposed", "signed" or "replaced"."""

    number: int
    status: str
    increase: Money
    ends_at: datetime | None
    milestones: int
    reason: str | None
    document: str | None
    proposed_by: Party
    proposed_at: datetime
    signed_by: Party | None
    signed_at: datetime | None
    previous_value: Money | None
    value: Money | None
    source: Source
    changed: Source


@dataclass(frozen=True, slots=True)
class ContractDetail:
    """A contract; `document` is the hash and `content` the JSON of its title and description.

    `held` is what the agreement holds for work that is not accepted yet; `cancelled` is the sum
    of the milestones that its closure cancelled; `released` is what the budget line got back.
    """

    summary: ContractSummary
    treasury: Party
    committee: list[Party]
    inspectors: list[Party]
    created_by: Party
    quorum: int
    budget_line: BudgetLineRow
    original_ends_at: datetime | None
    activated_at: datetime | None
    close_reason: str | None
    close_document: str | None
    held: Money
    cancelled: Money
    released: Money
    document: str | None
    content: dict[str, Any]
    milestones: list[MilestoneRow]
    payments: list[PaymentRow]
    amendments: list[AmendmentRow]


def contract(session: Session, name: str, now: datetime) -> ContractDetail:
    """The contract with this number or address; raises `NotFoundError`."""
    return _detail(session, find_agreement(session, name), now)


def _detail(session: Session, row: Agreement, now: datetime) -> ContractDetail:
    due = session.scalar(select(next_due).select_from(Agreement).where(_is(row)))
    offices = _offices(session, row)
    ids = [row.treasury, row.created_by, *(participant for _, participant in offices)]
    people = parties(session, ids)
    currency = currencies(session)[row.token]
    line = budget_line(session, row.budget_line)
    assert line is not None  # noqa: S101
    return ContractDetail(
        summary=summaries(session, [(row, due)], now)[0],
        treasury=people[row.treasury],
        committee=[people[who] for duty, who in offices if duty == "committee"],
        inspectors=[people[who] for duty, who in offices if duty == "inspector"],
        created_by=people[row.created_by],
        quorum=row.quorum,
        budget_line=line,
        original_ends_at=when_known(row.original_ends_at),
        activated_at=when_known(row.activated_at),
        close_reason=reason(row.close_reason),
        close_document=row.close_document,
        held=currency.money(row.funded - row.paid - row.owed - row.refunded),
        cancelled=currency.money(row.cancelled),
        released=currency.money(row.released),
        document=row.document,
        content=document_content(session, row.document),
        milestones=milestones_of(session, row.address, now),
        payments=payments_of(session, row.address),
        amendments=_amendments(session, row.address, currency),
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


def _amendments(session: Session, agreement: str, currency: Currency) -> list[AmendmentRow]:
    statement = select(Amendment).where(Amendment.agreement == agreement)
    rows = session.scalars(statement.order_by(Amendment.number)).all()
    people = parties(session, [i for r in rows for i in (r.proposed_by, r.signed_by) if i])
    return [
        AmendmentRow(
            number=row.number,
            status=row.status,
            increase=currency.money(row.increase),
            ends_at=when_known(row.ends_at),
            milestones=row.milestones,
            reason=reason(row.reason),
            document=row.document,
            proposed_by=people[row.proposed_by],
            proposed_at=when(row.proposed_at),
            signed_by=people.get(row.signed_by or ""),
            signed_at=when_known(row.signed_at),
            previous_value=_known(currency, row.previous_value),
            value=_known(currency, row.value),
            source=made_by(row),
            changed=changed_by(row),
        )
        for row in rows
    ]


def _known(currency: Currency, minor: int | None) -> Money | None:
    return None if minor is None else currency.money(minor)
