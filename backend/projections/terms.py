"""What an agreement was signed with: parties and conditions."""

from __future__ import annotations

from msgspec.structs import asdict

from backend.chain.events import AgreementCreated
from backend.db.models import AgreementOffice, Conditions, DirectPayment, Tax
from backend.projections.labels import label
from backend.projections.rows import Rows, made


def add_offices(rows: Rows, event: AgreementCreated) -> None:
    """Committee and inspectors, each in their order."""
    duties = (("committee", event.parties.committee), ("inspector", event.parties.inspectors))
    for duty, participants in duties:
        for position, participant in enumerate(participants):
            rows.new(
                AgreementOffice,
                agreement=event.agreement,
                duty=duty,
                position=position,
                participant=participant,
                **made(event.origin),
            )


def add_conditions(rows: Rows, event: AgreementCreated) -> None:
    """Rates and days, taxes and direct payments."""
    given, place = event.terms.conditions, made(event.origin)
    counts = {"taxes": len(given.taxes), "direct_payments": len(given.direct_payments)}
    rows.new(Conditions, agreement=event.agreement, **asdict(given) | counts, **place)
    for position, tax in enumerate(given.taxes):
        rows.new(
            Tax,
            agreement=event.agreement,
            position=position,
            recipient=tax.recipient,
            numerator=tax.numerator,
            denominator=tax.denominator,
            base=label(tax.base),
            **place,
        )
    for position, direct in enumerate(given.direct_payments):
        rows.new(
            DirectPayment, agreement=event.agreement, position=position, **asdict(direct), **place
        )
