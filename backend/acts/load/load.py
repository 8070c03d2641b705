"""Loading a source: what is new is played, and every difference is in the report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from backend.acts.accounts import Signer
from backend.acts.blocks import Refused, play
from backend.acts.load.books import Books
from backend.acts.load.contracts import ContractSteps, Subject, seconds
from backend.acts.load.parties import cast_of
from backend.acts.load.state import AgreementState, read_agreements
from backend.acts.refusals import explain
from backend.acts.sending import Sender
from backend.chain.deployment import Deployment
from backend.chain.local import head_time, is_local
from backend.core.documents import DocumentStore
from backend.core.errors import AppError
from backend.core.money import format_minor
from backend.ocds.contracts import paid_above_value
from backend.ocds.reasons import Outcome, Reason, ReasonCode
from backend.ocds.report import report_lines
from backend.ocds.source import ReportLine, Source, SourceContract, SourcePayment

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
    clock = head_time(sender.rpc)
    admitted = [
        _admit(contract, state, clock)
        for contract, state in zip(source.contracts, states, strict=True)
    ]
    contracts = [contract for contract, _ in admitted]
    findings = [*source.findings, *(line for _, lines in admitted for line in lines)]
    parts = _parts(sender, admin, made, store, contracts, states)
    played = _play(sender, parts, progress)
    contracts, refused_lines = _settle(contracts, played.refusals)
    taken = Source(tuple(contracts), (*findings, *refused_lines))
    return Loaded(taken, tuple(report_lines(taken)), played.steps)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why the chain refused a step of a contract."""

    subject: Subject
    why: str


@dataclass(frozen=True, slots=True)
class _Played:
    steps: int
    refusals: dict[tuple[str, str], list[_Refusal]]


def _parts(
    sender: Sender,
    admin: Signer,
    made: Deployment,
    store: DocumentStore,
    contracts: Sequence[SourceContract],
    states: Sequence[AgreementState],
) -> list[ContractSteps]:
    casts = [cast_of(contract) for contract in contracts]
    books = Books(sender, admin, made, store)
    books.open(
        casts,
        {contract.currency for contract in contracts},
        {contract.first_date.year for contract in contracts},
    )
    together = zip(contracts, casts, states, strict=True)
    return [ContractSteps(contract, cast, state, books) for contract, cast, state in together]


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
    if subject.is_signature:
        subject.part.refuse()
    contract = subject.part.contract
    why = f"{ReasonCode.REFUSED}: {explain(refused.error.refusal, refused.error.detail)}"
    played.refusals[contract.ocid, contract.contract_id].append(_Refusal(subject, why))


def _admit(
    contract: SourceContract, state: AgreementState, clock: int
) -> tuple[SourceContract, list[ReportLine]]:
    """The contract without the payments that cannot be played, and a line for each of those."""
    known = {item.payment_id for item in state.milestones}
    kept: list[SourcePayment] = []
    lines: list[ReportLine] = []
    for payment in contract.payments:
        reason = None if payment.id in known else _obstacle(contract, payment, state, known)
        if reason is not None:
            lines.append(_payment_line(contract, payment, Outcome.SKIPPED, str(reason)))
            continue
        kept.append(payment)
        if payment.id not in known and seconds(payment.date) < clock:
            late = Reason(ReasonCode.DATED_BEFORE_CHAIN, _late(payment, clock))
            lines.append(_payment_line(contract, payment, Outcome.LOADED, str(late)))
    return _with_payments(contract, kept, state), lines


def _obstacle(
    contract: SourceContract, payment: SourcePayment, state: AgreementState, known: set[str | None]
) -> Reason | None:
    if payment.payee.key == contract.buyer.key:
        return Reason(ReasonCode.PAYEE_IS_BUYER, f"{payment.payee.name} would pay itself")
    if payment.date > datetime.now(UTC):
        detail = f"{payment.date.isoformat()}; expected a payment that has been made"
        return Reason(ReasonCode.DATE_IN_FUTURE, detail)
    if state.closed:
        return Reason(ReasonCode.AGREEMENT_CLOSED, f"the agreement at {state.address} is closed")
    if None in known:
        detail = "a milestone of the agreement has lost its document and may be this payment"
        return Reason(ReasonCode.DOCUMENT_MISSING, detail)
    return None


