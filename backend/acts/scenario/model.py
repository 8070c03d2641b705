"""What a scenario file may say. `examples/` shows it at work, with comments."""

from __future__ import annotations

from datetime import timezone
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator

from backend.acts.conditions import LARGEST_DIRECTS, ConditionsDraft
from backend.acts.scenario.acts import StoryAct
from backend.acts.scenario.moments import parse_zone
from backend.acts.scenario.parts import (
    Amount,
    Day,
    Identifier,
    Name,
    Number,
    Part,
    PastDay,
    Reference,
    Text,
    Voters,
    known_currency,
)
from backend.acts.scenario.schedule import Milestone
from backend.acts.scenario.setting import BudgetLine, Calendar, LegalPerson
from backend.acts.tendering import TenderDraft


class DirectPayment(Part):
    """What a milestone pays straight to a subcontractor."""

    milestone: Number
    to: Name
    amount: Amount


class Contract(Part):
    """One contract and its story.

    The first of the committee deploys it when it is signed, and the supplier signs it then. What is
    paid straight to subcontractors is part of its conditions.
    """

    ocid: Identifier
    id: Identifier
    title: Text
    description: Text
    tender: TenderDraft | None = None
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
    conditions: Name
    direct_payments: Annotated[list[DirectPayment], Field(max_length=LARGEST_DIRECTS)] = Field(
        default_factory=list
    )
    budget: Name
    value: Amount
    signed: PastDay
    starts: Day
    ends: Day
    milestones: Annotated[list[Milestone], Field(min_length=1)]
    story: list[StoryAct] = Field(default_factory=list)


class Story(Part):
    """The whole file. `conditions` are sets of general conditions, which contracts name."""

    title: Text
    currency: Annotated[str, AfterValidator(known_currency)]
    zone: Annotated[timezone, PlainValidator(parse_zone)]
    participants: dict[Name, LegalPerson]
    calendar: list[Calendar] = Field(default_factory=list)
    budget: dict[Name, BudgetLine]
    conditions: dict[Name, ConditionsDraft]
    contracts: Annotated[list[Contract], Field(min_length=1)]
