"""Days, stops and working days, by the contracts' rules; moments are Unix seconds.

Sources: `AgreementState._pausedBetween`, `AgreementPayments._lateDays`, `WorkCalendar.span`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from backend.verification.arithmetic import DAY, round_up

Place = tuple[int, int]
"""Block number and index of a log: the order of the chain."""

USUAL_WEEKEND = 0b110_0000
LONGEST_SPAN = 255


@dataclass(slots=True)
class Pauses:
    """When the clocks of an agreement stood still: pairs of begin and end, one after the other."""

    spans: list[tuple[int, int]] = field(default_factory=list)

    def begin(self, now: int, until: int) -> None:
        """A hold or a suspension."""
        self.spans.append((now, until))

    def end_latest(self, until: int) -> None:
        """The latest stop ends at another moment."""
        self.spans[-1] = (self.spans[-1][0], until)

    def between(self, start: int, end: int) -> int:
        """Seconds for which the clocks stood still."""
        return sum(max(0, min(until, end) - max(begun, start)) for begun, until in self.spans)

    def late_days(self, due_at: int | None, agreed_at: int, submitted_at: int) -> int:
        """Days, a part counting as a whole, from a due date to a submission; 0 without a date."""
        if not due_at:
            return 0
        moved = due_at + self.between(agreed_at, submitted_at)
        return round_up(max(0, submitted_at - moved), DAY)

    def deadline(self, start: int, days: int, now: int) -> int:
        """When a period ends, as the clocks stand now."""
        return start + days * DAY + self.between(start, now)


@dataclass(slots=True)
class Calendar:
    """The calendar of working days with its history; `offset` is that of the clocks, in seconds."""

    offset: int
    years: dict[int, list[tuple[Place, int, frozenset[int]]]] = field(default_factory=dict)

    def set_year(self, place: Place, year: int, weekend: int, holidays: list[int]) -> None:
        """Weekend (bit 0 is Monday) and holidays (1 is 1 January) of a year, from a place on."""
        self.years.setdefault(year, []).append((place, weekend, frozenset(holidays)))

    def span(self, place: Place, moment: int, working_days: int) -> int:
        """Days from a moment's own day to the n-th working day after it, as it stood at a place."""
        if working_days == 0:
            return 0
        first = day = datetime.fromtimestamp(moment + self.offset, UTC).date()
        left = working_days
        while left:
            day += timedelta(days=1)
            left -= self._is_worked(place, day)
        return min((day - first).days, LONGEST_SPAN)

    def _is_worked(self, place: Place, day: date) -> bool:
        weekend, holidays = USUAL_WEEKEND, frozenset[int]()
        for since, its_weekend, its_holidays in self.years.get(day.year, ()):
            if since < place:
                weekend, holidays = its_weekend, its_holidays
        return not weekend >> day.weekday() & 1 and day.timetuple().tm_yday not in holidays
