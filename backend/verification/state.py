"""What is known of an agreement while its events are read, and what must come next."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from backend.db.models import NO_MILESTONE as NO_MILESTONE_IN_TABLE
from backend.verification.arithmetic import share_up
from backend.verification.clocks import Calendar, Pauses
from backend.verification.differences import Difference, Side
from backend.verification.people import People
from backend.verification.rows import (
    Claim,
    Deduction,
    InterestPayment,
    Milestone,
    Payment,
    Row,
    Total,
)
from backend.verification.spool import NO_MILESTONE, Fact

PERFORMANCE, ADVANCE, RETENTION = 0, 1, 2
"""Of `GuaranteeKind`."""


@dataclass(slots=True)
class Due:
    """An event that must come next; `values` are those arguments that the rules determine.

    `gross` is what a payment must come to, `term` the place of a deduction in the agreed table.
    """

    name: str
    values: Row
    term: int = 0
    gross: int = 0


@dataclass
class State:
    """An agreement from its creation on. `number` is its place in the order of creation."""

    number: int
    created: Fact
    people: People
    calendar: Calendar
    total: Total = field(init=False)
    status: str = "signed"
    signed: bool = False
    advance_made: bool = False
    ends_at: int = 0
    milestones: list[Milestone] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    deductions: list[Deduction] = field(default_factory=list)
    claims: dict[tuple[int, str], Claim] = field(default_factory=dict)
    interest_payments: list[InterestPayment] = field(default_factory=list)
    final_account: Row | None = None
    moments: Row = field(default_factory=dict)
    counts: Row = field(default_factory=dict)
    guarantees: dict[int, tuple[int, int]] = field(default_factory=dict)
    pauses: Pauses = field(default_factory=Pauses)
    held_until: int = 0
    due: deque[Due] = field(default_factory=deque)
    owing: Fact | None = None
    differences: list[Difference] = field(default_factory=list)
    last: Fact = field(init=False)

    def __post_init__(self) -> None:
        self.terms: Row = self.created.values["terms"]
        self.parties: Row = self.created.values["parties"]
        self.conditions: Row = self.terms["conditions"]
        self.total = Total(self.terms["value"], self.terms["value"])
        # Nothing needs to come in where the value is zero.
        self.is_funded = self.terms["value"] == 0
        self.ends_at = self.terms["endsAt"]
        self.direct_paid = [0] * len(self.conditions["directPayments"])
        self.changed: list[tuple[int, int, int]] = []
        self.removed: list[int] = []
        self.scheduled_now: list[Milestone] = []
        self.proposals: dict[int, Row] = {}
        self.last = self.created

    @property
    def address(self) -> str:
        """The agreement's own."""
        return str(self.created.values["agreement"])

    @property
    def supplier(self) -> str:
        """Participant id."""
        return str(self.parties["supplier"])

    # --- what is found ---

    def differ(self, fact: Fact, column: str, expected: Any, found: Any) -> None:
        """Note that an event contradicts the rules."""
        self.differences.append(
            Difference(Side.EVENT, self.number, fact.name, fact.key, column, expected, found)
        )

    def require(self, fact: Fact, **expected: Any) -> None:
        """Compare arguments of an event with what they must be."""
        for name, value in expected.items():
            found = fact.values.get(name)
            if found != value:
                self.differ(fact, name, value, found)

    # --- what must come next ---

    def expect(self, name: str, *, term: int = 0, gross: int = 0, **values: Any) -> None:
        """Something must come after what is expected already; see `Due`."""
        self.due.append(Due(name, values, term, gross))

    def expected(self, fact: Fact) -> Due | None:
        """What was to come, if this is it: compared and done with; None if nothing was to come.

        Where something else was to come, that is missing.
        """
        while self.due and self.due[0].name != fact.name:
            missing = self.due.popleft()
            self.differ(fact, f"{missing.name} before it", missing.values, None)
        if not self.due:
            return None
        found = self.due.popleft()
        self.require(fact, **found.values)
        return found

    def finish(self) -> None:
        """Nothing comes any more."""
        for missing in self.due:
            self.differ(self.last, f"{missing.name} after it", missing.values, None)
        if self.owing is not None:
            self.differ(self.owing, "the payment that it is for", self.owing.values, None)

    # --- what follows from the state ---

    def milestone(self, fact: Fact) -> Milestone:
        """The milestone that an event is about."""
        number: int = fact.values["milestone"]
        return self.milestones[number]

    def is_held(self, now: int) -> bool:
        """Whether a hold is in force."""
        return now < self.held_until

    def is_guaranteed(self, now: int) -> bool:
        """`AgreementPayments._guaranteed`: only while work goes on do guarantees matter."""
        if self.status != "active":
            return True
        required = share_up(self.total.value, self.conditions["securityRate"])
        advance = self.total.advance_outstanding if self.conditions["advanceRate"] else 0
        return self.covers(PERFORMANCE, required, now) and self.covers(ADVANCE, advance, now)

    def covers(self, kind: int, required: int, now: int) -> bool:
        """Whether a guarantee reaches an amount and is in force."""
        amount, expires_at = self.guarantees.get(kind, (0, 0))
        return required == 0 or (amount >= required and expires_at > now)

    def payee_of(self, milestone: int | None) -> str:
        """Whom a payment is for."""
        return self.supplier if milestone is None else self.milestones[milestone].payee


def known(milestone: int) -> int | None:
    """The milestone that an event names, None for what belongs to none."""
    return None if milestone == NO_MILESTONE else milestone


def as_column(milestone: int | None) -> int:
    """The milestone of a claim as the table has it."""
    return NO_MILESTONE_IN_TABLE if milestone is None else milestone


def made(fact: Fact) -> Row:
    """The columns that say which event made a row."""
    return {
        "made_block": fact.block,
        "made_log_index": fact.log_index,
        "made_transaction": fact.transaction,
    }
