"""Disputes over milestones, and what stops a contract for a time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import Dispute, SettlementOffer, Stop
from backend.queries.values import (
    Currency,
    Money,
    Party,
    Source,
    changed_by,
    known_party,
    made_by,
    parties,
    reason,
    seconds,
    when,
    when_known,
)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """What a side offered; `by` completed the quorum where the side is "committee"."""

    side: str
    by: Party
    amount: Money
    offered_at: datetime
    source: Source


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute over `disputed`, of which the supplier gets `amount`, and `rest` is given up.

    `status` is "open", "settled", "ruled", "defaulted" (nobody ruled in time) or "dropped" (the
    contract ended). `side` is that of who opened it.
    """

    milestone: int
    status: str
    side: str
    opened_by: Party
    opened_at: datetime
    disputed: Money
    reason: str | None
    document: str | None
    offers: list[OfferRow]
    ended_at: datetime | None
    ruled_by: Party | None
    amount: Money | None
    rest: Money | None
    ruling_reason: str | None
    ruling_document: str | None
    source: Source
    changed: Source


@dataclass(frozen=True, slots=True)
class StopRow:
    """A hold or a suspension, from `placed_at` to `until`; all clocks stand still meanwhile.

    A hold stops payments besides. `planned_until` is what was set last, `ended_at` an earlier end.
    `by` and `ended_by` are None for a suspension, which the committee decides on.
    """

    kind: str
    in_force: bool
    by: Party | None
    placed_at: datetime
    planned_until: datetime
    until: datetime
    reason: str | None
    document: str | None
    extended_at: datetime | None
    extended_by: Party | None
    extension_reason: str | None
    extension_document: str | None
    ended_at: datetime | None
    ended_by: Party | None
    source: Source
    changed: Source


def disputes_of(session: Session, agreement: str, currency: Currency) -> list[DisputeRow]:
    """All disputes of an agreement, in the order in which they were opened."""
    statement = select(Dispute).where(Dispute.agreement == agreement)
    place = (Dispute.made_block, Dispute.made_log_index)
    rows = session.scalars(statement.order_by(*place)).all()
    if not rows:
        return []
    offers = _offers(session, agreement)
    ids = [who for row in rows for who in (row.opened_by, row.ruled_by) if who]
    ids += [each.by for some in offers.values() for each in some]
    people = parties(session, ids)
    return [_dispute(row, offers[row.milestone], people, currency) for row in rows]


def stops_of(session: Session, agreement: str, now: datetime) -> list[StopRow]:
    """All holds and suspensions of an agreement, in order."""
    statement = select(Stop).where(Stop.agreement == agreement).order_by(Stop.number)
    rows = session.scalars(statement).all()
    ids = [who for row in rows for who in (row.by, row.extended_by, row.ended_by) if who]
    people = parties(session, ids)
    return [_stop(row, people, seconds(now)) for row in rows]


def _offers(session: Session, agreement: str) -> dict[int, list[SettlementOffer]]:
    model = SettlementOffer
    statement = select(model).where(model.agreement == agreement).order_by(model.position)
    found: dict[int, list[SettlementOffer]] = defaultdict(list)
    for row in session.scalars(statement):
        found[row.milestone].append(row)
    return found


def _dispute(
    row: Dispute, offers: list[SettlementOffer], people: dict[str, Party], currency: Currency
) -> DisputeRow:
    return DisputeRow(
        milestone=row.milestone,
        status=row.status,
        side=row.side,
        opened_by=people[row.opened_by],
        opened_at=when(row.opened_at),
        disputed=currency.money(row.disputed),
        reason=reason(row.reason),
        document=row.document,
        offers=[_offer(each, people, currency) for each in offers],
        ended_at=when_known(row.ended_at),
        ruled_by=known_party(people, row.ruled_by),
        amount=currency.money_known(row.amount),
        rest=currency.money_known(row.rest),
        ruling_reason=reason(row.ruling_reason),
        ruling_document=row.ruling_document,
        source=made_by(row),
        changed=changed_by(row),
    )


def _offer(row: SettlementOffer, people: dict[str, Party], currency: Currency) -> OfferRow:
    return OfferRow(
        side=row.side,
        by=people[row.by],
        amount=currency.money(row.amount),
        offered_at=when(row.offered_at),
        source=made_by(row),
    )


def _stop(row: Stop, people: dict[str, Party], now: int) -> StopRow:
    return StopRow(
        kind=row.kind,
        in_force=row.placed_at <= now < row.until,
        by=known_party(people, row.by),
        placed_at=when(row.placed_at),
        planned_until=when(row.planned_until),
        until=when(row.until),
        reason=reason(row.reason),
        document=row.document,
        extended_at=when_known(row.extended_at),
        extended_by=known_party(people, row.extended_by),
        extension_reason=reason(row.extension_reason),
        extension_document=row.extension_document,
        ended_at=when_known(row.ended_at),
        ended_by=known_party(people, row.ended_by),
        source=made_by(row),
        changed=changed_by(row),
    )
