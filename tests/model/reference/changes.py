"""Guarantees, the advance, and amendments: the acts of `IAgreementChanges`."""

from __future__ import annotations

from dataclasses import dataclass, field

from reference.paying import Paying
from reference.people import Role
from reference.refusals import Checks, Refused, weigh
from reference.state import SENT_BACK, Milestone
from reference.values import (
    BASIS_POINTS,
    NO_MILESTONE,
    NONE,
    AgreementStatus,
    Amendment,
    Basis,
    Guarantee,
    GuaranteeKind,
    MilestoneChange,
    MilestoneStatus,
)

S, M = AgreementStatus, MilestoneStatus
CHANGEABLE = (M.SCHEDULED, *SENT_BACK)


@dataclass
class Proposal:
    """An amendment as proposed, with those who signed it."""

    terms: Amendment
    signers: set[bytes] = field(default_factory=set)


class Changes(Paying):
    """The acts that change what was agreed."""

    proposals: dict[int, Proposal]
    proposed: int

    # --- guarantees and the advance ---

    def record_guarantee(
        self,
        by: str,
        kind: GuaranteeKind,
        amount: int,
        expires_at: int,
        document: bytes,
    ) -> None:
        """The committee, having seen the original, records a guarantee."""
        decision = ("recordGuarantee", kind, amount, expires_at, document)
        weigh(self._may_record(by, decision, expires_at, document))
        if self.decide(by, decision):
            self.guarantees[kind] = Guarantee(amount, expires_at)
            self.tell(
                "GuaranteeRecorded",
                kind=kind,
                amount=amount,
                expires_at=expires_at,
                document=document,
            )

    def _may_record(
        self, by: str, decision: tuple[object, ...], expires_at: int, document: bytes
    ) -> Checks:
        yield from self.in_status(S.SIGNED, S.ACTIVE, S.COMPLETED, S.TERMINATED)
        yield from self.on_committee(by)
        if document == NONE:
            yield Refused("EvidenceMissing", milestone=NO_MILESTONE)
        if expires_at <= self.now:
            yield Refused("TooLate", present=self.now, latest=expires_at)
        yield from self.new_vote(by, decision, NO_MILESTONE)

    def pay_advance(self, by: str) -> None:
        """Anyone has the advance paid."""
        weigh(self._may_pay_advance())
        amount, ledger = self._advance(), self.ledger
        self.advance_paid = True
        ledger.advanced += amount
        ledger.outstanding += amount
        self.pay_received(amount, Basis.ADVANCE)

    def _may_pay_advance(self) -> Checks:
        yield from self.in_status(S.ACTIVE)
        yield from self.not_held()
        amount = self._advance()
        if self.advance_paid or not self._agreed_advance():
            yield Refused("AdvanceNotDue")
        yield from self.covers(GuaranteeKind.PERFORMANCE, self.security())
        yield from self.covers(GuaranteeKind.ADVANCE, amount)

    def _agreed_advance(self) -> int:
        return self.conditions.advance_rate * self.original_value // BASIS_POINTS

    def _advance(self) -> int:
        ahead = self.ledger.value - self.ledger.accepted
        recoverable = self.conditions.recovery_rate * ahead // BASIS_POINTS
        return min(self._agreed_advance(), recoverable)

    # --- proposal and signatures ---

    def propose_amendment(self, by: str, terms: Amendment) -> int:
        """The supplier or a member proposes an amendment, and so signs it; gives its number."""
        weigh(self._may_propose(by, terms))
        self.proposed += 1
        who = self.directory.who(by)
        self.proposals[self.proposed] = Proposal(terms, {who})
        self.tell("AmendmentProposed", amendment=self.proposed, by=who)
        self.tell("AmendmentSigned", amendment=self.proposed, by=who)
        return self.proposed

    def _may_propose(self, by: str, terms: Amendment) -> Checks:
        yield from self.in_status(S.ACTIVE)
        yield from self._is_signatory(by, self.parties.supplier, *self.parties.committee)
        of_value = terms.increase or terms.decrease
        if not (of_value or terms.ends_at or terms.changes or terms.milestones):
            yield Refused("AmendmentEmpty")
        yield from self.reasoned(terms.reason)
        if terms.increase and terms.decrease:
            yield Refused("AmendmentValueInvalid", increase=terms.increase, decrease=terms.decrease)
        yield from self._within_cap(terms)
        yield from self._offered(terms)

    def _is_signatory(self, by: str, *allowed: bytes) -> Checks:
        who = self.directory.who(by)
        if who not in allowed:
            yield Refused("CallerNotSignatory", caller=by, participant=who)
        else:
            yield from self.directory.active(who)

    def _offered(self, terms: Amendment) -> Checks:
        if terms.valid_until:
            yield from self.timely(terms.valid_until)

    def sign_amendment(self, by: str, number: int, terms: Amendment) -> None:
        """A signatory signs; with the last signature it takes effect, if no money is needed."""
        weigh(self._may_sign_amendment(by, number, terms))
        proposal, who = self.proposals[number], self.directory.who(by)
        if self._complete(terms, proposal.signers | {who}) and not self._needs_money(terms):
            weigh(self._may_take_effect(terms))
            self._take_effect(number, terms)
        proposal.signers.add(who)
        self.tell("AmendmentSigned", amendment=number, by=who)

    def _may_sign_amendment(self, by: str, number: int, terms: Amendment) -> Checks:
        yield from self.in_status(S.ACTIVE)
        yield from self._is_proposed(number, terms)
        yield from self._offered(terms)
        who = self.directory.who(by)
        signatories = [self.parties.supplier, *self.parties.committee]
        signatories += [who] if self._is_authority(who) else []
        yield from self._is_signatory(by, *signatories)
        if number in self.proposals and who in self.proposals[number].signers:
            yield Refused("AlreadyVoted", milestone=NO_MILESTONE, participant=who)

    def _is_proposed(self, number: int, terms: Amendment) -> Checks:
        """The number must stand for this content, and nothing may have changed since."""
        if number not in self.proposals or self.proposals[number].terms != terms:
            yield Refused("AmendmentUnknown", amendment=number)

    def _is_authority(self, participant: bytes) -> bool:
        person = self.directory.people.get(participant)
        return (
            person is not None
            and Role.AUTHORITY in person.roles
            and person.organization == self.parties.buyer
            and participant not in self.parties.committee
        )

    def enact_amendment(self, by: str, number: int, terms: Amendment) -> None:
        """The treasury brings in the money of a signed amendment, which takes effect."""
        weigh(self._may_enact(by, number, terms))
        weigh(self._may_take_effect(terms))
        self._take_effect(number, terms)
        ledger = self.ledger
        missing = ledger.value - ledger.funded
        if missing > 0:
            ledger.bring_in(missing, by)
            self.tell(
                "AgreementFunded", by=self.parties.treasury, amount=missing, funded=ledger.funded
            )

    def _may_enact(self, by: str, number: int, terms: Amendment) -> Checks:
        yield from self.in_status(S.ACTIVE)
        yield from self.is_party(by, self.parties.treasury)
        yield from self._is_proposed(number, terms)
        yield from self._offered(terms)
        signers = self.proposals[number].signers if number in self.proposals else set()
        if not self._complete(terms, signers):
            yield Refused(
                "AmendmentNotSigned",
                supplier=self.parties.supplier in signers,
                approvals=len(signers & set(self.parties.committee)),
                quorum=self.parties.quorum,
                authority=self._has_authority(terms, signers),
            )

    def _complete(self, terms: Amendment, signers: set[bytes]) -> bool:
        members = len(signers & set(self.parties.committee))
        both = self.parties.supplier in signers and members >= self.parties.quorum
        return both and self._has_authority(terms, signers)

    def _has_authority(self, terms: Amendment, signers: set[bytes]) -> bool:
        return not self._above_cap(terms) or any(map(self._is_authority, signers))

    def _needs_money(self, terms: Amendment) -> bool:
        return terms.increase > 0 and self._new_value(terms) > self.ledger.funded

    def _new_value(self, terms: Amendment) -> int:
        return self.ledger.value + terms.increase - terms.decrease

    def _largest(self) -> int:
        added = self.conditions.amendment_cap * self.original_value // BASIS_POINTS
        return self.original_value + added

    def _within_cap(self, terms: Amendment) -> Checks:
        if self._above_cap(terms) and terms.legal_ground == NONE:
            value, largest = self._new_value(terms), self._largest()
            yield Refused("AmendmentExceedsCap", value=value, largest=largest)

    def _above_cap(self, terms: Amendment) -> bool:
        return terms.increase > 0 and self._new_value(terms) > self._largest()

    # --- taking effect ---

    def _may_take_effect(self, terms: Amendment) -> Checks:
        value = self._new_value(terms)
        removed: set[int] = set()
        for change in terms.changes:
            yield from self._may_change(change, removed)
            removed |= {change.milestone} if change.removed else set()
        scheduled = self._scheduled_after(terms)
        if scheduled > value:
            yield Refused("ScheduleExceedsValue", scheduled=scheduled, value=value)
            if terms.decrease:
                yield Refused("AmendmentValueInvalid", increase=0, decrease=terms.decrease)

    def _may_change(self, change: MilestoneChange, removed: set[int]) -> Checks:
        if change.milestone >= len(self.milestones):
            yield from self.known(change.milestone)
            return
        item = self.milestones[change.milestone]
        kept = item.amount == change.amount and change.payee in {NONE, item.payee}
        if item.status not in CHANGEABLE or change.milestone in removed:
            gone = item.status == M.CANCELLED or change.milestone in removed
            if not kept or change.removed or gone:
                yield Refused("MilestoneNotChangeable", milestone=change.milestone)
        elif not change.removed:
            if item.accepted and change.amount <= item.accepted:
                smallest = item.accepted + 1
                yield Refused("AmountOutOfRange", given=change.amount, smallest=smallest)
            if self._payee(change.payee) != item.payee:
                yield from self.directory.active(self._payee(change.payee))

    def _payee(self, payee: bytes) -> bytes:
        return self.parties.supplier if payee == NONE else payee

    def _scheduled_after(self, terms: Amendment) -> int:
        """The schedule as it will be; a milestone that is changed twice keeps the last change."""
        amounts = {i: m.amount for i, m in enumerate(self.milestones) if m.status != M.CANCELLED}
        for change in terms.changes:
            if change.milestone in amounts:
                accepted = self.milestones[change.milestone].accepted
                amounts[change.milestone] = accepted if change.removed else change.amount
        return sum(amounts.values()) + sum(new.amount for new in terms.milestones)

    def _take_effect(self, number: int, terms: Amendment) -> None:
        ledger, previous = self.ledger, self.ledger.value
        ledger.value = self._new_value(terms)
        self.committed = ledger.value
        self.ends_at = terms.ends_at or self.ends_at
        self.proposals.clear()
        for change in terms.changes:
            self._change(change)
        for new in terms.milestones:
            self.schedule(new)
        self.tell(
            "AmendmentEnacted",
            amendment=number,
            previous_value=previous,
            value=ledger.value,
            ends_at=self.ends_at,
            reason=terms.reason,
            legal_ground=terms.legal_ground,
            document=terms.document,
        )

    def _change(self, change: MilestoneChange) -> None:
        item = self.milestones[change.milestone]
        if change.removed:
            self.finish(change.milestone, removed=True)
            return
        later = self._is_later(item, change.due_at)
        self.ledger.scheduled += change.amount - item.amount
        item.amount = change.amount
        # What is decided on or accepted keeps its payee.
        if item.status in CHANGEABLE:
            item.payee = self._payee(change.payee)
        if change.due_at != item.due_at:
            item.due_at, item.agreed_at = change.due_at, self.now
        self.tell(
            "MilestoneChanged",
            milestone=change.milestone,
            amount=item.amount,
            due_at=item.due_at,
            payee=item.payee,
        )
        if later:
            self.return_damages(change.milestone)

    def _is_later(self, item: Milestone, due_at: int) -> bool:
        return item.due_at != 0 and (due_at == 0 or due_at > item.due_at)
