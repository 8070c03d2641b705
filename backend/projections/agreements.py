"""Events that are about an agreement as a whole, from its signature to its end."""

from __future__ import annotations

from msgspec.structs import asdict

from backend.chain.events import (
    AgreementActivated,
    AgreementClosed,
    AgreementCompleted,
    AgreementCreated,
    AgreementFunded,
    AgreementSigned,
    AgreementTerminated,
    DefaultCured,
    DefaultNoticed,
)
from backend.db.models import OPEN_STATUSES, Agreement, DefaultNotice, Dispute, FinalAccount
from backend.projections.about import (
    agreement_of,
    all_milestones,
    become,
    conclude,
    known,
    note_all_due,
)
from backend.projections.documents import anchor, contents, describe_agreement
from backend.projections.labels import label
from backend.projections.moments import moment
from backend.projections.rows import Rows, born, made
from backend.projections.terms import add_conditions, add_offices


def agreement_created(rows: Rows, event: AgreementCreated) -> None:
    """A new agreement with its parties and conditions; its milestones follow."""
    terms, parties, origin = event.terms, event.parties, event.origin
    document = anchor(rows, terms.document, "agreement", origin)
    signed_at = moment(terms.signed_at)
    row = rows.new(
        Agreement,
        address=event.agreement,
        number=rows.next_number(Agreement),
        ocid=terms.ocid,
        contract_id=terms.contract_id,
        buyer=parties.buyer,
        supplier=parties.supplier,
        treasury=parties.treasury,
        arbiter=known(parties.arbiter),
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
    add_offices(rows, event)
    add_conditions(rows, event)


def agreement_signed(rows: Rows, event: AgreementSigned) -> None:
    """The supplier signed."""
    agreement_of(rows, event).supplier_signed_at = event.origin.timestamp


def agreement_funded(rows: Rows, event: AgreementFunded) -> None:
    """The treasury brought in money."""
    agreement_of(rows, event).funded = event.funded


def agreement_activated(rows: Rows, event: AgreementActivated) -> None:
    """Work can be submitted."""
    row = agreement_of(rows, event)
    row.status = "active"
    row.activated_at = event.origin.timestamp


def agreement_completed(rows: Rows, event: AgreementCompleted) -> None:
    """All work is accepted."""
    row = agreement_of(rows, event)
    row.status = "completed"
    row.completed_at = event.origin.timestamp
    row.defects_end_at = moment(event.defects_end_at)


def default_noticed(rows: Rows, event: DefaultNoticed) -> None:
    """The supplier is to mend something."""
    agreement = agreement_of(rows, event)
    agreement.notices += 1
    rows.new(
        DefaultNotice,
        agreement=agreement.address,
        number=agreement.notices,
        noticed_at=event.origin.timestamp,
        curable_until=event.curable_until,
        reason=event.reason,
        document=anchor(rows, event.document, "notice", event.origin),
        **born(event.origin),
    )


def default_cured(rows: Rows, event: DefaultCured) -> None:
    """The latest notice is withdrawn."""
    agreement = agreement_of(rows, event)
    row = rows.get(DefaultNotice, (agreement.address, agreement.notices))
    row.cured_at = event.origin.timestamp
    row.cure_reason = event.reason
    row.cure_document = anchor(rows, event.document, "cure", event.origin)
    rows.touch(row, event.origin)


def agreement_terminated(rows: Rows, event: AgreementTerminated) -> None:
    """Nothing more can be submitted, and so nothing more can become late."""
    agreement = agreement_of(rows, event)
    agreement.status = "terminated"
    agreement.terminated_at = event.origin.timestamp
    agreement.termination_ground = label(event.ground)
    agreement.termination_reason = event.reason
    agreement.termination_document = anchor(rows, event.document, "termination", event.origin)
    note_all_due(rows, agreement, event.origin)


def agreement_closed(rows: Rows, event: AgreementClosed) -> None:
    """Nothing more can be accepted; what is open is given up, and the disputes with it."""
    agreement, account, at = agreement_of(rows, event), event.account, event.origin.timestamp
    agreement.status = "closed"
    agreement.closed_at = at
    agreement.scheduled -= account.cancelled
    agreement.cancelled += account.cancelled
    agreement.refunded = account.refunded
    agreement.advance_outstanding = 0
    agreement.retained = 0
    agreement.damages = 0
    agreement.damages_carried = 0
    agreement.interest_owed = account.interest_owed
    rows.new(
        FinalAccount,
        agreement=agreement.address,
        drawn_at=at,
        **asdict(account),
        **made(event.origin),
    )
    for row in all_milestones(rows, agreement):
        if row.status not in OPEN_STATUSES:
            continue
        if row.status == "disputed":
            _drop_dispute(rows, event, row.number)
        row.cancelled += row.amount - row.accepted
        if row.accepted:
            row.amount = row.accepted
            conclude(rows, agreement, row, at)
        else:
            become(rows, agreement, row, "cancelled", at)
        rows.touch(row, event.origin)


def _drop_dispute(rows: Rows, event: AgreementClosed, milestone: int) -> None:
    row = rows.get(Dispute, (event.origin.address, milestone))
    row.status = "dropped"
    row.ended_at = event.origin.timestamp
    rows.touch(row, event.origin)
