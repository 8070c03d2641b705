"""Dates as published, turned into moments in UTC with whole seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from backend.core.errors import AppError

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)

_ISO_8601 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,30})?)?"
    r" ?(?:[Zz]|([+-])(\d\d)(?::?([0-5]\d))?)?)?",
    re.ASCII,
)


class ImpossibleDateError(AppError):
    """The text is not a date, or not one that a contract can have."""

    status = 422
    title = "Impossible date"

    def __init__(self, text: str) -> None:
        expected = f"expected ISO 8601 between {EARLIEST.date()} and {LATEST.date()}"
        super().__init__(f"{text!r:.60}; {expected}")


def parse_date(text: str) -> datetime:
    """The moment that an ISO 8601 date or date-time names, in UTC.

    A date alone is its midnight in UTC, a time without an offset is in UTC, and what is finer than
    a second is cut off. Raises `ImpossibleDateError`, also before 1970 and after 2100.
    """
    match = _ISO_8601.fullmatch(text.strip())
    if match is None:
        raise ImpossibleDateError(text)
    try:
        moment = _moment(*match.groups())
    except (ValueError, OverflowError) as error:
        raise ImpossibleDateError(text) from error
    if not EARLIEST <= moment <= LATEST:
        raise ImpossibleDateError(text)
    return moment


def _moment(*groups: str | None) -> datetime:
    year, month, day, hour, minute, second = (int(group or 0) for group in groups[:6])
    sign, hours, minutes = groups[6:]
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-offset if sign == "-" else offset)
    return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)


def iso(moment: datetime) -> str:
    """`moment` as `2019-09-11T21:21:51Z`: in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
