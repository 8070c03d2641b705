"""What a scenario file may say. `examples/` shows it at work, with comments."""

from __future__ import annotations

from datetime import timezone
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator

from backend.acts.conditions import ConditionsDraft
from backend.acts.scenario.moments import parse_zone
from backend.acts.scenario.parts import (
    Amount,
    Day,
    Identifier,
    Name,
    Number,
    Part,
    PastDay,
    Reason,
    Reference,
    Text,
    Voters,
    known_currency,
)
from backend.acts.scenario.rules import RuleAct


class StandingChange(Part):
    """A participant is suspended, debarred or reinstated."""

    at: PastDay
    standing: Literal["active", "suspended", "debarred"]
    reason: Reason
    note: Text


class LegalPerson(Part):
    """A buyer or company, with its offices by name. Roles follow from the contracts."""

    scheme: Identifier
    identifier: Identifier
    name: Text
    registered: PastDay
    offices: dict[Name, Text] = Field(default_factory=dict)
    standing: list[StandingChange] = Field(default_factory=list)


class Appropriation(Part):
    """A budget line is opened, raised or lowered to `total`."""

    at: PastDay
    total: Amount
    document: Text


class BudgetLine(Part):
    """A line of a budget, of the year in which the first contract is signed that spends it."""

    buyer: Name
    code: Identifier
    title: Text
    appropriations: Annotated[list[Appropriation], Field(min_length=1)]


class Milestone(Part):
    """What acceptance pays, by when, and to whom if not to the supplier."""

    title: Text
    amount: Amount
    due: Day | None = None
    payee: Name | None = None


class Fund(Part):
    """The treasury brings in what is missing to the value, issued against a bank deposit."""

    act: Literal["fund"]
    at: PastDay
    deposit: Text


class Submit(Part):
    """The supplier says that a milestone is reached."""

    act: Literal["submit"]
    at: PastDay
    milestone: Number
    evidence: Text


class Inspect(Part):
    """An inspector attests what was seen; the first of the contract where `by` is left out."""

    act: Literal["inspect"]
    at: PastDay
    milestone: Number
    seen: PastDay
    report: Text
    by: Reference | None = None


class Accept(Part):
    """Members of the committee accept a milestone."""

    act: Literal["accept"]
    at: PastDay
    milestone: Number
    by: Voters


class Reject(Part):
    """Members of the committee reject a milestone."""

    act: Literal["reject"]
    at: PastDay
    milestone: Number
    by: Voters
    reason: Reason
    note: Text


class Change(Part):
    """A milestone as it shall be; amount, due day and payee are told anew."""

    milestone: Number
    amount: Amount
    due: Day | None = None
    payee: Name | None = None
    removed: bool = False


class Amend(Part):
    """A change is proposed, by a member of the committee or the supplier."""

    act: Literal["amend"]
    at: PastDay
    by: Reference
    reason: Reason
    note: Text
    increase: Amount = Decimal(0)
    decrease: Amount = Decimal(0)
    ends: Day | None = None
    changes: list[Change] = Field(default_factory=list)
    milestones: list[Milestone] = Field(default_factory=list)
    legal_ground: Reason | None = None


class Sign(Part):
    """Others sign the latest proposal: the supplier where `by` is left out."""

    act: Literal["sign"]
    at: PastDay
    by: Voters | None = None


class Claim(Part):
    """The payee pulls what waits for it, for a milestone or for what belongs to none."""

    act: Literal["claim"]
    at: PastDay
    milestone: Number | None = None


StoryAct = Annotated[
    Fund | Submit | Inspect | Accept | Reject | Amend | Sign | Claim | RuleAct,
    Field(discriminator="act"),
]


class Contract(Part):
    """One contract and its story; the first of the committee deploys it when it is signed."""

    ocid: Identifier
    id: Identifier
    title: Text
    description: Text
    buyer: Name
    supplier: Name
    other_suppliers: list[Name] = Field(default_factory=list)
    treasury: Reference
    committee: Voters
    quorum: Number
    inspectors: list[Reference] = Field(default_factory=list)
    arbiter: Reference | None = None
    authority: Reference | None = None
    auditors: list[Reference] = Field(default_factory=list)
    conditions: ConditionsDraft | None = None
    budget: Name
    value: Amount
    signed: PastDay
    starts: Day
    ends: Day
    milestones: Annotated[list[Milestone], Field(min_length=1)]
    story: list[StoryAct] = Field(default_factory=list)


class Story(Part):
    """The whole file."""

    title: Text
    currency: Annotated[str, AfterValidator(known_currency)]
    zone: Annotated[timezone, PlainValidator(parse_zone)]
    participants: dict[Name, LegalPerson]
    budget: dict[Name, BudgetLine]
    contracts: Annotated[list[Contract], Field(min_length=1)]
