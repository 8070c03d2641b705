"""Money that comes in, and the life of a milestone from submission to payment."""

from __future__ import annotations

from typing import Literal

from backend.acts.scenario.parts import (
    Amount,
    Number,
    Part,
    PastDay,
    Reason,
    Reference,
    Text,
    Voters,
)


class Fund(Part):
    """The treasury brings in the value, issued against a bank deposit."""

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
    """Members of the committee accept what is left of a milestone."""

    act: Literal["accept"]
    at: PastDay
    milestone: Number
    by: Voters


class AcceptOffline(Part):
    """Members sign an acceptance offline; `bearer`, else the supplier, brings it in."""

    act: Literal["accept-offline"]
    at: PastDay
    milestone: Number
    by: Voters
    bearer: Reference | None = None


class AcceptPart(Part):
    """Members of the committee accept a part of what was submitted."""

    act: Literal["accept-part"]
    at: PastDay
    milestone: Number
    amount: Amount
    by: Voters
    reason: Reason
    note: Text


class Reject(Part):
    """Members of the committee reject a milestone."""

    act: Literal["reject"]
    at: PastDay
    milestone: Number
    by: Voters
    reason: Reason
    note: Text


class Silence(Part):
    """The review period is over and nobody decided: accepted all the same."""

    act: Literal["silence"]
    at: PastDay
    milestone: Number


class Claim(Part):
    """What waits is paid, for a milestone or for what belongs to none; `payee` else its payee."""

    act: Literal["claim"]
    at: PastDay
    milestone: Number | None = None
    payee: Reference | None = None


class PayInterest(Part):
    """The treasury pays interest for late payment, issued against a bank deposit."""

    act: Literal["interest"]
    at: PastDay
    amount: Amount
    deposit: Text


WorkAct = (
    Fund
    | Submit
    | Inspect
    | Accept
    | AcceptOffline
    | AcceptPart
    | Reject
    | Silence
    | Claim
    | PayInterest
)
