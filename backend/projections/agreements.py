"""Events that are about an agreement as a whole."""

from __future__ import annotations

from backend.chain.events import (
    AgreementActivated,
    AgreementClosed,
    AgreementCreated,
    AgreementFunded,
    AmendmentProposed,
    AmendmentSigned,
    ClosureApproved,
)
from backend.db.models import OPEN_STATUSES, Agreement, AgreementOffice, Amendment, Milestone
from backend.projections.documents import anchor, contents, describe_agreement
from backend.projections.moments import moment
from backend.projections.rows import Rows, born, made


def agreement_created(rows: Rows, event: AgreementCreated) -> None:
    """A new agreement with its parties; its milestones follow."""
    terms, parties, origin = event.terms, event.parties, event.origin
    document = anchor(rows, terms.document, "agreement", origin)
    signed_at = moment(terms.signed_at)
    row = Agreement(
        address=event.agreement,
        number=rows.next_number(Agreement),
        ocid=terms.ocid,
        contract_id=terms.contract_id,
        buyer=parties.buyer,
        supplier=parties.supplier,
        treasury=parties.treasury,
        created_by=event.by,
        quorum=parties.quorum,
        token=terms.token,
        budget_line=terms.budget_line,
        document=document,
        title_key="",
        search="",
        signed_at=signed_at,
        starts_at=moment(terms.starts_at),
        ends_at=moment(terms.ends_at),
        original_ends_at=moment(terms.ends_at),
        dated_at=signed_at or origin.timestamp,
        created_at=origin.timestamp,
        changed_at=origin.timestamp,
        original_value=terms.value,
        value=terms.value,
        **born(origin),
    )
    describe_agreement(row, contents(rows, document))
    rows.add(row)
    _add_offices(rows, event, "committee", parties.committee)
    _add_offices(rows, event, "inspector", parties.inspectors)


def agreement_funded(rows: Rows, event: AgreementFunded) -> None:
    """The treasury brought in money."""
    _touched(rows, event).funded = event.funded


def agreement_activated(rows: Rows, event: AgreementActivated) -> None:
    """Work can be submitted."""
    row = _touched(rows, event)
    row.status = "active"
    row.activated_at = event.origin.timestamp


def amendment_proposed(rows: Rows, event: AmendmentProposed) -> None:
    """A proposal, which replaces one that was not signed."""
    address, terms = event.origin.address, event.terms
    _touched(rows, event)
    earlier = rows.find(Amendment, (address, event.amendment - 1))
    if earlier is not None and earlier.status == "proposed":
        earlier.status = "replaced"
        rows.touch(earlier, event.origin)
    row = Amendment(
        agreement=address,
        number=event.amendment,
        increase=terms.increase,
        ends_at=moment(terms.ends_at),
        milestones=len(terms.milestones),
        reason=terms.reason,
        document=anchor(rows, terms.document, "amendment", event.origin),
        proposed_by=event.by,
        proposed_at=event.origin.timestamp,
        **born(event.origin),
    )
    rows.add(row)


def amendment_signed(rows: Rows, event: AmendmentSigned) -> None:
    """The amendment is in force; the milestones that it adds follow."""
    agreement = _touched(rows, event)
    agreement.value = event.value
    agreement.ends_at = moment(event.ends_at)
    agreement.amendments += 1
    row = rows.get(Amendment, (agreement.address, event.amendment))
    row.status = "signed"
    row.signed_by = event.by
    row.signed_at = event.origin.timestamp
    row.previous_value = event.previous_value
    row.value = event.value
    rows.touch(row, event.origin)
    rows.signed_amendments[event.origin.transaction, agreement.address] = event.amendment


def closure_approved(rows: Rows, event: ClosureApproved) -> None:
    """A vote; what follows from it comes as an event of its own."""
    _touched(rows, event)
    anchor(rows, event.document, "closure", event.origin)


def agreement_closed(rows: Rows, event: AgreementClosed) -> None:
    """Nothing more can be accepted; the open milestones are cancelled."""
    row = _touched(rows, event)
    row.status = "closed"
    row.closed_at = event.origin.timestamp
    row.close_reason = event.reason
    row.close_document = anchor(rows, event.document, "closure", event.origin)
    row.scheduled -= event.cancelled
    row.cancelled = event.cancelled
    row.refunded = event.refunded
    row.released = event.released
    keys = [(row.address, number) for number in range(row.milestones)]
    rows.prefetch(Milestone, keys)
    for key in keys:
        milestone = rows.get(Milestone, key)
        if milestone.status in OPEN_STATUSES:
            milestone.status = "cancelled"
            milestone.cancelled_at = event.origin.timestamp
            rows.touch(milestone, event.origin)
            row.milestones_cancelled += 1


def _touched(
    rows: Rows,
    event: AgreementFunded
    | AgreementActivated
    | AmendmentProposed
    | AmendmentSigned
    | ClosureApproved
    | AgreementClosed,
) -> Agreement:
    row = rows.get(Agreement, event.origin.address)
    rows.touch(row, event.origin)
    return row


def _add_offices(
    rows: Rows, event: AgreementCreated, duty: str, participants: tuple[str, ...]
) -> None:
    for position, participant in enumerate(participants):
        row = AgreementOffice(
            agreement=event.agreement,
            duty=duty,
            position=position,
            participant=participant,
            **made(event.origin),
        )
        rows.add(row)
