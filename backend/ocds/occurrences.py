"""Contracts that the source states more than once: which statement counts, and what that drops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backend.ocds.fields import Json, digest, part, parts
from backend.ocds.merging import CompiledRelease
from backend.ocds.payments import Place, labelled, money_of
from backend.ocds.reasons import Reason, ReasonCode
from backend.ocds.source import ReportLine


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One statement of a contract."""

    release: CompiledRelease
    data: Json

    @property
    def place(self) -> Place:
        """Where it stands."""
        contract_id = self.data.get("id")
        origin = self.release.origin_of(contract_id or "")
        return Place(origin, self.release.ocid or None, contract_id)

    @property
    def transactions(self) -> list[Json]:
        """Its payments as taken in."""
        return parts(self.data, "implementation", "transactions")

    def skipped(self, reason: Reason) -> list[ReportLine]:
        """The lines on this contract and on each of its payments when it is not loaded."""
        because = Reason(ReasonCode.CONTRACT_SKIPPED, f"its contract is skipped ({reason.code})")
        lines = [self.place.skipped(reason, part(self.data, "value"))]
        for label, _, transaction in labelled(self.transactions):
            lines.append(self.place.skipped(because, money_of(transaction), label))
        return lines


def choose(process: Sequence[CompiledRelease]) -> tuple[list[Occurrence], list[ReportLine]]:
    """The statement that counts of each contract of a process, and lines on all others.

    `process` is what is known of it, newest first: the newest statement counts, and in one release
    the first. A statement without an id stands for itself.
    """
    kept: list[Occurrence] = []
    findings: list[ReportLine] = []
    winners: dict[str, Occurrence] = {}
    for release in process:
        contracts = parts(release.data, "contracts")
        if not (release.ocid or contracts):
            findings.append(_without_process(release))
        for data in contracts:
            occurrence = Occurrence(release, data)
            contract_id = data.get("id")
            if contract_id in winners:
                findings += _dropped(occurrence, winners[contract_id])
                continue
            kept.append(occurrence)
            if contract_id:
                winners[contract_id] = occurrence
    return kept, findings


def _without_process(release: CompiledRelease) -> ReportLine:
    reason = Reason(ReasonCode.NO_OCID, "neither release nor record has an ocid")
    return Place(release.origin, None, None).skipped(reason, {})


def _dropped(occurrence: Occurrence, winner: Occurrence) -> list[ReportLine]:
    """The lines on a statement that does not count, and on the payments that only it has."""
    reason = _why(occurrence, winner)
    lines = [occurrence.place.skipped(reason, part(occurrence.data, "value"))]
    known = Counter(map(digest, winner.transactions))
    missing = Reason(reason.code, "not among the payments of the statement that counts")
    for label, _, transaction in labelled(occurrence.transactions):
        content = digest(transaction)
        if known[content]:
            known[content] -= 1
        else:
            lines.append(occurrence.place.skipped(missing, money_of(transaction), label))
    return lines


def _why(occurrence: Occurrence, winner: Occurrence) -> Reason:
    origin = winner.place.origin
    where = f"{origin.file}:{origin.line}"
    if digest(occurrence.data) == digest(winner.data):
        return Reason(ReasonCode.DUPLICATE_CONTRACT, f"the same as in {where}")
    if occurrence.release is winner.release:
        detail = f"the same id with other content as an earlier contract in {where}"
        return Reason(ReasonCode.DUPLICATE_CONTRACT, detail)
    return Reason(ReasonCode.SUPERSEDED, f"a newer release in {where} counts")
