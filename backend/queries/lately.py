"""What happened lately to contracts, in the words of their events."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, Block, EventRow
from backend.queries.contracts import ContractReference, reference
from backend.queries.values import Row, Source, seconds, when

TOLD = (
    "AgreementCreated",
    "AgreementSigned",
    "AgreementActivated",
    "MilestoneSubmitted",
    "MilestoneAttested",
    "MilestoneRejected",
    "MilestonePartlyAccepted",
    "PaymentMade",
    "ClaimPaid",
    "GuaranteeCalled",
    "AmendmentEnacted",
    "DisputeOpened",
    "DisputeSettled",
    "DisputeRuled",
    "AgreementHoldPlaced",
    "AgreementHoldLifted",
    "AgreementSuspended",
    "AgreementResumed",
    "AgreementCompleted",
    "DefaultNoticed",
    "AgreementTerminated",
    "AgreementClosed",
)
"""The events that readers look for; the others are steps on the way to these."""


class Happening(Row, frozen=True):
    """Something that happened to a contract; `milestone` is the index of the one that it is about,
    if it is about one."""

    event: str
    at: datetime
    contract: ContractReference
    milestone: int | None
    source: Source


def happenings(session: Session, limit: int, since: datetime | None = None) -> list[Happening]:
    """The latest that happened, from a moment on, newest first."""
    statement = select(EventRow, Agreement).join(Agreement, Agreement.address == EventRow.agreement)
    statement = statement.where(EventRow.name.in_(TOLD))
    if since is not None:
        statement = statement.where(EventRow.block > _last_before(session, since))
    newest = (EventRow.block.desc(), EventRow.log_index.desc())
    rows = session.execute(statement.order_by(*newest).limit(limit))
    return [
        Happening(
            event=row.name,
            at=when(row.block_timestamp),
            contract=reference(agreement),
            milestone=row.milestone,
            source=Source(row.block, row.transaction, row.log_index),
        )
        for row, agreement in rows
    ]


def _last_before(session: Session, since: datetime) -> int:
    """The last block of those with events that lies before a moment, found from the head on."""
    before = select(Block.number).where(Block.timestamp < seconds(since))
    found = session.scalar(before.order_by(Block.number.desc()).limit(1))
    return -1 if found is None else found
