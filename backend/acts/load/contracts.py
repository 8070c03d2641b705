"""The dated steps of one contract: signature, payments, amendment, closure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.acts.accounts import Signer
from backend.acts.blocks import Act, Step
from backend.acts.load.agreed import milestone_document, milestones_of, seconds, terms_of
from backend.acts.load.books import NOBODY, Books
from backend.acts.load.conditions import exceeds_cap
from backend.acts.load.parties import QUORUM, Cast, Member, legal_person
from backend.acts.load.state import (
    DISPUTED,
    INSPECTED,
    PARTLY_ACCEPTED,
    REJECTED,
    SCHEDULED,
    AgreementState,
    MilestoneState,
    raises_value,
    value_to_reach,
)
from backend.acts.sending import RefusedError, call
from backend.chain.contract import Refusal
from backend.chain.identity import code_to_bytes32
from backend.ocds.source import SourceContract, SourcePayment

CREATE_GAS, MILESTONE_GAS, APPROVE_GAS, FUND_GAS = 3_000_000, 150_000, 100_000, 400_000
VOTE_GAS, AMEND_GAS, CLOSE_GAS, DONE_GAS = 500_000, 1_000_000, 600_000, 3_000

ABOVE_VALUE, NEW_PAYMENTS = code_to_bytes32("paid-above-value"), code_to_bytes32("new-payments")
VALUE_RAISED = code_to_bytes32("value-raised")
PUBLISHED_AMENDMENT = code_to_bytes32("published-amendment")
CLOSED_STATUSES = {"terminated": "completed", "cancelled": "cancelled"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a step is about: a contract, and one of its payments if it is about one."""

    part: ContractSteps
    payment: SourcePayment | None = None
    is_signature: bool = False
    is_amendment: bool = False


