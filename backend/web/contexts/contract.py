"""The page of one contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.chain.events import Basis
from backend.queries.conflicts import DisputeRow
from backend.queries.contract import ContractDetail, contract
from backend.queries.history import HistoryEntry, contract_history
from backend.queries.lately import TOLD, Happening
from backend.queries.milestones import MilestoneRow
from backend.queries.pages_portal import Paper, papers, told
from backend.queries.payments import PaymentRow
from backend.queries.states import states
from backend.queries.values import Money, Source, reason
from backend.web.charts.timeline import height_of
from backend.web.contexts.amended import Amended, amended
from backend.web.contexts.papers import Checked, PaperUse, checked, uses_of
from backend.web.contexts.sheet import Sheet, sheet
from backend.web.formats import Formats, has_cents
from backend.web.parameters import ContractView

NEXT_STAGES = 3
LAST_HAPPENINGS = 3
_MOVING = frozenset({"submitted", "inspected", "rejected", "owed", "disputed", "partly-accepted"})
_STEPS = {
    "MilestoneSubmitted",
    "MilestoneAttested",
    "MilestoneRejected",
    "MilestonePartlyAccepted",
    "MilestoneChanged",
    "MilestoneCancelled",
    "DisputeOpened",
    "SettlementOffered",
    "DisputeSettled",
    "DisputeRuled",
    "PaymentMade",
    "ClaimPaid",
}
_EXPLAINED = {
    "MilestoneRejected",
    "MilestonePartlyAccepted",
    "DisputeOpened",
    "DisputeRuled",
}
_NOTHING_BROUGHT = ContractView()
_NOWHERE = "0x" + "0" * 40


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a stage. `name` is that of the event; `basis` is what a payment
    rests on; `attempt` counts submissions."""

    name: str
    at: datetime
    attempt: int
    basis: str | None
    reason: str | None
    note: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Stage:
    """A milestone, numbered from 1. `days_off` is by how many days it was accepted after its date,
    negative if before, None if that cannot be said."""

    number: int
    row: MilestoneRow
    steps: list[Step]
    days_off: int | None

    @property
    def claimed(self) -> Money:
        """What the stage was to bring, before any of it was given up."""
        return self.row.amount.of(self.row.amount.minor + self.row.cancelled.minor)


@dataclass(frozen=True, slots=True)
class Argued:
    """A dispute with what it is about and what was ruled in prose, as far as documents are here."""

    row: DisputeRow
    note: str | None
    ruling: str | None


@dataclass(frozen=True, slots=True)
class ContractPage:
    """`description` and `other_suppliers` are what the contract's document says.

    `paid` counts stages; `next` are the stages on which somebody must act; `payments` are newest
    first, and so is `lately`, what happened last; `timeline` is how high the chart of the stages
    is, None where none has a date; `scale` is what the longest bar stands for; `end_note` is the
    decision to end it in prose; `missing` counts documents that nobody has brought; `checked` is a
    file of the reader's.
    """

    detail: ContractDetail
    description: str | None
    other_suppliers: list[str]
    stages: list[Stage]
    paid: int
    next: list[Stage]
    payments: list[PaymentRow]
    amendments: list[Amended]
    disputes: list[Argued]
    lately: list[Happening]
    timeline: int | None
    papers: list[PaperUse]
    missing: int
    cents: bool
    scale: Money
    end_note: str | None
    checked: Checked | None
    sheet: Sheet


def contract_page(
    session: Session,
    name: str,
    now: datetime,
    formats: Formats,
    site: str = "",
    view: ContractView = _NOTHING_BROUGHT,
) -> ContractPage:
    """Fill the page of a contract below the address `site`; raises `NotFoundError`."""
    detail = contract(session, name, now)
    history = contract_history(session, detail.summary.reference.address)
    uses = list(uses_of(detail, history))
    found = papers(session, [digest for *_, digest in uses])
    stages = _stages(detail, history, found, formats)
    statuses = [row.status for row in detail.milestones]
    shown = [
        PaperUse(kind, n, at, found[digest]) for kind, n, at, digest in uses if digest in found
    ]
    address = detail.summary.reference.address
    return ContractPage(
        detail=detail,
        description=told(detail.content, "description"),
        other_suppliers=_other_suppliers(detail.content),
        stages=stages,
        paid=statuses.count("paid"),
        next=_next(stages),
        payments=detail.payments[::-1],
        amendments=amended(detail, [_text(found, row.document) for row in detail.amendments]),
        disputes=[
            Argued(row, _text(found, row.document), _text(found, row.ruling_document))
            for row in detail.disputes
        ],
        lately=_lately(detail, history),
        timeline=height_of(len(stages)) if _have_dates(detail) else None,
        papers=shown,
        missing=sum(use.paper.state == "missing" for use in shown),
        cents=has_cents(_amounts(detail)),
        scale=_scale(detail),
        end_note=_text(found, detail.termination.document) if detail.termination else None,
        checked=checked(shown, view.sha256) if view.sha256 else None,
        sheet=sheet(states(address, history), f"{site}/contracts/{address}", view.state),
    )


