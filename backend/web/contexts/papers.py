"""What the documents of a contract are to it, and whether a file of the reader's is one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.queries.contract import ContractDetail
from backend.queries.history import HistoryEntry
from backend.queries.pages_portal import Paper
from backend.queries.values import NO_REASON


@dataclass(frozen=True, slots=True)
class PaperUse:
    """A document and what it is to the contract; `stage` is the number of the stage, if any, `at`
    the moment in which it was named."""

    kind: str
    stage: int | None
    at: datetime
    paper: Paper


@dataclass(frozen=True, slots=True)
class Checked:
    """A file of the reader's, by its SHA-256 in hex; `use` is what it is to the contract, if it is
    anything."""

    hash: str
    use: PaperUse | None


def checked(shown: list[PaperUse], digest: str) -> Checked:
    """A file with this SHA-256, beside the documents that are shown."""
    return Checked(digest, next((u for u in shown if u.paper.hash == f"0x{digest}"), None))


def uses_of(
    detail: ContractDetail, history: list[HistoryEntry]
) -> Iterable[tuple[str, int | None, datetime, str]]:
    """What each document is used for first: kind, number of the stage, moment, hash."""
    seen: set[str] = {NO_REASON}
    created = detail.summary.created_at
    stages = [
        ("milestone", row.number + 1, row.scheduled_at, row.document) for row in detail.milestones
    ]
    all_uses = [("agreement", None, created, detail.document), *map(_use, history), *stages]
    for kind, stage, at, digest in all_uses:
        if digest is not None and digest not in seen:
            seen.add(digest)
            yield kind, stage, at, digest


def _use(entry: HistoryEntry) -> tuple[str, int | None, datetime, str | None]:
    fields: dict[str, tuple[str, Any]] = {
        "MilestoneSubmitted": ("evidence", entry.arguments.get("evidence")),
        "MilestoneAttested": ("report", entry.arguments.get("report")),
        "MilestoneDisapproved": ("rejection", entry.arguments.get("document")),
        "MilestonePartlyAccepted": ("rejection", entry.arguments.get("document")),
        "AmendmentProposed": ("amendment", entry.arguments.get("terms", {}).get("document")),
        "GuaranteeRecorded": ("guarantee", entry.arguments.get("document")),
        "DisputeOpened": ("dispute", entry.arguments.get("document")),
        "DisputeRuled": ("ruling", entry.arguments.get("document")),
        "AgreementHoldPlaced": ("stop", entry.arguments.get("document")),
        "AgreementSuspended": ("stop", entry.arguments.get("document")),
        "DefaultNoticed": ("decision", entry.arguments.get("document")),
        "DefaultCured": ("decision", entry.arguments.get("document")),
        "AgreementTerminated": ("decision", entry.arguments.get("document")),
    }
    kind, digest = fields.get(entry.event, ("", None))
    stage = None if entry.milestone is None else entry.milestone + 1
    return kind, stage, entry.at, digest