class ContractSteps:
    """Everything that is still to be played of one contract.

    `opening` is when it is signed on the chain, and `year` the fiscal year that bears it.
    """

    def __init__(
        self,
        contract: SourceContract,
        cast: Cast,
        state: AgreementState,
        books: Books,
        opening: datetime,
        year: int,
    ) -> None:
        self.contract = contract
        self.cast = cast
        self.state = state
        self._books = books
        self._opening = opening
        self._year = year
        self._void = self._added_void = False
        known = {item.payment_id: number for number, item in enumerate(state.milestones)}
        self._known = known
        self._new = [each for each in contract.payments if each.id not in known]
        self._scheduled = list(self._new)
        self._added: list[SourcePayment] = []
        self._split()

    def refuse(self) -> None:
        """Play no further step of this contract."""
        self._void = True

    def refuse_added(self) -> None:
        """Play no payment that the amendment was to add."""
        self._added_void = True

    @property
    def added(self) -> frozenset[str]:
        """The ids of the payments that an amendment adds."""
        return frozenset(payment.id for payment in self._added)

    def steps(self) -> Iterator[Step]:
        """The steps in order of time."""
        subject, amendment = Subject(self), Subject(self, is_amendment=True)
        if not self.state.exists:
            signature = Subject(self, is_signature=True)
            yield self._step(seconds(self._opening), signature, self._sign)
        amended = False
        if not self._added and raises_value(self.contract, self.state):
            yield self._step(0, amendment, self._amend)
        for number, payment in self._open_payments():
            if self._added and not amended and payment.id == self._added[0].id:
                yield self._step(seconds(payment.date), amendment, self._amend)
                amended = True
            yield self._payment_step(number, payment)
        if self._is_to_close():
            yield self._step(self._closing_time(), subject, self._close)

    def _split(self) -> None:
        """Divide the new payments into those that signature schedules and those that need more."""
        if self.state.exists:
            self._scheduled, self._added = [], self._new
            return
        total = 0
        for index, payment in enumerate(self._new):
            total += payment.amount
            if total > self.contract.value:
                self._scheduled, self._added = self._new[:index], self._new[index:]
                return

    def _open_payments(self) -> Iterator[tuple[int, SourcePayment]]:
        ordered = [*self._scheduled, *self._added]
        first = len(self.state.milestones)
        new = {payment.id: first + index for index, payment in enumerate(ordered)}
        for payment in self.contract.payments:
            number = self._known.get(payment.id)
            if number is None:
                yield new[payment.id], payment
            elif self.state.milestones[number].is_open and not self.state.closed:
                yield number, payment

    def _step(self, at: int, subject: Subject, acts: Any) -> Step:
        return Step(at, subject, lambda: [] if self._void else list(acts()))

    def _payment_step(self, number: int, payment: SourcePayment) -> Step:
        subject = Subject(self, payment)
        return self._step(seconds(payment.date), subject, lambda: self._pay(number, payment))

    def _sign(self) -> Iterator[Act]:
        self._books.check_standing(self.cast.acting)
        yield from self._books.register(self.cast)
        yield from self._bring(self.contract.value, "signature")
        line = self._books.line(self.cast.buyer, self.contract.currency, self._year)
        terms = terms_of(self.contract, self._books, line)
        milestones = self._milestones(self._scheduled)
        arguments = (self.cast.parties, terms, milestones)
        what = call("AgreementFactory", self._books.made.factory, "create", *arguments)
        gas = CREATE_GAS + MILESTONE_GAS * len(milestones)
        yield Act(self.cast.committee[0].signer, what, gas)
        yield self._act(self.cast.supplier.signer, VOTE_GAS, "sign")
        yield from self._fund(self.contract.value, "fund", self.contract.value)

    def _amend(self) -> Iterator[Act]:
        scheduled = self.state.scheduled + sum(payment.amount for payment in self._scheduled)
        value = self.state.value if self.state.exists else self.contract.value
        total = scheduled + sum(payment.amount for payment in self._added)
        increase = max(0, max(total, value_to_reach(self.contract, self.state)) - value)
        exceeds = increase > 0 and exceeds_cap(self._original, value + increase)
        signatories = self._signatories(exceeds)
        payees = {legal_person(payment.payee) for payment in self._added}
        self._books.check_standing([*signatories, *payees])
        amendment = {
            "increase": increase,
            "decrease": 0,
            "endsAt": 0,
            "changes": [],
            "milestones": self._milestones(self._added),
            "reason": self._reason(total),
            "legalGround": PUBLISHED_AMENDMENT if exceeds else NOBODY,
            "document": NOBODY,
            "validUntil": 0,
        }
        gas = AMEND_GAS + MILESTONE_GAS * len(self._added)
        number = self.state.amendments + 1
        yield from self._books.register(self.cast, authority=exceeds)
        yield from self._bring(increase, f"amendment {number}")
        yield self._act(signatories[0].signer, gas, "proposeAmendment", amendment)
        for signatory in signatories[1:]:
            yield self._act(signatory.signer, gas, "signAmendment", number, amendment)
        yield from self._fund(increase, "enactAmendment", number, amendment)

    def _signatories(self, exceeds_cap: bool) -> list[Member]:
        """Who signs an amendment, beginning with who proposes it."""
        authority = [self.cast.authority] if exceeds_cap and self.cast.authority else []
        return [*self.cast.committee[:QUORUM], *authority, self.cast.supplier]

    @property
    def _original(self) -> int:
        """The value that the supplier signed."""
        return self.state.original if self.state.exists else self.contract.value

    def _reason(self, total: int) -> bytes:
        if total > self.contract.value:
            return ABOVE_VALUE
        return NEW_PAYMENTS if self._added else VALUE_RAISED

    def _pay(self, number: int, payment: SourcePayment) -> Iterator[Act]:
        if self._added_void and payment.id in self.added:
            return
        known = self.state.milestones
        fresh = MilestoneState(payment.id, SCHEDULED, 0, 0)
        state = known[number] if number < len(known) else fresh
        if state.status == DISPUTED:
            raise _not_payable(number)
        attempt = state.attempt
        evidence = self._books.store.write_json(milestone_document(payment))
        if not state.is_submitted:
            attempt += 1
            yield self._act(self.cast.supplier.signer, VOTE_GAS, "submit", number, evidence)
        if state.status != INSPECTED:
            arguments = (number, attempt, seconds(payment.date), evidence)
            yield self._act(self.cast.inspector.signer, VOTE_GAS, "attest", *arguments)
        votes = state.approvals if state.is_submitted else 0
        missing = QUORUM - votes.bit_count()
        fresh_members = [
            member
            for position, member in enumerate(self.cast.committee)
            if not votes >> position & 1
        ]
        for member in fresh_members[:missing]:
            yield self._act(member.signer, VOTE_GAS, "accept", number, attempt)

    def _close(self) -> Iterator[Act]:
        status = self.contract.status or ""
        if status == "terminated" and self._is_done():
            gas = CLOSE_GAS + DONE_GAS * len(self.contract.payments)
            yield self._act(self.cast.committee[0].signer, gas, "complete")
            return
        reason = code_to_bytes32(CLOSED_STATUSES[status])
        for member in self.cast.committee[:QUORUM]:
            yield self._act(member.signer, CLOSE_GAS, "terminate", reason, NOBODY)

    def _is_done(self) -> bool:
        """Whether every milestone is accepted once the payments of the source are played."""
        played = {number for number, _ in self._open_payments()}
        known = enumerate(self.state.milestones)
        done = all(number in played or not milestone.is_open for number, milestone in known)
        return done and not self._added_void and bool(played or self.state.milestones)

    def _is_to_close(self) -> bool:
        disputed = any(each.status == DISPUTED for each in self.state.milestones)
        return self.contract.status in CLOSED_STATUSES and not self.state.closed and not disputed

    def _closing_time(self) -> int:
        dates = [payment.date for payment in self.contract.payments[-1:]]
        return seconds(max([self._opening, *dates]))

    def _bring(self, amount: int, occasion: str) -> Iterator[Act]:
        reference = f"{self.contract.ocid}/{self.contract.contract_id}/{occasion}"
        yield from self._books.fund(
            self.cast, self.contract.currency, self._year, amount, reference
        )

    def _fund(self, amount: int, act: str, *arguments: object) -> Iterator[Act]:
        """The treasury brings in an amount by an act of its own."""
        if not amount:
            return
        signer, token = self.cast.treasury.signer, self._books.token(self.contract.currency)
        approve = call("SettlementToken", token, "approve", self.state.address, amount)
        yield Act(signer, approve, APPROVE_GAS)
        gas = FUND_GAS + (AMEND_GAS + MILESTONE_GAS * len(self._added)) * (act != "fund")
        yield self._act(signer, gas, act, *arguments)

    def _act(self, signer: Signer, gas: int, function: str, *arguments: object) -> Act:
        return Act(signer, call("Agreement", self.state.address, function, *arguments), gas)

    def _milestones(self, payments: list[SourcePayment]) -> list[dict[str, object]]:
        return milestones_of(self.contract, payments, self._books.store)


def _not_payable(milestone: int) -> RefusedError:
    """What the contract would say to the submission of a milestone in dispute."""
    expected = sum(1 << status for status in (SCHEDULED, REJECTED, PARTLY_ACCEPTED))
    values = {"milestone": milestone, "current": DISPUTED, "expected": expected}
    return RefusedError(Refusal("MilestoneUnexpectedStatus", values), "")
