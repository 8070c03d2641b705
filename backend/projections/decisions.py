"""Votes for decisions that need a quorum."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from backend.chain.abi import abi
from backend.chain.events import DecisionApproved, Event
from backend.db.models import Agreement, Decision, DecisionVote
from backend.projections.about import agreement_of
from backend.projections.rows import Rows, born, made

_BY_BOTH = "terminateByAgreement"
"""Needs the supplier's vote besides the quorum."""


def decision_approved(rows: Rows, event: DecisionApproved) -> None:
    """One more vote; what is decided comes as an event of its own."""
    agreement = agreement_of(rows, event)
    row = _open_round(rows, agreement, event)
    row.approvals = event.approvals
    rows.new(
        DecisionVote,
        agreement=row.agreement,
        decision=row.decision,
        round=row.round,
        participant=event.by,
        voted_at=event.origin.timestamp,
        **made(event.origin),
    )
    if event.approvals >= event.quorum and _signed_by_both(rows, agreement, row):
        row.decided_at = event.origin.timestamp
    rows.touch(row, event.origin)


def prefetch(rows: Rows, events: Iterable[Event]) -> None:
    """Read what `decision_approved` will look at."""
    votes = (event for event in events if isinstance(event, DecisionApproved))
    rows.prefetch(Decision, {(each.origin.address, each.decision, 1) for each in votes})


def _open_round(rows: Rows, agreement: Agreement, event: DecisionApproved) -> Decision:
    number = 1
    while row := rows.find(Decision, (agreement.address, event.decision, number)):
        if row.decided_at is None:
            return row
        number += 1
    return rows.new(
        Decision,
        agreement=agreement.address,
        decision=event.decision,
        round=number,
        act=_acts().get(event.act, event.act),
        approvals=event.approvals,
        quorum=event.quorum,
        opened_at=event.origin.timestamp,
        **born(event.origin),
    )


def _signed_by_both(rows: Rows, agreement: Agreement, row: Decision) -> bool:
    if row.act != _BY_BOTH:
        return True
    key = (row.agreement, row.decision, row.round, agreement.supplier)
    return rows.find(DecisionVote, key) is not None


@cache
def _acts() -> dict[str, str]:
    """Functions of agreements by selector, "0x…"."""
    kind = abi("Agreement")
    return {f"0x{kind.selector(name).hex()}": name for name in kind.functions}
