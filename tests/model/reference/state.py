"""What an agreement knows, and the guards that its acts share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from reference.clocks import Calendar, Pauses
from reference.ledger import Ledger
from reference.people import Directory, Role
from reference.refusals import Checks, Refused
from reference.values import (
    DAY,
    NONE,
    AgreementStatus,
    Conditions,
    Event,
    Ground,
    Guarantee,
    GuaranteeKind,
    MilestoneStatus,
    MilestoneTerms,
    Parties,
)

UNDER_DECISION = (MilestoneStatus.SUBMITTED, MilestoneStatus.INSPECTED)
SENT_BACK = (MilestoneStatus.REJECTED, MilestoneStatus.PARTLY_ACCEPTED)


@dataclass
class Accepted:
    """A part of a milestone that was accepted, and the damages that this was assessed with."""

    gross: int
    submitted_at: int
    assessed: int


@dataclass
class Milestone:
    """A milestone: as agreed, and as it stands. PAID stands for PAID and OWED here."""

    amount: int
    due_at: int
    agreed_at: int
    payee: bytes
    direct: list[tuple[bytes, int]]
    status: MilestoneStatus = MilestoneStatus.SCHEDULED
    accepted: int = 0
    parts: list[Accepted] = field(default_factory=list)
    attempt: int = 0
    approvals: set[bytes] = field(default_factory=set)
    rejections: set[bytes] = field(default_factory=set)
    submitted_at: int = 0
    review_span: int = 0
    decided_at: int = 0
    disputed_at: int = 0
    offers: dict[str, int] = field(default_factory=dict)

    @property
    def rest(self) -> int:
        """What of it is not accepted."""
        return self.amount - self.accepted

    @property
    def done(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self.status in (MilestoneStatus.PAID, MilestoneStatus.CANCELLED)


class State:
    """Everything that the rules speak of, and no rule yet."""

    def __init__(
        self,
        parties: Parties,
        conditions: Conditions,
        directory: Directory,
        calendar: Calendar,
        ledger: Ledger,
        *,
        now: int,
        ends_at: int = 0,
    ) -> None:
        self.parties = parties
        self.conditions = conditions
        self.directory = directory
        self.calendar = calendar
        self.ledger = ledger
        self.now = self.deployed_at = now
        self.ends_at = ends_at
        self.original_value = ledger.value
        self.committed = ledger.value
        self.status = AgreementStatus.SIGNED
        self.signed = self.advance_paid = False
        self.milestones: list[Milestone] = []
        self.guarantees: dict[GuaranteeKind, Guarantee] = defaultdict(Guarantee)
        self.pauses = Pauses()
        self.ground = Ground.NONE
        self.completed_at = 0
        self.noticed_at = 0
        self.votes: dict[tuple[object, ...], set[bytes]] = defaultdict(set)
        self.events: list[Event] = []

    def tell(self, name: str, **arguments: object) -> None:
        """Add an event of the act that is going on."""
        self.events.append(Event(name, arguments))

    def schedule(self, terms: MilestoneTerms) -> None:
        """Add a milestone."""
        index, payee = len(self.milestones), terms.payee
        direct = self.conditions.direct_payments
        self.milestones.append(
            Milestone(
                amount=terms.amount,
                due_at=terms.due_at,
                agreed_at=self.now,
                payee=self.parties.supplier if payee == NONE else payee,
                direct=[(d.recipient, d.amount) for d in direct if d.milestone == index],
            )
        )
        self.ledger.scheduled += terms.amount

    # --- guards: each yields what is wrong ---

    def in_status(self, *allowed: AgreementStatus) -> Checks:
        """The agreement must be in one of these."""
        if self.status not in allowed:
            bits = sum(1 << status for status in allowed)
            yield Refused("AgreementUnexpectedStatus", current=self.status, expected=bits)

    def not_held(self) -> Checks:
        """No hold may be in force."""
        until = self.held_until()
        if until:
            yield Refused("AgreementHeld", until=until)

    def is_party(self, by: str, expected: bytes) -> Checks:
        """The caller must be this participant."""
        found = self.directory.who(by)
        if found != expected:
            yield Refused("CallerNotParty", caller=by, participant=found, expected=expected)

    def on_committee(self, by: str) -> Checks:
        """The caller must be an active member."""
        found = self.directory.who(by)
        if found not in self.parties.committee:
            yield Refused("CallerNotOnCommittee", caller=by, participant=found)
        else:
            yield from self.directory.active(found, Role.COMMITTEE)

    def known(self, milestone: int) -> Checks:
        """The milestone must be one of the schedule."""
        count = len(self.milestones)
        if milestone >= count:
            yield Refused("MilestoneUnknown", milestone=milestone, count=count)

    def stands(self, milestone: int, *allowed: MilestoneStatus) -> Checks:
        """The milestone must exist, in one of these statuses."""
        if milestone >= len(self.milestones):
            yield from self.known(milestone)
            return
        current = self.milestones[milestone].status
        if current not in allowed:
            bits = sum(1 << status for status in allowed)
            yield Refused(
                "MilestoneUnexpectedStatus", milestone=milestone, current=current, expected=bits
            )

    def latest(self, milestone: int, attempt: int) -> Checks:
        """The act must be about the latest submission."""
        if milestone < len(self.milestones):
            current = self.milestones[milestone].attempt
            if current != attempt:
                yield Refused(
                    "MilestoneStaleAttempt", milestone=milestone, given=attempt, current=current
                )

    def reasoned(self, reason: bytes) -> Checks:
        """A coded reason must be given."""
        if reason == NONE:
            yield Refused("ReasonMissing")

    def within(self, given: int, smallest: int, largest: int) -> Checks:
        """An amount must lie between two others."""
        if not smallest <= given <= largest:
            yield Refused("AmountOutOfRange", given=given, smallest=smallest, largest=largest)

    def ripe(self, earliest: int) -> Checks:
        """The moment must have passed."""
        if self.now <= earliest:
            yield Refused("TooEarly", present=self.now, earliest=earliest)

    def timely(self, latest: int) -> Checks:
        """The moment must not have passed."""
        if self.now > latest:
            yield Refused("TooLate", present=self.now, latest=latest)

    def new_vote(self, by: str, decision: tuple[object, ...], milestone: int) -> Checks:
        """Nobody votes twice for the same decision."""
        who = self.directory.who(by)
        if who in self.votes[decision]:
            yield Refused("AlreadyVoted", milestone=milestone, participant=who)

    def decide(self, by: str, decision: tuple[object, ...]) -> bool:
        """Count a vote; True when it completes the quorum, after which the votes are spent."""
        self.votes[decision].add(self.directory.who(by))
        self.tell_vote(by, decision)
        if len(self.votes[decision]) < self.parties.quorum:
            return False
        del self.votes[decision]
        return True

    def tell_vote(self, by: str, decision: tuple[object, ...]) -> None:
        """Add the event of a vote."""
        self.tell(
            "DecisionApproved",
            by=self.directory.who(by),
            approvals=len(self.votes[decision] & set(self.parties.committee)),
            quorum=self.parties.quorum,
        )

    # --- what follows from the state ---

    def held_until(self) -> int:
        """When the hold in force ends; 0 if there is none."""
        raise NotImplementedError

    def status_of(self, milestone: int) -> MilestoneStatus:
        """The status as it is told: what is accepted is owed while its payee's claim waits."""
        item = self.milestones[milestone]
        waits = (milestone, item.payee) in self.ledger.claims
        owed = item.status == MilestoneStatus.PAID and waits
        return MilestoneStatus.OWED if owed else item.status

    def attempt_of(self, milestone: int) -> int:
        """The number of the latest submission; 0 for a milestone that is not known."""
        known = milestone < len(self.milestones)
        return self.milestones[milestone].attempt if known else 0

    def end_of(self, start: int, seconds: int) -> int:
        """When a period ends, as the clocks stand."""
        return self.pauses.end(start, seconds, self.now)

    def review_ends(self, item: Milestone) -> int:
        """When the review of the latest submission ends: at once where none is agreed."""
        return self.end_of(item.submitted_at, item.review_span * DAY)

    def dispute_ends(self, item: Milestone) -> int:
        """The last moment in which a decision can be disputed."""
        return self.end_of(item.decided_at, self.conditions.dispute_days * DAY)

    def defects_end(self) -> int:
        """When the defects liability period ends."""
        return self.end_of(self.completed_at, self.conditions.defects_days * DAY)

    def account(self, participant: bytes) -> str:
        """The account of a participant."""
        return self.directory.people[participant].account

    def is_own(self, participant: bytes) -> bool:
        """Whether a participant is of a party's own legal person."""
        p = self.parties
        named = [p.buyer, p.supplier, p.treasury, *p.committee, *p.inspectors]
        named += [p.arbiter] if p.arbiter != NONE else []
        people = self.directory.people
        return people[participant].legal_person in {people[n].legal_person for n in named}
