"""The page of one participant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from backend.queries.contract_pages import contracts
from backend.queries.contracts import ContractSummary, count_contracts
from backend.queries.dealings import Dealings, Punctuality, Side, dealings, punctuality
from backend.queries.filters import ContractFilter
from backend.queries.pages_portal import papers
from backend.queries.participants import ParticipantDetail, participant
from backend.queries.payments import PaymentFilter, PaymentRow, payments
from backend.queries.spending import CurrencySpent, spending

SHOWN = 10


@dataclass(frozen=True, slots=True)
class SidePage:
    """A participant as buyer or as supplier: its newest contracts, with whom it deals, and how
    punctual that is. `all` counts its contracts, `late` those that are late now. Of each currency
    the partners with the largest payments are there."""

    side: Side
    contracts: list[ContractSummary]
    all: int
    late: int
    punctuality: Punctuality
    dealings: list[Dealings]


@dataclass(frozen=True, slots=True)
class ParticipantPage:
    """What it does as buyer and as supplier, the budget of a buyer in all years, and the newest
    payments received. `standing_note` is the reason of its standing in prose."""

    detail: ParticipantDetail
    sides: list[SidePage]
    budget: list[CurrencySpent]
    payments: list[PaymentRow]
    standing_note: str | None


def participant_page(session: Session, name: str, now: datetime) -> ParticipantPage:
    """Fill the page of a participant; raises `NotFoundError`."""
    detail = participant(session, name)
    who, document = detail.row.id, detail.row.standing_document
    paper = papers(session, [document]).get(document or "")
    sides = [_side(session, "buyer", who, now), _side(session, "supplier", who, now)]
    return ParticipantPage(
        detail=detail,
        sides=[side for side in sides if side is not None],
        budget=spending(session, buyer=who),
        payments=payments(session, PaymentFilter(payee=who), limit=SHOWN).items,
        standing_note=paper.text if paper else None,
    )


def _side(session: Session, side: Side, who: str, now: datetime) -> SidePage | None:
    """One side of a participant; None where it has no contracts on it."""
    found = dealings(session, side, who)
    if not found:
        return None
    wanted = ContractFilter(**{side: who})  # type: ignore[arg-type]
    late = ContractFilter(late=True, **{side: who})  # type: ignore[arg-type]
    return SidePage(
        side=side,
        contracts=contracts(session, wanted, now, limit=SHOWN).items,
        all=sum(row.contracts for row in found),
        late=count_contracts(session, late, now),
        punctuality=punctuality(session, side, who),
        dealings=[replace(row, partners=row.partners[:SHOWN]) for row in found],
    )
