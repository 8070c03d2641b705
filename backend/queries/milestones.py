"""Milestones: those of one contract, and those that wait for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, AgreementOffice, Milestone
from backend.queries.contracts import ContractReference, days_late, reference
from backend.queries.filters import is_open
from backend.queries.values import (
    Money,
    Party,
    Source,
    changed_by,
    currencies,
    made_by,
    parties,
    reason,
    seconds,
    when,
    when_known,
)

Actor = Literal["treasury", "supplier", "inspector", "committee", "payee"]


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone as it stands; `number` is its index in the contract, from 0.

    `attempt` counts submissions, `approvals` and `disapprovals` the votes on the latest,
    `rejections` how often it was rejected. `waits_for` says who must act next, None when nobody
    must. `days_late` is 0 when it is not late. Hashes of documents are 0x-hex.
    """

    contract: ContractReference
    number: int
    title: str | None
    source_id: str | None
    source_date: str | None
    amount: Money
    payee: Party
    status: str
    due_at: datetime | None
    days_late: int
    waits_for: Actor | None
    amendment: int | None
    attempt: int
    approvals: int
    quorum: int
    disapprovals: int
    rejections: int
    scheduled_at: datetime
    submitted_at: datetime | None
    evidence: str | None
    attested_at: datetime | None
    attested_by: Party | None
    seen_at: datetime | None
    report: str | None
    rejected_at: datetime | None
    reject_reason: str | None
    reject_document: str | None
    accepted_at: datetime | None
    paid_at: datetime | None
    cancelled_at: datetime | None
    document: str | None
    source: Source
    changed: Source


def milestones_of(session: Session, agreement: str, now: datetime) -> list[MilestoneRow]:
    """All milestones of an agreement, in order."""
    return _select(session, now, Milestone.agreement == agreement, order=Milestone.number)


def late_milestones(session: Session, now: datetime, limit: int = 10) -> list[MilestoneRow]:
    """The open milestones whose due date has passed, the latest ones first."""
    condition = Milestone.due_at < seconds(now)
    return _select(session, now, is_open, condition, order=Milestone.due_at, limit=limit)


def waiting_for(
    session: Session, actor: Actor, now: datetime, limit: int = 10
) -> list[MilestoneRow]:
    """The milestones that wait for an actor, those that wait longest first."""
    changed = Milestone.changed_block
    return _select(session, now, *_waits_for(actor), order=changed, limit=limit)


def count_waiting(session: Session, actor: Actor) -> int:
    """How many milestones wait for an actor."""
    statement = select(func.count()).select_from(Milestone).join(Agreement)
    return session.scalar(statement.where(*_waits_for(actor))) or 0


_inspected = exists().where(
    AgreementOffice.agreement == Agreement.address, AgreementOffice.duty == "inspector"
)


def _waits_for(actor: Actor) -> list[ColumnElement[bool]]:
    active = Agreement.status == "active"
    conditions: dict[Actor, list[ColumnElement[bool]]] = {
        "treasury": [is_open, Agreement.status == "signed"],
        "supplier": [active, Milestone.status.in_(("scheduled", "rejected"))],
        "inspector": [active, Milestone.status == "submitted", _inspected],
        "committee": [
            active,
            (Milestone.status == "inspected") | ((Milestone.status == "submitted") & ~_inspected),
        ],
        "payee": [Milestone.status == "owed"],
    }
    return conditions[actor]


def _select(
    session: Session,
    now: datetime,
    *conditions: ColumnElement[bool],
    order: Any,
    limit: int | None = None,
) -> list[MilestoneRow]:
    statement = (
        select(Milestone, Agreement, _inspected)
        .join(Agreement, Agreement.address == Milestone.agreement)
        .where(*conditions)
        .order_by(order, Agreement.number, Milestone.number)
        .limit(limit)
    )
    rows = session.execute(statement).all()
    codes = currencies(session)
    ids = [i for row in rows for i in (row[0].payee, row[0].attested_by) if i is not None]
    people = parties(session, ids)
    return [_milestone(row, people, codes[row[1].token].money, now) for row in rows]


def _actor(milestone: Milestone, agreement: Agreement, inspected: bool) -> Actor | None:
    if milestone.status == "owed":
        return "payee"
    if milestone.status in {"paid", "cancelled"}:
        return None
    if agreement.status == "signed":
        return "treasury"
    if milestone.status in {"scheduled", "rejected"}:
        return "supplier"
    return "inspector" if milestone.status == "submitted" and inspected else "committee"


def _milestone(
    joined: Sequence[Any], people: dict[str, Party], money: Any, now: datetime
) -> MilestoneRow:
    row, agreement, inspected = joined
    done = row.status in {"paid", "owed", "cancelled"}
    return MilestoneRow(
        contract=reference(agreement),
        number=row.number,
        title=row.title,
        source_id=row.source_id,
        source_date=row.source_date,
        amount=money(row.amount),
        payee=people[row.payee],
        status=row.status,
        due_at=when_known(row.due_at),
        days_late=0 if done else days_late(row.due_at, now),
        waits_for=_actor(row, agreement, inspected),
        amendment=row.amendment,
        attempt=row.attempt,
        approvals=row.approvals,
        quorum=agreement.quorum,
        disapprovals=row.disapprovals,
        rejections=row.rejections,
        scheduled_at=when(row.scheduled_at),
        submitted_at=when_known(row.submitted_at),
        evidence=row.evidence,
        attested_at=when_known(row.attested_at),
        attested_by=people.get(row.attested_by or ""),
        seen_at=when_known(row.seen_at),
        report=row.report,
        rejected_at=when_known(row.rejected_at),
        reject_reason=reason(row.reject_reason),
        reject_document=row.reject_document,
        accepted_at=when_known(row.accepted_at),
        paid_at=when_known(row.paid_at),
        cancelled_at=when_known(row.cancelled_at),
        document=row.document,
        source=made_by(row),
        changed=changed_by(row),
    )
