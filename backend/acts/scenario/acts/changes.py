"""Guarantees, the advance payment, and amendments."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from backend.acts.scenario.parts import (
    Amount,
    Day,
    Name,
    Number,
    Part,
    PastDay,
    Reason,
    Reference,
    Text,
    Voters,
)
from backend.acts.scenario.schedule import Milestone


class Guarantee(Part):
    """Members of the committee record a guarantee that they have seen."""

    act: Literal["guarantee"]
    at: PastDay
    kind: Literal["performance", "advance", "retention"]
    amount: Amount
    until: Day
    by: Voters
    document: Text


class Advance(Part):
    """The advance is paid."""

    act: Literal["advance"]
    at: PastDay


class Change(Part):
    """A milestone as it shall be; what is left out stays as it is."""

    milestone: Number
    amount: Amount | None = None
    due: Day | None = None
    payee: Name | None = None
    remove: bool = False


class Amend(Part):
    """A member of the committee, or the supplier, proposes a change, and so signs it."""

    act: Literal["amend"]
    at: PastDay
    by: Reference
    reason: Reason
    note: Text
    legal_ground: Reason | None = None
    valid_until: Day | None = None
    increase: Amount = Decimal(0)
    decrease: Amount = Decimal(0)
    ends: Day | None = None
    changes: list[Change] = Field(default_factory=list)
    milestones: list[Milestone] = Field(default_factory=list)


class Sign(Part):
    """Others sign the latest proposal: the supplier where `by` is left out."""

    act: Literal["sign"]
    at: PastDay
    by: Voters | None = None


class Enact(Part):
    """The treasury brings in what a signed amendment needs, and so puts it in force."""

    act: Literal["enact"]
    at: PastDay
    deposit: Text


ChangesAct = Guarantee | Advance | Amend | Sign | Enact
