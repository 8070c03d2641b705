"""Disputes over milestones, and what stops a contract for a time."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter

from backend.db.models import Dispute, SettlementOffer, Stop
from backend.queries.gathering import Found, by_key
from backend.queries.values import (
    Currency,
    Money,
    Party,
    Row,
    Source,
    changed_by,
    known_party,
    made_by,
    reason,
    seconds,
    when,
    when_known,
)


class OfferRow(Row, frozen=True):
    """What a side offered; `by` completed the quorum where the side is "committee"."""

    side: str
    by: Party
    amount: Money
    offered_at: datetime
    source: Source


class DisputeRow(Row, frozen=True):
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


class StopRow(Row, frozen=True):
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


def disputes_of(found: Found, people: dict[str, Party], currency: Currency) -> list[DisputeRow]:
    """All disputes of an agreement, in the order in which they were opened."""
    offers = by_key(found.all(SettlementOffer), attrgetter("milestone"))
    return [_dispute(row, offers[row.milestone], people, currency) for row in found.all(Dispute)]


def stops_of(found: Found, people: dict[str, Party], now: datetime) -> list[StopRow]:
    """All holds and suspensions of an agreement, in order."""
    at = seconds(now)
    return [_stop(row, people, at) for row in found.all(Stop)]


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