def _lately(detail: ContractDetail, history: list[HistoryEntry]) -> list[Happening]:
    about = detail.summary.reference
    told_of = [each for each in history if each.event in TOLD][: -LAST_HAPPENINGS - 1 : -1]
    return [Happening(e.event, e.at, about, e.milestone, e.source) for e in told_of]


def _have_dates(detail: ContractDetail) -> bool:
    return any(row.due_at or row.accepted_at for row in detail.milestones)


def _amounts(detail: ContractDetail) -> Iterable[Money]:
    yield from (detail.summary.value, detail.summary.original_value, detail.summary.paid)
    yield from (row.amount for row in detail.milestones)
    yield from (part.amount for row in detail.payments for part in row.parts)


def _scale(detail: ContractDetail) -> Money:
    summary = detail.summary
    amounts = (summary.value, summary.funded, summary.accepted, summary.paid)
    return max(amounts, key=lambda amount: amount.minor)


# --- stages ---


def _stages(
    detail: ContractDetail,
    history: list[HistoryEntry],
    found: dict[str, Paper],
    formats: Formats,
) -> list[Stage]:
    events: dict[int, list[HistoryEntry]] = defaultdict(list)
    for entry in history:
        if entry.milestone is not None and entry.contract == "Agreement":
            events[entry.milestone].append(entry)
    return [
        Stage(row.number + 1, row, _steps(events[row.number], found), _days_off(row, formats))
        for row in detail.milestones
    ]


def _steps(entries: list[HistoryEntry], found: dict[str, Paper]) -> list[Step]:
    return [_step(entry, found) for entry in entries if entry.event in _STEPS]


def _step(entry: HistoryEntry, found: dict[str, Paper]) -> Step:
    values, name = entry.arguments, entry.event
    paid = name == "PaymentMade"
    owed = paid and values["account"] == _NOWHERE and int(values["payment"]["net"]) > 0
    explained = name in _EXPLAINED
    return Step(
        name="PaymentOwed" if owed else name,
        at=entry.at,
        attempt=int(values.get("attempt", 0)),
        basis=basis_of(values["basis"]) if paid else None,
        reason=reason(values["reason"]) if explained else None,
        note=_text(found, values["document"]) if explained else None,
        source=entry.source,
    )


def basis_of(number: str | int) -> str:
    """PARTIAL_ACCEPTANCE on the chain → "partial-acceptance"."""
    return Basis(int(number)).name.lower().replace("_", "-")


def _days_off(row: MilestoneRow, formats: Formats) -> int | None:
    if row.due_at is None or row.accepted_at is None:
        return None
    return (formats.local(row.accepted_at).date() - formats.local(row.due_at).date()).days


def _next(stages: list[Stage]) -> list[Stage]:
    """Stages that are under way and the first that is only planned, a few at most."""
    moving = [stage for stage in stages if stage.row.status in _MOVING]
    planned = [stage for stage in stages if stage.row.status == "scheduled"]
    chosen = [*moving, *planned[:1]]
    return [stage for stage in chosen if stage.row.waits_for is not None][:NEXT_STAGES]


def _text(found: dict[str, Paper], digest: str | None) -> str | None:
    paper = found.get(digest or "")
    return paper.text if paper else None


def _other_suppliers(content: dict[str, Any]) -> list[str]:
    """Names, or else identifiers, of those that supply together with the supplier."""
    given = content.get("otherSuppliers")
    parties = [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []
    names = [told(item, "name") or told(item, "identifier") for item in parties]
    return [name for name in names if name is not None]
