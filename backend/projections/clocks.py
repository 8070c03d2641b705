"""Due dates, and the holds and suspensions by which they move.

Stops follow one another: none begins while another lasts. What the latest of them adds depends on
the moment of looking, so that it stands with the agreement; what all others added is fixed, and is
part of `Milestone.late_after`. A milestone is late when
`late_after < now - (the latest stop's time up to now)`.
"""

from __future__ import annotations

from backend.db.models import Agreement, Milestone, Stop
from backend.projections.rows import Rows

AWAITED = ("scheduled", "rejected", "partly-accepted")
"""Of a milestone that the supplier is to submit."""

_DAY = 86_400


def note_due(rows: Rows, agreement: Agreement, row: Milestone) -> None:
    """Say from when on a milestone is late."""
    awaited = row.status in AWAITED and agreement.status not in {"terminated", "closed"}
    if row.due_at is None or not awaited:
        row.late_after = None
    else:
        row.late_after = _moved(rows, agreement, row, row.due_at)


def late_days(rows: Rows, agreement: Agreement, row: Milestone, at: int) -> int:
    """Days and part days from a milestone's due date to a submission."""
    if row.due_at is None:
        return 0
    running = at - _within(agreement.stopped_from, agreement.stopped_until, at)
    seconds = running - _moved(rows, agreement, row, row.due_at)
    return max(0, -(-seconds // _DAY))


def _moved(rows: Rows, agreement: Agreement, row: Milestone, due: int) -> int:
    for number in range(1, agreement.stops):
        earlier = rows.get(Stop, (agreement.address, number))
        due += max(0, earlier.until - max(earlier.placed_at, row.agreed_at))
    return due - _within(agreement.stopped_from, agreement.stopped_until, row.agreed_at)


def _within(start: int, end: int, moment: int) -> int:
    """How much of a stop had passed at a moment."""
    return max(0, min(moment, end) - start)
