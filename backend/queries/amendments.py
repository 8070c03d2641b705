"""Amendments of a contract: what each changes, who signed it, what came of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, Amendment, AmendmentChange, AmendmentSignature
from backend.queries.values import (
    Currency,
    Money,
    Party,
    Source,
    changed_by,
    made_by,
    parties,
    reason,
    seconds,
    when,
    when_known,
)


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """Who signed, on which side: "supplier", "committee" or "authority"."""

    by: Party
    side: str
    signed_at: datetime
    source: Source


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A milestone as an amendment wants it; `payee` is None for the supplier."""

    milestone: int | None
    amount: Money
    due_at: datetime | None
    payee: Party | None
    removed: bool


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """A change of the contract.

    `status` is "proposed", "enacted", "void" (another took effect since, or the work has ended) or
    "expired". `milestones` is how many it adds. `legal_ground` is named where the value rises above
    the cap; `cumulative_increase` is by how much the value then exceeded the original one.
    """

    number: int
    status: str
    increase: Money
    decrease: Money
    ends_at: datetime | None
    milestones: int
    changes: list[ChangeRow]
    reason: str | None
    legal_ground: str | None
    document: str | None
    valid_until: datetime | None
    proposed_by: Party
    proposed_at: datetime
    signatures: list[SignatureRow]
    enacted_at: datetime | None
    previous_value: Money | None
    value: Money | None
    cumulative_increase: Money | None
    source: Source
    changed: Source


def amendments_of(
    session: Session, agreement: Agreement, currency: Currency, now: datetime
) -> list[AmendmentRow]:
    """All amendments of an agreement, in order."""
    statement = select(Amendment).where(Amendment.agreement == agreement.address)
    rows = session.scalars(statement.order_by(Amendment.number)).all()
    if not rows:
        return []
    signatures, changes = _signatures(session, agreement), _changes(session, agreement)
    ids = [row.proposed_by for row in rows]
    ids += [each.participant for some in signatures.values() for each in some]
    ids += [each.payee for some in changes.values() for each in some if each.payee]
    people = parties(session, ids)
    return [
        AmendmentRow(
            number=row.number,
            status=_status(row, agreement, now),
            increase=currency.money(row.increase),
            decrease=currency.money(row.decrease),
            ends_at=when_known(row.ends_at),
            milestones=row.milestones,
            changes=[_change(each, people, currency) for each in changes[row.number]],
            reason=reason(row.reason),
            legal_ground=reason(row.legal_ground),
            document=row.document,
            valid_until=when_known(row.valid_until),
            proposed_by=people[row.proposed_by],
            proposed_at=when(row.proposed_at),
            signatures=[_signature(each, people) for each in signatures[row.number]],
            enacted_at=when_known(row.enacted_at),
            previous_value=currency.money_known(row.previous_value),
            value=currency.money_known(row.value),
            cumulative_increase=currency.money_known(row.cumulative_increase),
            source=made_by(row),
            changed=changed_by(row),
        )
        for row in rows
    ]


def _status(row: Amendment, agreement: Agreement, now: datetime) -> str:
    if row.status != "proposed":
        return row.status
    if agreement.status != "active":
        return "void"
    expired = row.valid_until is not None and row.valid_until < seconds(now)
    return "expired" if expired else "proposed"


def _signatures(session: Session, agreement: Agreement) -> dict[int, list[AmendmentSignature]]:
    model = AmendmentSignature
    statement = select(model).where(model.agreement == agreement.address)
    found: dict[int, list[AmendmentSignature]] = defaultdict(list)
    for row in session.scalars(statement.order_by(model.made_block, model.made_log_index)):
        found[row.amendment].append(row)
    return found


def _changes(session: Session, agreement: Agreement) -> dict[int, list[AmendmentChange]]:
    model = AmendmentChange
    statement = select(model).where(model.agreement == agreement.address)
    found: dict[int, list[AmendmentChange]] = defaultdict(list)
    for row in session.scalars(statement.order_by(model.position)):
        found[row.amendment].append(row)
    return found


def _signature(row: AmendmentSignature, people: dict[str, Party]) -> SignatureRow:
    return SignatureRow(people[row.participant], row.side, when(row.signed_at), made_by(row))


def _change(row: AmendmentChange, people: dict[str, Party], currency: Currency) -> ChangeRow:
    return ChangeRow(
        milestone=row.milestone,
        amount=currency.money(row.amount),
        due_at=when_known(row.due_at),
        payee=people.get(row.payee or ""),
        removed=row.removed,
    )
