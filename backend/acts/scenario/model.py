"""What a scenario file may say. `examples/` shows it at work, with comments."""

from __future__ import annotations

import re
from datetime import timezone
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from backend.acts.scenario.moments import Moment, parse_moment, parse_zone, require_past
from backend.core.money import UnknownCurrencyError, exponent
from backend.core.yamlfiles import UNKNOWN_KEY

LARGEST_COMMITTEE = 32

_AMOUNT = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:_[0-9]{3})+)(?:\.[0-9]+)?")


def _amount(text: object) -> Decimal:
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError("a plain amount such as 48_000_000_000 or 1250000.50")
    return Decimal(text.replace("_", ""))


def _currency(text: str) -> str:
    try:
        exponent(text)
    except UnknownCurrencyError:
        raise ValueError("a code of ISO 4217 such as IDR") from None
    return text


def _text(text: object) -> object:
    if isinstance(text, str) and not text.strip():
        raise ValueError("a text")
    return " ".join(text.split()) if isinstance(text, str) else text


def _pattern(pattern: str, expected: str) -> BeforeValidator:
    def check(text: object) -> object:
        if not isinstance(text, str) or not re.fullmatch(pattern, text):
            raise ValueError(expected)
        return text

    return BeforeValidator(check)


_NAME = "[a-z0-9]+(?:-[a-z0-9]+)*"

Text = Annotated[str, BeforeValidator(_text)]
Name = Annotated[str, _pattern(_NAME, "a name of small letters, digits and hyphens")]
Reference = Annotated[
    str,
    _pattern(f"{_NAME}(?:/{_NAME})?", "a participant such as dinas-jalan, or its office after a /"),
]
Reason = Annotated[
    str,
    _pattern(f"(?=.{{1,32}}$){_NAME}", "a code of at most 32 small letters, digits and hyphens"),
]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Amount = Annotated[Decimal, PlainValidator(_amount)]
Day = Annotated[Moment, PlainValidator(parse_moment)]
PastDay = Annotated[Moment, PlainValidator(parse_moment), AfterValidator(require_past)]
Number = Annotated[int, Field(ge=1)]
Voters = Annotated[list[Reference], Field(min_length=1, max_length=LARGEST_COMMITTEE)]


class Part(BaseModel):
    """A mapping of the file; refuses a key that it does not know, and names those that it does."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, content: Any) -> Any:
        if isinstance(content, dict):
            for key in content:
                if key not in cls.model_fields:
                    keys = ", ".join(cls.model_fields)
                    raise PydanticCustomError(UNKNOWN_KEY, "{keys}", {"key": key, "keys": keys})
        return content


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


class Amend(Part):
    """A member of the committee proposes a change; it counts once the supplier signs."""

    act: Literal["amend"]
    at: PastDay
    by: Reference
    reason: Reason
    note: Text
    increase: Amount = Decimal(0)
    ends: Day | None = None
    milestones: list[Milestone] = Field(default_factory=list)


class Sign(Part):
    """The supplier signs the latest proposal."""

    act: Literal["sign"]
    at: PastDay


class Claim(Part):
    """The payee pulls what waits for it."""

    act: Literal["claim"]
    at: PastDay
    milestone: Number


class Close(Part):
    """Members of the committee close the contract."""

    act: Literal["close"]
    at: PastDay
    by: Voters
    reason: Reason
    note: Text


StoryAct = Annotated[
    Fund | Submit | Inspect | Accept | Reject | Amend | Sign | Claim | Close,
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
    currency: Annotated[str, AfterValidator(_currency)]
    zone: Annotated[timezone, PlainValidator(parse_zone)]
    participants: dict[Name, LegalPerson]
    budget: dict[Name, BudgetLine]
    contracts: Annotated[list[Contract], Field(min_length=1)]
