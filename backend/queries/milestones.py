"""Milestones: those of one contract, and those that wait for somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from backend.db.models import OPEN_STATUSES, Agreement, AgreementOffice, Milestone
from backend.queries.contracts import ContractReference, days_late, deadline, reference
from backend.queries.filters import is_overdue
from backend.queries.gathering import Found
from backend.queries.values import (
    Currency,
    Money,
    Party,
    Row,
    Source,
    changed_by,
    currencies,
    made_by,
    parties,
    reason,
    when,
    when_known,
)

Actor = Literal["treasury", "supplier", "inspector", "committee", "arbiter", "payee"]


class MilestoneRow(Row, frozen=True):
    """A milestone as it stands; `number` is its index in the contract, from 0.

    `accepted` is what of `amount` is accepted, `cancelled` what was given up, `owed` what its payee
    can claim for it. `due_at` is the date as amended; `deadline_at` has all holds and suspensions
    added, and is None where no submission is awaited. `days_late` counts from the deadline to now
    or, once it was submitted, to its latest submission; it is 0 when it is not late, or done.
    `attempt` counts submissions, `approvals` and `disapprovals` the votes on the latest,
    `rejections` how often it was rejected. `waits_for` says who must act next, None when nobody
    must. Hashes of documents are 0x-hex.
    """

    contract: ContractReference
    number: int
    title: str | None
    source_id: str | None
    source_date: str | None
    amount: Money
    original_amount: Money
    accepted: Money
    cancelled: Money
    owed: Money
    payee: Party
    status: str
    due_at: datetime | None
    original_due_at: datetime | None
    deadline_at: datetime | None
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
    part_accepted_at: datetime | None
    part_reason: str | None
    part_document: str | None
    accepted_at: datetime | None
    paid_at: datetime | None
    cancelled_at: datetime | None
    document: str | None
    source: Source
    changed: Source


def milestones_of(
    found: Found, people: dict[str, Party], currency: Currency, now: datetime
) -> list[MilestoneRow]:
    """All milestones of an agreement, in order."""
    agreement, money = found.one(Agreement), currency.money
    inspected = any(office.duty == "inspector" for office in found.all(AgreementOffice))
    contract = reference(agreement)
    return [
        _milestone(row, agreement, contract, inspected, people, money, now)
        for row in found.all(Milestone)
    ]


def late_milestones(session: Session, now: datetime, limit: int = 10) -> list[MilestoneRow]:
    """The milestones that are to be submitted and late, the latest ones first."""
    return _select(session, now, is_overdue(now), order=Milestone.late_after, limit=limit)


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


_TO_SUBMIT = ("scheduled", "rejected", "partly-accepted")

_inspected = exists().where(
    AgreementOffice.agreement == Agreement.address, AgreementOffice.duty == "inspector"
)


def _waits_for(actor: Actor) -> list[ColumnElement[bool]]:
    signed, status = Agreement.status == "signed", Milestone.status
    unsigned = signed & Agreement.supplier_signed_at.is_(None)
    open_ = status.in_(OPEN_STATUSES)
    to_submit = (Agreement.status == "active") & status.in_(_TO_SUBMIT)
    conditions: dict[Actor, list[ColumnElement[bool]]] = {
        "treasury": [signed, Agreement.supplier_signed_at.is_not(None), open_],
        "supplier": [unsigned | to_submit],
        "inspector": [status == "submitted", _inspected],
        "committee": [(status == "inspected") | ((status == "submitted") & ~_inspected)],
        "arbiter": [status == "disputed", Agreement.arbiter.is_not(None)],
        "payee": [status == "owed"],
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
    return [
        _milestone(
            row,
            agreement,
            reference(agreement),
            inspected,
            people,
            codes[agreement.token].money,
            now,
        )
        for row, agreement, inspected in rows
    ]


def _actor(milestone: Milestone, agreement: Agreement, inspected: bool) -> Actor | None:
    if milestone.status in {"paid", "cancelled"}:
        return None
    if agreement.status == "signed":
        return "treasury" if agreement.supplier_signed_at else "supplier"
    if milestone.status in _TO_SUBMIT:
        return "supplier" if agreement.status == "active" else None
    if milestone.status == "submitted":
        return "inspector" if inspected else "committee"
    actors: dict[str, Actor] = {"inspected": "committee", "owed": "payee"}
    if agreement.arbiter is not None:
        actors["disputed"] = "arbiter"
    return actors.get(milestone.status)


def _days_late(row: Milestone, agreement: Agreement, now: datetime) -> int:
    if row.status in {"submitted", "inspected", "disputed"}:
        return row.late_days
    return days_late(agreement, row.late_after, now)


def _milestone(
    row: Milestone,
    agreement: Agreement,
    contract: ContractReference,
    inspected: bool,
    people: dict[str, Party],
    money: Callable[[int], Money],
    now: datetime,
) -> MilestoneRow:
    return MilestoneRow(
        contract,
        row.number,
        row.title,
        row.source_id,
        row.source_date,
        money(row.amount),
        money(row.original_amount),
        money(row.accepted),
        money(row.cancelled),
        money(row.owed),
        people[row.payee],
        row.status,
        when_known(row.due_at),
        when_known(row.original_due_at),
        deadline(agreement, row.late_after),
        _days_late(row, agreement, now),
        _actor(row, agreement, inspected),
        row.amendment,
        row.attempt,
        row.approvals,
        agreement.quorum,
        row.disapprovals,
        row.rejections,
        when(row.scheduled_at),
        when_known(row.submitted_at),
        row.evidence,
        when_known(row.attested_at),
        people.get(row.attested_by or ""),
        when_known(row.seen_at),
        row.report,
        when_known(row.rejected_at),
        reason(row.reject_reason),
        row.reject_document,
        when_known(row.part_accepted_at),
        reason(row.part_reason),
        row.part_document,
        when_known(row.accepted_at),
        when_known(row.paid_at),
        when_known(row.cancelled_at),
        row.document,
        made_by(row),
        changed_by(row),
    )
