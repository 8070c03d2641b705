"""What a story takes place in: participants, working days, budget."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from backend.acts.calendar import Weekday
from backend.acts.scenario.parts import (
    Amount,
    Identifier,
    Name,
    Number,
    Part,
    PastDay,
    Reason,
    Reference,
    Text,
)

ANY_YEAR = 2001
"""Has no 29 February."""
LARGEST_YEARS = 11
"""The present year and the ten ahead that the chain takes."""


def _month_and_day(text: object) -> tuple[int, int]:
    try:
        month, day = map(int, re.findall(r"\A(\d\d)-(\d\d)\Z", str(text), re.ASCII)[0])
        date(ANY_YEAR, month, day)
    except (ValueError, IndexError):
        raise ValueError("a month and a day of it such as 08-17") from None
    return month, day


MonthAndDay = Annotated[tuple[int, int], PlainValidator(_month_and_day)]


class StandingChange(Part):
    """A participant is suspended, debarred or reinstated."""

    at: PastDay
    standing: Literal["active", "suspended", "debarred"]
    reason: Reason
    note: Text


class Succession(Part):
    """The legal person, or an `office` of it, gets another account, which `by` confirms.

    `by` is the participant itself, with the account that it gives up, or its legal person.
    """

    at: PastDay
    office: Name | None = None
    confirmed: PastDay
    by: Reference
    note: Text


class LegalPerson(Part):
    """A buyer or company, with its offices by name. Roles follow from the contracts."""

    scheme: Identifier
    identifier: Identifier
    name: Text
    registered: PastDay
    offices: dict[Name, Text] = Field(default_factory=dict)
    standing: list[StandingChange] = Field(default_factory=list)
    succession: list[Succession] = Field(default_factory=list)


class Calendar(Part):
    """The days that are not worked, of the year of `at` and of those that follow it.

    `holidays` are months and days; those that have begun at `at` stay as they were.
    """

    at: PastDay
    years: Annotated[Number, Field(le=LARGEST_YEARS)]
    weekend: Annotated[list[Weekday], Field(min_length=1, max_length=6)]
    holidays: list[MonthAndDay] = Field(default_factory=list)
    document: Text


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
