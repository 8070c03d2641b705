"""What each amendment changed: every term before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.queries.amendments import AmendmentRow, ChangeRow
from backend.queries.contract import ContractDetail
from backend.queries.milestones import MilestoneRow
from backend.queries.values import Money, Party


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed on a stage."""

    amount: Money
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class StageChange:
    """A stage, numbered from 1, before and after; `after` is None where it was removed, `before`
    where it was added. `payee` gets it from then on, None for the supplier."""

    number: int
    before: Terms | None
    after: Terms | None
    payee: Party | None = None


@dataclass(frozen=True, slots=True)
class Amended:
    """An amendment with its reason in prose, if its document is here, and with what was agreed
    before: `value_before` and `ends_before`, the end of the work."""

    row: AmendmentRow
    note: str | None
    value_before: Money
    ends_before: datetime | None
    stages: list[StageChange]


def amended(detail: ContractDetail, notes: Sequence[str | None]) -> list[Amended]:
    """All amendments of a contract, in order, each held against what was in force before it."""
    stages = {row.number: row for row in detail.milestones}
    terms = {n: _original(row) for n, row in stages.items() if row.amendment is None}
    value, ends_at, found = detail.summary.original_value, detail.original_ends_at, {}
    for place, row in _in_force_first(detail.amendments):
        changes = [_change(each, terms) for each in row.changes]
        added = [StageChange(n + 1, None, _original(m)) for n, m in _added(row, stages)]
        found[place] = Amended(row, notes[place], value, ends_at, [*changes, *added])
        if row.status == "enacted":
            value, ends_at = row.value or value, row.ends_at or ends_at
            terms |= {c.number - 1: c.after for c in found[place].stages if c.after}
    return [found[place] for place in range(len(detail.amendments))]


def _in_force_first(rows: Sequence[AmendmentRow]) -> list[tuple[int, AmendmentRow]]:
    """In the order in which they took effect; a proposal is held against what was in force then."""
    return sorted(enumerate(rows), key=lambda each: each[1].enacted_at or each[1].proposed_at)


def _original(row: MilestoneRow) -> Terms:
    return Terms(row.original_amount, row.original_due_at)


def _added(row: AmendmentRow, stages: dict[int, MilestoneRow]) -> list[tuple[int, MilestoneRow]]:
    return [(n, m) for n, m in stages.items() if m.amendment == row.number]


def _change(change: ChangeRow, terms: dict[int, Terms]) -> StageChange:
    number = change.milestone or 0
    before = terms.get(number)
    after = None if change.removed else Terms(change.amount, change.due_at)
    return StageChange(number + 1, before, after, change.payee)
