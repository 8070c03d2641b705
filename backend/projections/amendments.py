"""Events of amendments and guarantees."""

from __future__ import annotations

from collections.abc import Iterable

from backend.chain.events import (
    AmendmentEnacted,
    AmendmentProposed,
    AmendmentSigned,
    Event,
    GuaranteeCalled,
    GuaranteeKind,
    GuaranteeRecorded,
    Origin,
)
from backend.db.base import LAST_MOMENT
from backend.db.models import (
    Agreement,
    AgreementOffice,
    Amendment,
    AmendmentChange,
    AmendmentSignature,
    Guarantee,
)
from backend.projections.about import agreement_of, known, seats, side_of
from backend.projections.documents import anchor
from backend.projections.labels import label
from backend.projections.moments import moment
from backend.projections.rows import Rows, born, made

_LARGEST_INDEX = 2**63 - 1
"""A proposal may name any number; a column holds as many."""


def amendment_proposed(rows: Rows, event: AmendmentProposed) -> None:
    """A proposal, which its proposer has signed thereby."""
    agreement, terms = agreement_of(rows, event), event.terms
    agreement.proposals = event.amendment
    row = rows.new(
        Amendment,
        agreement=agreement.address,
        number=event.amendment,
        increase=terms.increase,
        decrease=terms.decrease,
        ends_at=moment(terms.ends_at),
        milestones=len(terms.milestones),
        changes=len(terms.changes),
        reason=terms.reason,
        legal_ground=known(terms.legal_ground),
        document=anchor(rows, terms.document, "amendment", event.origin),
        valid_until=moment(terms.valid_until),
        proposed_by=event.by,
        proposed_at=event.origin.timestamp,
        **born(event.origin),
    )
    _add_changes(rows, event)
    _sign(rows, agreement, row, event.by, event.origin)


def amendment_signed(rows: Rows, event: AmendmentSigned) -> None:
    """One more signature; that of the proposer is there already."""
    agreement = agreement_of(rows, event)
    row = rows.get(Amendment, (agreement.address, event.amendment))
    _sign(rows, agreement, row, event.by, event.origin)


def amendment_enacted(rows: Rows, event: AmendmentEnacted) -> None:
    """An amendment is in force; all other proposals are void."""
    agreement = agreement_of(rows, event)
    agreement.value = event.value
    agreement.ends_at = moment(event.ends_at)
    agreement.amendments += 1
    for number in range(1, agreement.proposals + 1):
        row = rows.get(Amendment, (agreement.address, number))
        if number == event.amendment:
            row.status = "enacted"
            row.enacted_at = event.origin.timestamp
            row.previous_value = event.previous_value
            row.value = event.value
            row.cumulative_increase = max(0, event.value - agreement.original_value)
        elif row.status == "proposed":
            row.status = "void"
        else:
            continue
        rows.touch(row, event.origin)
    for milestone in rows.scheduled.pop((event.origin.transaction, agreement.address), []):
        milestone.amendment = event.amendment


def guarantee_recorded(rows: Rows, event: GuaranteeRecorded) -> None:
    """A guarantee, in place of the earlier one of its kind."""
    agreement, at = agreement_of(rows, event), event.origin.timestamp
    earlier = _guarantee(rows, agreement, event.kind)
    if earlier is not None:
        earlier.replaced_at = at
        rows.touch(earlier, event.origin)
    agreement.guarantees += 1
    rows.new(
        Guarantee,
        agreement=agreement.address,
        number=agreement.guarantees,
        kind=label(event.kind),
        amount=event.amount,
        expires_at=min(event.expires_at, LAST_MOMENT),
        document=anchor(rows, event.document, "guarantee", event.origin),
        recorded_at=at,
        **born(event.origin),
    )


def guarantee_called(rows: Rows, event: GuaranteeCalled) -> None:
    """The guarantor is to pay."""
    row = _guarantee(rows, agreement_of(rows, event), event.kind)
    if row is None:
        return
    row.called_at = event.origin.timestamp
    row.called = event.amount
    row.call_reason = event.reason
    rows.touch(row, event.origin)


def prefetch(rows: Rows, guarantees: Iterable[Event], amendments: Iterable[Event]) -> None:
    """Read what the functions above will look at: the latest guarantee, and who has signed."""
    found = (rows.find(Agreement, each.origin.address) for each in guarantees)
    rows.prefetch(Guarantee, {(row.address, row.guarantees) for row in found if row is not None})
    signed = [each for each in amendments if isinstance(each, AmendmentProposed | AmendmentSigned)]
    agreed = (rows.find(Agreement, each.origin.address) for each in signed)
    rows.prefetch(AgreementOffice, {seat for row in agreed if row for seat in seats(row)})
    rows.prefetch(Amendment, {_place(each) for each in signed})
    rows.prefetch(AmendmentSignature, {(*_place(each), each.by) for each in signed})


def _place(event: AmendmentProposed | AmendmentSigned) -> tuple[str, int]:
    return event.origin.address, event.amendment


def _guarantee(rows: Rows, agreement: Agreement, kind: GuaranteeKind) -> Guarantee | None:
    """The one of this kind that was recorded last."""
    for number in range(agreement.guarantees, 0, -1):
        row = rows.get(Guarantee, (agreement.address, number))
        if row.kind == label(kind):
            return row
    return None


def _add_changes(rows: Rows, event: AmendmentProposed) -> None:
    for position, change in enumerate(event.terms.changes):
        rows.new(
            AmendmentChange,
            agreement=event.origin.address,
            amendment=event.amendment,
            position=position,
            milestone=change.milestone if change.milestone <= _LARGEST_INDEX else None,
            amount=change.amount,
            due_at=moment(change.due_at),
            payee=known(change.payee),
            removed=change.removed,
            **made(event.origin),
        )


def _sign(rows: Rows, agreement: Agreement, row: Amendment, by: str, origin: Origin) -> None:
    rows.touch(row, origin)
    if rows.find(AmendmentSignature, (row.agreement, row.number, by)) is not None:
        return
    row.signatures += 1
    rows.new(
        AmendmentSignature,
        agreement=row.agreement,
        amendment=row.number,
        participant=by,
        side=side_of(rows, agreement, by),
        signed_at=origin.timestamp,
        **made(origin),
    )
