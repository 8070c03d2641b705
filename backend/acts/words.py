"""Words for what the contracts count: statuses, roles, kinds, rates, moments."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

NO_MILESTONE = 2**256 - 1
"""The milestone of what belongs to none: the advance, retention, interest."""

AGREEMENT_STATUS = (
    "unknown",
    "awaiting signature or money",
    "active",
    "closed",
    "completed",
    "terminated",
)
MILESTONE_STATUS = (
    "unknown",
    "scheduled",
    "submitted",
    "inspected",
    "rejected",
    "paid",
    "owed",
    "cancelled",
    "disputed",
    "partly accepted",
)
STANDING = ("not registered", "active", "suspended", "debarred")
ROLES = (
    "buyer",
    "supplier",
    "committee",
    "inspector",
    "treasury",
    "auditor",
    "arbiter",
    "authority",
    "collector",
)
GUARANTEES = ("performance security", "advance guarantee", "retention guarantee")
GROUNDS = ("nothing", "the buyer's decision", "both sides' agreement", "default", "lapse")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

BASIS_POINTS = 10_000
MILLIONTHS = 1_000_000


def bits(value: int, labels: tuple[str, ...]) -> list[str]:
    """The labels whose bits are set."""
    return [label for position, label in enumerate(labels) if value >> position & 1]


TO_THE_SECOND, TO_THE_MINUTE, TO_THE_DAY = "%Y-%m-%d %H:%M:%S %Z", "%Y-%m-%d %H:%M %Z", "%Y-%m-%d"


def moment(seconds: int, zone: tzinfo = UTC, pattern: str = TO_THE_SECOND) -> str:
    """Unix seconds as a date; a number that is no date as it is."""
    try:
        return datetime.fromtimestamp(seconds, zone).strftime(pattern)
    except (ValueError, OverflowError, OSError):
        return f"second {seconds}"


def percent(part: int, whole: int) -> str:
    """A rate for people: "5 %", "2.65 %"; "11/111" where no short decimal is exact."""
    scaled, digits = part * 100, 0
    while whole and scaled % whole and digits < 6:
        scaled, digits = scaled * 10, digits + 1
    if not whole or scaled % whole:
        return f"{part}/{whole}"
    number = str(scaled // whole).rjust(digits + 1, "0")
    return f"{number[:-digits]}.{number[-digits:]} %" if digits else f"{number} %"


def basis_points(rate: int) -> str:
    """A rate of the conditions in percent."""
    return percent(rate, BASIS_POINTS)


def each_day(rate: int) -> str:
    """Millionths for each day, e.g. "0.1 % a day"."""
    return f"{percent(rate, MILLIONTHS)} a day"


def days(number: int, kind: str = "") -> str:
    """A number of days, e.g. "1 day", "10 working days"."""
    noun = f"{kind} day".strip()
    return f"{number} {noun}" + ("" if number == 1 else "s")


def of_milestone(milestone: int) -> str:
    """What a milestone is called, counted from 1; nothing for what belongs to none."""
    return "" if milestone == NO_MILESTONE else f"milestone {milestone + 1}"
