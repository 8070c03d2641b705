"""Amendments and guarantees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from backend.chain.events import (
    AmendmentEnacted,
    AmendmentProposed,
    GuaranteeKind,
    GuaranteeRecorded,
)
from backend.ocds.publishing import date, known, moment_of, text
from backend.ocds.telling import Telling
from backend.queries.values import reason

OBLIGATIONS: Final = {
    GuaranteeKind.PERFORMANCE: "fulfillment",
    GuaranteeKind.ADVANCE: "prepaid",
    GuaranteeKind.RETENTION: "latentDefects",
}
"""What each kind of guarantee secures, by the codelist of the extension."""


def amendment_proposed(telling: Telling, event: AmendmentProposed) -> None:
    """Nothing yet; if it is enacted, this is what it changes."""
    telling.proposals[event.amendment] = event.terms


def amendment_enacted(telling: Telling, event: AmendmentEnacted) -> None:
    """An amendment is in force; the milestones that it adds and changes came before."""
    content = telling.process.documents.get(event.document, {})
    reasons = (reason(event.reason), text(content, "text"))
    amendment = known(
        id=str(event.amendment),
        date=date(moment_of(event.origin.timestamp)),
        rationale=": ".join(filter(None, reasons)),
        description="; ".join(_changes(telling, event)),
        amendsReleaseID=telling.latest,
    )
    telling.draft.tag("contractAmendment")
    telling.draft.put("amendments", amendment)
    if event.value != event.previous_value:
        telling.draft.say(value=telling.money(event.value))
    if telling.proposals[event.amendment].ends_at:
        telling.draft.say(period={"endDate": date(moment_of(event.ends_at))})


def guarantee_recorded(telling: Telling, event: GuaranteeRecorded) -> None:
    """A guarantee of a bank or surety."""
    telling.guarantees += 1
    recorded = date(moment_of(event.origin.timestamp))
    guarantee = {
        "id": str(telling.guarantees),
        "obligations": OBLIGATIONS[event.kind],
        "date": recorded,
        "value": telling.money(event.amount),
        "period": known(startDate=recorded, endDate=date(moment_of(event.expires_at))),
    }
    telling.draft.tag("contractUpdate")
    telling.draft.put("guarantees", guarantee)


def _changes(telling: Telling, event: AmendmentEnacted) -> Iterator[str]:
    proposal, money = telling.proposals[event.amendment], telling.contract.currency.money
    before, after = money(event.previous_value), money(event.value)
    if event.previous_value != event.value:
        verb = "raised" if event.value > event.previous_value else "lowered"
        yield f"value {verb} from {before.amount} to {after.amount} {after.currency}"
    if proposal.ends_at:
        yield f"end of the work moved to {date(moment_of(proposal.ends_at))}"
    if proposal.milestones:
        yield f"milestones added: {len(proposal.milestones)}"
    if proposal.changes:
        yield f"milestones changed: {len(proposal.changes)}"
    if ground := reason(event.legal_ground):
        yield f"legal ground: {ground}"
