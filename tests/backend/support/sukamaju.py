"""What the stories of the example are told with: moments, what happened, and why."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from backend.chain.identity import bytes32_to_code

WIB = timezone(timedelta(hours=7))
ACTS = (
    "MilestoneSubmitted",
    "MilestoneAttested",
    "MilestoneApproved",
    "MilestonePartlyAccepted",
    "MilestoneDisapproved",
    "MilestoneRejected",
    "DisputeOpened",
    "PaymentMade",
    "PaymentOwed",
    "ClaimPaid",
)


def at(day: int, hour: int, minute: int) -> int:
    """Unix seconds of a local time, so many days from 2 March 2026."""
    moment = datetime(2026, 3, 2, hour, minute, tzinfo=WIB) + timedelta(day)
    return int(moment.timestamp())


def acts_on(agreement: Any, milestone: int) -> list[tuple[int, str]]:
    """What happened to a milestone, which counts from 1."""
    found = agreement.named(*ACTS)
    return [(time, name) for time, name, values in found if values["milestone"] == milestone - 1]


def codes(agreement: Any, name: str) -> list[tuple[int, str]]:
    """Time and coded reason of each event of a name."""
    return [(time, bytes32_to_code(values["reason"])) for time, _, values in agreement.named(name)]
