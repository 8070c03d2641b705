"""A contract as a whole, from its award to its end."""

from __future__ import annotations

from collections.abc import Iterator

from backend.chain.events import (
    AgreementActivated,
    AgreementClosed,
    AgreementCompleted,
    AgreementCreated,
    AgreementTerminated,
)
from backend.ocds.fields import Json
from backend.ocds.publishing import date, known, moment_of, text
from backend.ocds.roles import Key
from backend.ocds.telling import Telling
from backend.ocds.tenders import tender_of
from backend.projections.labels import label


def agreement_created(telling: Telling, event: AgreementCreated) -> None:
    """The award, the contract as agreed, and the tender as far as its document tells of it."""
    terms, draft = event.terms, telling.draft
    content = telling.process.documents.get(terms.document, {})
    content = content if content.get("type") == "agreement" else {}
    title, tender = text(content, "title"), tender_of(content, telling.process.ocid)
    buyer = telling.parties.refer(event.buyer, "buyer")
    lead = telling.parties.refer(event.supplier, "supplier")
    suppliers = {lead["id"]: lead} | {
        each["id"]: each
        for key, name in _others(content)
        if (each := telling.parties.refer_to(key, name, "supplier"))["id"] != lead["id"]
    }
    award = known(
        id=terms.contract_id, title=title, status="active", suppliers=list(suppliers.values())
    )
    draft.process = known(buyer=buyer, tender=tender, awards=[award])
    for tag in (*(["tender"] if tender else []), "award", "contract"):
        draft.tag(tag)
    starts, ends = (date(moment_of(each)) for each in (terms.starts_at, terms.ends_at))
    draft.say(
        **known(
            title=title,
            description=text(content, "description"),
            period=known(startDate=starts, endDate=ends),
            value=telling.money(terms.value),
            dateSigned=date(moment_of(terms.signed_at)),
        )
    )


def agreement_activated(telling: Telling, _event: AgreementActivated) -> None:
    """Signed by both and funded."""
    telling.status = "active"
    telling.draft.tag("contractUpdate")


def agreement_completed(telling: Telling, event: AgreementCompleted) -> None:
    """All work is accepted."""
    telling.status = "completed"
    telling.implements()
    _end(telling, event.origin.timestamp)


def agreement_terminated(telling: Telling, event: AgreementTerminated) -> None:
    """The contract ended before its work was done."""
    telling.status = "terminated"
    telling.draft.tag("contractTermination")
    _end(telling, event.origin.timestamp)
    telling.draft.implementation["endDateDetails"] = f"terminated: {label(event.ground)}"


def agreement_closed(telling: Telling, event: AgreementClosed) -> None:
    """The final account: what is open is given up."""
    telling.status = "closed"
    telling.draft.tag("contractTermination")
    for stage in telling.stages.values():
        if stage.is_open:
            telling.give_up(stage, event.origin.timestamp)
    telling.draft.implementation["finalValue"] = telling.money(telling.paid)


def _end(telling: Telling, at: int) -> None:
    """Publish when the work ended, which it does once."""
    if telling.ended_at is None:
        telling.ended_at = at
        telling.draft.implementation["endDate"] = date(moment_of(at))


def _others(content: Json) -> Iterator[tuple[Key, str | None]]:
    """Whom the document names as further suppliers."""
    others = content.get("otherSuppliers")
    for other in others if isinstance(others, list) else []:
        given = other if isinstance(other, dict) else {}
        scheme, identifier = text(given, "scheme"), text(given, "identifier")
        if scheme and identifier:
            yield (scheme, identifier), text(given, "name")
