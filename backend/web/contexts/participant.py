"""The page of one participant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.queries.contract_pages import contracts
from backend.queries.contracts import ContractSummary
from backend.queries.filters import ContractFilter
from backend.queries.pages_portal import papers
from backend.queries.participants import ParticipantDetail, participant
from backend.queries.payments import PaymentFilter, PaymentRow, payments

SHOWN = 10


@dataclass(frozen=True, slots=True)
class ParticipantPage:
    """The newest contracts as buyer and as supplier and the newest payments received; more of them
    stand in the lists. `standing_note` is the reason of its standing in prose."""

    detail: ParticipantDetail
    as_buyer: list[ContractSummary]
    as_supplier: list[ContractSummary]
    payments: list[PaymentRow]
    standing_note: str | None


def participant_page(session: Session, name: str, now: datetime) -> ParticipantPage:
    """Fill the page of a participant; raises `NotFoundError`."""
    detail = participant(session, name)
    who, document = detail.row.id, detail.row.standing_document
    paper = papers(session, [document]).get(document or "")
    buyer, supplier = ContractFilter(buyer=who), ContractFilter(supplier=who)
    return ParticipantPage(
        detail=detail,
        as_buyer=contracts(session, buyer, now, limit=SHOWN).items,
        as_supplier=contracts(session, supplier, now, limit=SHOWN).items,
        payments=payments(session, PaymentFilter(payee=who), limit=SHOWN).items,
        standing_note=paper.text if paper else None,
    )
