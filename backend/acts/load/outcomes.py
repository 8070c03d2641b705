"""What becomes of each contract and payment: what can be played, and what the chain then took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from backend.acts.load.agreed import seconds
from backend.acts.load.contracts import Subject
from backend.acts.load.state import AgreementState, raises_value
from backend.core.money import format_minor
from backend.ocds.contracts import paid_above_value
from backend.ocds.reasons import Outcome, Reason, ReasonCode
from backend.ocds.source import ReportLine, SourceContract, SourcePayment


@dataclass(frozen=True, slots=True)
class Moment:
    """When a load is done: the present, and the chain's clock in Unix seconds."""

    now: datetime
    clock: int


@dataclass(frozen=True, slots=True)
class Admitted:
    """A contract with the payments that can be played, a line on each other one or late one.

    `opening` is when it is signed on the chain: never later than the present, since the chain's
    clock does not go back.
    """

    contract: SourceContract
    lines: tuple[ReportLine, ...]
    opening: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the chain refused a step of a contract."""

    subject: Subject
    why: str

    @property
    def reason(self) -> Reason:
        """The same for the report."""
        return Reason(ReasonCode.REFUSED, self.why)


def admit(contract: SourceContract, state: AgreementState, moment: Moment) -> Admitted:
    """The contract without the payments that cannot be played, and a line for each of those."""
    known = {item.payment_id for item in state.milestones}
    kept: list[SourcePayment] = []
    lines: list[ReportLine] = []
    for payment in contract.payments:
        reason = None if payment.id in known else _obstacle(contract, payment, state, moment)
        if reason is not None:
            lines.append(_payment_line(contract, payment, Outcome.SKIPPED, str(reason)))
            continue
        kept.append(payment)
        if payment.id not in known and seconds(payment.date) < moment.clock:
            late = Reason(ReasonCode.DATED_BEFORE_CHAIN, _late(payment, moment.clock))
            lines.append(_payment_line(contract, payment, Outcome.LOADED, str(late)))
    taken = _with_payments(contract, kept, state)
    dated = taken if taken.date_signed or taken.start or kept else contract
    return Admitted(taken, tuple(lines), min(dated.first_date, moment.now))


def _obstacle(
    contract: SourceContract, payment: SourcePayment, state: AgreementState, moment: Moment
) -> Reason | None:
    if payment.payee.key == contract.buyer.key:
        return Reason(ReasonCode.PAYEE_IS_BUYER, f"{payment.payee.name} would pay itself")
    if payment.date > moment.now:
        detail = f"{payment.date.isoformat()}; expected a payment that has been made"
        return Reason(ReasonCode.DATE_IN_FUTURE, detail)
    if state.closed:
        return Reason(ReasonCode.AGREEMENT_CLOSED, f"the agreement at {state.address} is closed")
    if any(item.payment_id is None for item in state.milestones):
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
    elif state.exists and (new or raises_value(contract, state)):
        outcome = Outcome.LOADED_WITH_AMENDMENT
    elif paid <= contract.value:
        outcome = Outcome.LOADED
    if dropped and not kept:
        detail = f"all {dropped} payments are skipped"
        reasons = (*reasons, Reason(ReasonCode.ALL_PAYMENTS_SKIPPED, detail))
    if state.exists and not new and not raises_value(contract, state):
        reasons = (*reasons, _already_loaded(contract, paid, state))
    return replace(contract, payments=tuple(kept), outcome=outcome, reasons=reasons)


def _already_loaded(contract: SourceContract, paid: int, state: AgreementState) -> Reason:
    detail = f"the agreement at {state.address} has all of it"
    if max(contract.value, paid) != state.value:
        detail += f"; its value stays {format_minor(state.value, contract.currency)}"
    return Reason(ReasonCode.ALREADY_LOADED, detail)


def settle(
    contracts: Sequence[SourceContract], refusals: Mapping[tuple[str, str], Sequence[Refusal]]
) -> tuple[list[SourceContract], list[ReportLine]]:
    """The contracts with what the chain took of them, and lines on what it refused."""
    taken: list[SourceContract] = []
    lines: list[ReportLine] = []
    for contract in contracts:
        refused = refusals.get((contract.ocid, contract.contract_id), [])
        signature = next((each.reason for each in refused if each.subject.is_signature), None)
        gone = _gone(contract, refused)
        if signature is not None:
            lines.append(_contract_line(contract, Outcome.SKIPPED, str(signature)))
        else:
            taken.append(_as_taken(contract, refused, gone))
        lines += [
            _payment_line(contract, payment, Outcome.SKIPPED, str(gone[payment.id]))
            for payment in contract.payments
            if payment.id in gone
        ]
    return taken, lines


def _gone(contract: SourceContract, refused: Sequence[Refusal]) -> dict[str, Reason]:
    """The payments that were not made, each with the first thing that was refused of it."""
    gone = {each.subject.payment.id: each.reason for each in refused if each.subject.payment}
    for each in refused:
        if each.subject.is_amendment:
            gone |= dict.fromkeys(each.subject.part.added, each.reason)
        if each.subject.is_signature:
            gone |= {payment.id: each.reason for payment in contract.payments}
    return gone


def _as_taken(
    contract: SourceContract, refused: Sequence[Refusal], gone: Mapping[str, Reason]
) -> SourceContract:
    """The contract without the payments that are gone; what else was refused is a reason."""
    kept = tuple(payment for payment in contract.payments if payment.id not in gone)
    others = tuple(each.reason for each in refused if not each.subject.payment)
    amended = any(each.subject.is_amendment for each in refused)
    outcome = Outcome.LOADED if amended else contract.outcome
    return replace(
        contract,
        payments=kept,
        outcome=outcome if kept else Outcome.LOADED_WITHOUT_PAYMENTS,
        reasons=(*others, *contract.reasons),
    )


def joined(findings: Iterable[ReportLine], later: Iterable[ReportLine]) -> list[ReportLine]:
    """`findings` and `later`, where a payment that was found to be loadable has one line only.

    The line says what became of the payment in the end, and every reason, the last one first.
    """
    lines = list(findings)
    places = {_key(line): n for n, line in enumerate(lines) if _is_of_loaded_payment(line)}
    for line in later:
        place = places.get(_key(line))
        if place is not None:
            lines[place] = replace(line, reason=f"{line.reason} | {lines[place].reason}")
            continue
        if _is_of_loaded_payment(line):
            places[_key(line)] = len(lines)
        lines.append(line)
    return lines


def still_true(lines: Iterable[ReportLine], refused: Iterable[ReportLine]) -> list[ReportLine]:
    """`lines` without what they say of payments that were refused in the end."""
    gone = {_key(line) for line in refused}
    return [line for line in lines if _key(line) not in gone]


def _is_of_loaded_payment(line: ReportLine) -> bool:
    return line.payment_id is not None and line.outcome is Outcome.LOADED


def _key(line: ReportLine) -> tuple[str | None, ...]:
    return line.ocid, line.contract_id, line.payment_id


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
