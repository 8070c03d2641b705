"""Moments told from the day of the run: `D-30 09:15` is 30 days before it, at 9:15."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

_MOMENT = re.compile(r"D([+-][0-9]{1,4}) ([01][0-9]|2[0-3]):([0-5][0-9])")
_ZONE = re.compile(r"([+-])(0[0-9]|1[0-4]):([0-5][0-9])")


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """`day` counts from the day of the run, negative before it; `at` is local time."""

    day: int
    at: time

    def on(self, today: date, zone: timezone) -> datetime:
        """The moment in UTC when the story is told on `today`."""
        return datetime.combine(self.date(today), self.at, tzinfo=zone).astimezone(UTC)

    def date(self, today: date) -> date:
        """The calendar day when the story is told on `today`."""
        return today + timedelta(self.day)

    def __str__(self) -> str:
        return f"D{self.day:+d} {self.at:%H:%M}"


def parse_moment(text: object) -> Moment:
    """The moment that a text names; raises ValueError."""
    match = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("a day from the day of the run and a time, e.g. D-30 09:15 or D+14 16:00")
    day, hour, minute = map(int, match.groups())
    return Moment(day, time(hour, minute))


def require_past(moment: Moment) -> Moment:
    """The moment, if it lies before the day of the run; raises ValueError."""
    if moment.day >= 0:
        raise ValueError("a day before the day of the run, D-1 or earlier")
    return moment


def parse_zone(text: object) -> timezone:
    """The offset from UTC that a text names; raises ValueError."""
    match = _ZONE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("an offset from UTC, e.g. +07:00")
    sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)
