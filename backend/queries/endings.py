"""What secures a contract, what is decided about it, and how it ends."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter

from backend.db.models import (
    Agreement,
    Decision,
    DecisionVote,
    DefaultNotice,
    FinalAccount,
    Guarantee,
)
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


class GuaranteeRow(Row, frozen=True):
    """A guarantee of kind "performance", "advance" or "retention".

    `status` is "in-force", "expired", "replaced" (by a later one of its kind) or "called": then the
    guarantor is to pay `called`.
    """

    kind: str
    status: str
    amount: Money
    expires_at: datetime
    document: str | None
    recorded_at: datetime
    replaced_at: datetime | None
    called_at: datetime | None
    called: Money | None
    call_reason: str | None
    source: Source
    changed: Source


class VoteRow(Row, frozen=True):
    """Who voted for a decision, and when."""

    by: Party
    voted_at: datetime
    source: Source


class DecisionRow(Row, frozen=True):
    """A decision by quorum; `act` is the function's name, `decision` the hash of the call.

    `decided_at` is None while the quorum is not complete.
    """

    decision: str
    act: str
    approvals: int
    quorum: int
    opened_at: datetime
    decided_at: datetime | None
    votes: list[VoteRow]
    source: Source
    changed: Source


class NoticeRow(Row, frozen=True):
    """A notice of default; `cured_at` is when it was withdrawn."""

    noticed_at: datetime
    curable_until: datetime
    reason: str | None
    document: str | None
    cured_at: datetime | None
    cure_reason: str | None
    cure_document: str | None
    source: Source
    changed: Source


class Termination(Row, frozen=True):
    """Why a contract ended before its work was done: "convenience", "by-agreement", "default" or
    "lapse"; with the coded reason and the hash of the decision."""

    ground: str
    reason: str | None
    document: str | None
    terminated_at: datetime


class FinalAccountRow(Row, frozen=True):
    """What a contract came to when it was closed.

    `retention_released` went to the supplier, `retention_kept` and `damages` stayed with the buyer;
    what is unrecovered is for the guarantees. `refunded` is all that went back to the treasury,
    `released` what the budget line got back.
    """

    drawn_at: datetime
    accepted: Money
    cancelled: Money
    retention_released: Money
    retention_kept: Money
    damages: Money
    advance_unrecovered: Money
    damages_unrecovered: Money
    refunded: Money
    released: Money
    interest_owed: Money
    source: Source


def guarantees_of(found: Found, currency: Currency, now: datetime) -> list[GuaranteeRow]:
    """All guarantees of an agreement, in the order in which they were recorded."""
    return [
        GuaranteeRow(
            kind=row.kind,
            status=_status(row, seconds(now)),
            amount=currency.money(row.amount),
            expires_at=when(row.expires_at),
            document=row.document,
            recorded_at=when(row.recorded_at),
            replaced_at=when_known(row.replaced_at),
            called_at=when_known(row.called_at),
            called=currency.money_known(row.called),
            call_reason=reason(row.call_reason),
            source=made_by(row),
            changed=changed_by(row),
        )
        for row in found.all(Guarantee)
    ]


def decisions_of(found: Found, people: dict[str, Party]) -> list[DecisionRow]:
    """All decisions of an agreement, in the order of their first votes."""
    votes = by_key(found.all(DecisionVote), attrgetter("decision", "round"))
    return [
        DecisionRow(
            decision=row.decision,
            act=row.act,
            approvals=row.approvals,
            quorum=row.quorum,
            opened_at=when(row.opened_at),
            decided_at=when_known(row.decided_at),
            votes=[
                VoteRow(people[vote.participant], when(vote.voted_at), made_by(vote))
                for vote in votes[row.decision, row.round]
            ],
            source=made_by(row),
            changed=changed_by(row),
        )
        for row in found.all(Decision)
    ]


def notices_of(found: Found) -> list[NoticeRow]:
    """All notices of default, in order."""
    return [
        NoticeRow(
            noticed_at=when(row.noticed_at),
            curable_until=when(row.curable_until),
            reason=reason(row.reason),
            document=row.document,
            cured_at=when_known(row.cured_at),
            cure_reason=reason(row.cure_reason),
            cure_document=row.cure_document,
            source=made_by(row),
            changed=changed_by(row),
        )
        for row in found.all(DefaultNotice)
    ]


def termination_of(row: Agreement) -> Termination | None:
    """Why an agreement ended early; None if it did not."""
    if row.terminated_at is None or row.termination_ground is None:
        return None
    return Termination(
        ground=row.termination_ground,
        reason=reason(row.termination_reason),
        document=row.termination_document,
        terminated_at=when(row.terminated_at),
    )


def final_account_of(found: Found, currency: Currency) -> FinalAccountRow | None:
    """The final account; None while there is none."""
    row = found.first(FinalAccount)
    if row is None:
        return None
    money = currency.money
    return FinalAccountRow(
        drawn_at=when(row.drawn_at),
        accepted=money(row.accepted),
        cancelled=money(row.cancelled),
        retention_released=money(row.retention_released),
        retention_kept=money(row.retention_kept),
        damages=money(row.damages),
        advance_unrecovered=money(row.advance_unrecovered),
        damages_unrecovered=money(row.damages_unrecovered),
        refunded=money(row.refunded),
        released=money(row.released),
        interest_owed=money(row.interest_owed),
        source=made_by(row),
    )


def _status(row: Guarantee, now: int) -> str:
    if row.called_at is not None:
        return "called"
    if row.replaced_at is not None:
        return "replaced"
    return "in-force" if row.expires_at > now else "expired"