def _with_payments(
    contract: SourceContract, kept: list[SourcePayment], state: AgreementState
) -> SourceContract:
    dropped = len(contract.payments) - len(kept)
    known = {item.payment_id for item in state.milestones}
    new = [payment for payment in kept if payment.id not in known]
    paid = sum(payment.amount for payment in kept)
    outcome = contract.outcome
    reasons = tuple(
        reason
        for reason in contract.reasons
        if not dropped or reason.code is not ReasonCode.PAID_ABOVE_VALUE
    )
    if dropped and paid > contract.value:
        reasons = (*reasons, paid_above_value(paid, contract.value, contract.currency))
    if not kept:
        outcome = Outcome.LOADED_WITHOUT_PAYMENTS
    elif state.exists and new:
        outcome = Outcome.LOADED_WITH_AMENDMENT
    elif paid <= contract.value:
        outcome = Outcome.LOADED
    if dropped and not kept:
        detail = f"all {dropped} payments are skipped"
        reasons = (*reasons, Reason(ReasonCode.ALL_PAYMENTS_SKIPPED, detail))
    if state.exists and not new:
        detail = f"the agreement at {state.address} has all of it"
        reasons = (*reasons, Reason(ReasonCode.ALREADY_LOADED, detail))
    return replace(contract, payments=tuple(kept), outcome=outcome, reasons=reasons)


def _settle(
    contracts: Sequence[SourceContract], refusals: dict[tuple[str, str], list[_Refusal]]
) -> tuple[list[SourceContract], list[ReportLine]]:
    """The contracts with what the chain took of them, and lines on what it refused."""
    taken: list[SourceContract] = []
    lines: list[ReportLine] = []
    for contract in contracts:
        refused = refusals.get((contract.ocid, contract.contract_id), [])
        signature = next((each.why for each in refused if each.subject.is_signature), None)
        gone = {each.subject.payment.id: each.why for each in refused if each.subject.payment}
        if signature is not None:
            lines.append(_contract_line(contract, Outcome.SKIPPED, signature))
            gone = {payment.id: signature for payment in contract.payments}
        else:
            kept = tuple(payment for payment in contract.payments if payment.id not in gone)
            outcome = contract.outcome if kept else Outcome.LOADED_WITHOUT_PAYMENTS
            taken.append(replace(contract, payments=kept, outcome=outcome))
        others = [each for each in refused if not each.subject.payment]
        lines += [
            _contract_line(contract, taken[-1].outcome, each.why)
            for each in others
            if not each.subject.is_signature
        ]
        lines += [
            _payment_line(contract, payment, Outcome.SKIPPED, gone[payment.id])
            for payment in contract.payments
            if payment.id in gone
        ]
    return taken, lines


def _payment_line(
    contract: SourceContract, payment: SourcePayment, outcome: Outcome, reason: str
) -> ReportLine:
    amount = format_minor(payment.amount, contract.currency)
    return ReportLine(
        file=contract.origin.file,
        line=contract.origin.line,
        ocid=contract.ocid,
        contract_id=contract.contract_id,
        payment_id=payment.id,
        outcome=outcome,
        reason=reason,
        value=amount,
        paid=amount if outcome is Outcome.LOADED else format_minor(0, contract.currency),
        currency=contract.currency,
    )


def _contract_line(contract: SourceContract, outcome: Outcome, reason: str) -> ReportLine:
    return ReportLine(
        file=contract.origin.file,
        line=contract.origin.line,
        ocid=contract.ocid,
        contract_id=contract.contract_id,
        outcome=outcome,
        reason=reason,
        value=format_minor(contract.value, contract.currency),
        paid=format_minor(0, contract.currency),
        currency=contract.currency,
    )


def _late(payment: SourcePayment, clock: int) -> str:
    stands = datetime.fromtimestamp(clock, UTC).isoformat()
    return (
        f"{payment.date.isoformat()}; the chain stands at {stands}, and its block bears that time"
    )
