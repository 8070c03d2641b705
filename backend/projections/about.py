"""The agreement and the milestone that an event is about, and how a milestone goes on."""

from __future__ import annotations

from backend.chain.events import NO_MILESTONE, ZERO_BYTES32, Event, Origin
from backend.db import models as m
from backend.projections.clocks import note_due
from backend.projections.rows import Rows

DONE = ("paid", "owed")
"""What an accepted milestone is."""


def agreement_of(rows: Rows, event: Event) -> m.Agreement:
    """The agreement that emitted an event, which thereby changes."""
    return _touched(rows, event.origin)


def milestone_of(rows: Rows, origin: Origin, number: int) -> m.Milestone:
    """A milestone of the agreement that emitted an event; both change thereby."""
    _touched(rows, origin)
    row = rows.get(m.Milestone, (origin.address, number))
    rows.touch(row, origin)
    return row


def _touched(rows: Rows, origin: Origin) -> m.Agreement:
    row = rows.get(m.Agreement, origin.address)
    rows.touch(row, origin)
    row.changed_at = origin.timestamp
    return row


def all_milestones(rows: Rows, agreement: m.Agreement) -> list[m.Milestone]:
    """All milestones of an agreement, in order."""
    keys = [(agreement.address, number) for number in range(agreement.milestones)]
    rows.prefetch(m.Milestone, keys)
    return [rows.get(m.Milestone, key) for key in keys]


def note_all_due(rows: Rows, agreement: m.Agreement, origin: Origin) -> None:
    """Reckon anew from when on each milestone is late."""
    for row in all_milestones(rows, agreement):
        before = row.late_after
        note_due(rows, agreement, row)
        if row.late_after != before:
            rows.touch(row, origin)


def known_milestone(given: int) -> int | None:
    """The index that an event names; None for `NO_MILESTONE`."""
    return None if given == NO_MILESTONE else given


def known(given: str) -> str | None:
    """A participant, code or address that an event names; None for zero."""
    return None if int(given, 16) == 0 else given


def side_of(rows: Rows, agreement: m.Agreement, participant: str) -> str:
    """ "supplier", "committee", or "authority" for who is neither."""
    if participant == agreement.supplier:
        return "supplier"
    return "committee" if _is_member(rows, agreement, participant) else "authority"


def seats(agreement: m.Agreement) -> list[tuple[str, str, int]]:
    """The keys of its committee's first offices: of all where the quorum is more than half."""
    return [(agreement.address, "committee", number) for number in range(2 * agreement.quorum)]


def _is_member(rows: Rows, agreement: m.Agreement, participant: str) -> bool:
    position = 0
    while True:
        row = rows.find(m.AgreementOffice, (agreement.address, "committee", position))
        if row is None or row.participant == participant:
            return row is not None
        position += 1


def become(rows: Rows, agreement: m.Agreement, row: m.Milestone, status: str, at: int) -> None:
    """Give a milestone another status, and the agreement the counts that follow."""
    agreement.milestones_accepted += (status in DONE) - (row.status in DONE)
    agreement.milestones_cancelled += (status == "cancelled") - (row.status == "cancelled")
    row.status = status
    row.paid_at = at if status == "paid" else None
    row.cancelled_at = at if status == "cancelled" else None
    note_due(rows, agreement, row)


def conclude(rows: Rows, agreement: m.Agreement, row: m.Milestone, at: int) -> None:
    """Nothing more comes of a milestone than is accepted."""
    row.accepted_at = at
    become(rows, agreement, row, "owed" if row.owed else "paid", at)


def payee_of(agreement: m.Agreement, given: str) -> str:
    """Who is paid, where zero stands for the supplier."""
    return agreement.supplier if given == ZERO_BYTES32 else given
