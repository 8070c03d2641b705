"""Amendments of a contract: what each changes, who signed it, what came of it."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter

from backend.db.models import Agreement, Amendment, AmendmentChange, AmendmentSignature
from backend.queries.gathering import Found, by_key
from backend.queries.values import (
    Currency,
    Money,
    Party,
    Row,
    Source,
    changed_by,
    made_by,
    reason,
    seconds,
    when,
    when_known,
)


class SignatureRow(Row, frozen=True):
    """Who signed, on which side: "supplier", "committee" or "authority"."""

    by: Party
    side: str
    signed_at: datetime
    source: Source


class ChangeRow(Row, frozen=True):
    """A milestone as an amendment wants it; `payee` is None for the supplier."""

    milestone: int | None
    amount: Money
    due_at: datetime | None
    payee: Party | None
    removed: bool


class AmendmentRow(Row, frozen=True):
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
    found: Found, people: dict[str, Party], currency: Currency, now: datetime
) -> list[AmendmentRow]:
    """All amendments of an agreement, in order."""
    rows, agreement = found.all(Amendment), found.one(Agreement)
    signatures = by_key(found.all(AmendmentSignature), attrgetter("amendment"))
    changes = by_key(found.all(AmendmentChange), attrgetter("amendment"))
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
