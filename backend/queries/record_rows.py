"""The SELECTs of `records`: what belongs to many contracts, read in bulk."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import (
    Amendment,
    Deduction,
    Document,
    Guarantee,
    Milestone,
    Participant,
    Payment,
)


def milestones_of(session: Session, addresses: list[str]) -> dict[str, list[Any]]:
    """Milestones by agreement, in order."""
    columns = (
        Milestone.agreement,
        Milestone.number,
        Milestone.title,
        Milestone.source_id,
        Milestone.source_date,
        Milestone.status,
        Milestone.amount,
        Milestone.accepted,
        Milestone.due_at,
        Milestone.accepted_at,
    )
    statement = select(*columns).where(Milestone.agreement.in_(addresses))
    ordered = statement.order_by(Milestone.agreement, Milestone.number)
    return _by_agreement(session.execute(ordered))


def payments_of(session: Session, addresses: list[str]) -> dict[str, list[Any]]:
    """Payments by agreement, in the order of the chain."""
    columns = (
        Payment.agreement,
        Payment.number,
        Payment.milestone,
        Payment.payee,
        Payment.basis,
        Payment.gross,
        Payment.advance,
        Payment.retention,
        Payment.damages,
        Payment.carried,
        Payment.late_days,
        Payment.net,
        Payment.paid_at,
        Payment.changed_block,
        Payment.changed_transaction,
        Payment.changed_log_index,
    )
    statement = select(*columns).where(Payment.agreement.in_(addresses))
    return _by_agreement(session.execute(statement.order_by(Payment.number)))


def deductions_of(session: Session, addresses: list[str]) -> dict[int, list[Any]]:
    """Deductions by the number of their payment, in order."""
    columns = (
        Deduction.payment,
        Deduction.position,
        Deduction.part,
        Deduction.recipient,
        Deduction.amount,
        Deduction.paid_at,
        Deduction.changed_block,
        Deduction.changed_transaction,
        Deduction.changed_log_index,
    )
    statement = select(*columns).where(Deduction.agreement.in_(addresses))
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(statement.order_by(Deduction.payment, Deduction.position)):
        found[row.payment].append(row)
    return found


def guarantees_of(session: Session, addresses: list[str]) -> dict[str, list[Any]]:
    """Guarantees by agreement, in the order in which they were recorded."""
    columns = (
        Guarantee.agreement,
        Guarantee.number,
        Guarantee.kind,
        Guarantee.amount,
        Guarantee.recorded_at,
        Guarantee.expires_at,
    )
    statement = select(*columns).where(Guarantee.agreement.in_(addresses))
    return _by_agreement(session.execute(statement.order_by(Guarantee.agreement, Guarantee.number)))


def amendments_of(session: Session, addresses: list[str]) -> dict[str, list[Any]]:
    """Amendments in force by agreement, in the order in which they took effect."""
    columns = (
        Amendment.agreement,
        Amendment.number,
        Amendment.enacted_at,
        Amendment.reason,
        Amendment.legal_ground,
        Amendment.document,
        Amendment.previous_value,
        Amendment.value,
        Amendment.ends_at,
        Amendment.milestones,
        Amendment.changes,
    )
    enacted = (Amendment.agreement.in_(addresses), Amendment.status == "enacted")
    place = (Amendment.changed_block, Amendment.changed_log_index)
    statement = select(*columns).where(*enacted).order_by(*place)
    return _by_agreement(session.execute(statement))


def _by_agreement(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.agreement].append(row)
    return found


def payers_of(session: Session, treasuries: set[str]) -> dict[str, str]:
    """The legal person of each treasury: an office pays in the name of its organization."""
    columns = (Participant.id, Participant.organization)
    rows = session.execute(select(*columns).where(Participant.id.in_(sorted(treasuries))))
    return {treasury: organization or treasury for treasury, organization in rows}


def contents_of(session: Session, rows: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """The JSON documents of `rows` that are there, by hash."""
    wanted = sorted({row.document for row in rows if row.document is not None})
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        columns = (Document.hash, Document.text)
        for digest, text in session.execute(select(*columns).where(Document.hash.in_(chunk))):
            found[digest] = json.loads(text) if text else {}
    return found
