"""Loading a source: what is new is played, and every difference is in the report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.acts.accounts import Signer
from backend.acts.blocks import Refused, play
from backend.acts.load.books import Books
from backend.acts.load.contracts import ContractSteps, Subject
from backend.acts.load.outcomes import (
    Admitted,
    Moment,
    Refusal,
    admit,
    joined,
    settle,
    still_true,
)
from backend.acts.load.parties import CastNames, cast_of
from backend.acts.load.state import AgreementState, fiscal_year, read_agreements
from backend.acts.refusals import explain
from backend.acts.sending import Sender
from backend.chain.deployment import Deployment
from backend.chain.local import head_time, is_local
from backend.core.documents import DocumentStore
from backend.core.errors import AppError
from backend.ocds.report import report_lines
from backend.ocds.source import ReportLine, Source

Progress = Callable[[int, int], None]


class NotLocalChainError(AppError):
    """A load signs for every office and supplier, whose keys exist on the local chain only."""

    status = 422
    title = "Loading needs the local chain"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: the source as it was taken, the report, and how many steps were played."""

    source: Source
    report: tuple[ReportLine, ...]
    steps: int


def load(
    sender: Sender,
    admin: Signer,
    made: Deployment,
    store: DocumentStore,
    source: Source,
    progress: Progress = lambda _done, _total: None,
) -> Loaded:
    """Play whatever of `source` is not on the chain yet, in order of time.

    `progress` is told the steps done and the steps in all. Raises `NotLocalChainError`.
    """
    if not is_local(sender.rpc):
        raise NotLocalChainError(
            f"The node at {sender.rpc.url} is not Anvil. A load signs for every office and "
            "supplier of the source, and only the local chain has keys for them."
        )
    states = read_agreements(sender.rpc, made, store, source.contracts)
    moment = Moment(datetime.now(UTC), head_time(sender.rpc))
    admitted = [
        admit(contract, state, moment)
        for contract, state in zip(source.contracts, states, strict=True)
    ]
    parts = _parts(sender, admin, made, store, admitted, states)
    played = _play(sender, parts, progress)
    contracts, refused = settle([each.contract for each in admitted], played.refusals)
    kept = still_true((line for each in admitted for line in each.lines), refused)
    findings = joined(source.findings, [*kept, *refused])
    taken = Source(tuple(contracts), tuple(findings))
    return Loaded(taken, tuple(report_lines(taken)), played.steps)


@dataclass(frozen=True, slots=True)
class _Played:
    steps: int
    refusals: dict[tuple[str, str], list[Refusal]]


def _parts(
    sender: Sender,
    admin: Signer,
    made: Deployment,
    store: DocumentStore,
    admitted: Sequence[Admitted],
    states: Sequence[AgreementState],
) -> list[ContractSteps]:
    casts = [cast_of(each.contract) for each in admitted]
    years = [
        fiscal_year(each.contract, state, each.opening)
        for each, state in zip(admitted, states, strict=True)
    ]
    books = Books(sender, admin, made, store)
    books.open(casts, {each.contract.currency for each in admitted}, years)
    together = zip(admitted, casts, states, years, strict=True)
    return [
        ContractSteps(each.contract, cast, state, books, each.opening, year)
        for each, cast, state, year in together
    ]


def _play(sender: Sender, parts: Iterable[ContractSteps], progress: Progress) -> _Played:
    # Sorting keeps the order of the steps of one contract that bear the same second.
    steps = sorted((step for part in parts for step in part.steps()), key=lambda step: step.at)
    played = _Played(len(steps), defaultdict(list))
    done = 0

    def count(_: object) -> None:
        nonlocal done
        done += 1
        progress(done, len(steps))

    progress(0, len(steps))
    for refused in play(sender, steps, count):
        _note(refused, played)
    return played


def _note(refused: Refused, played: _Played) -> None:
    subject = refused.step.subject
    assert isinstance(subject, Subject)  # noqa: S101 - put there by ContractSteps
    part = subject.part
    if subject.is_signature:
        part.refuse()
    if subject.is_amendment:
        part.refuse_added()
    names = CastNames(part.cast, part.contract.currency)
    why = explain(refused.error.refusal, refused.error.detail, names)
    contract = part.contract
    played.refusals[contract.ocid, contract.contract_id].append(Refusal(subject, why))
