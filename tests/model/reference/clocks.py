"""Days, pauses and deadlines: `docs/agreement.md`, "Clocks"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from reference.payment import up
from reference.values import DAY

SATURDAY_AND_SUNDAY = 0b110_0000
WEST_INDONESIA = 7 * 3_600


@dataclass
class Stop:
    """A hold or a suspension; in force up to its end, and not in that second."""

    start: int
    end: int
    extended: bool = False

    def holds(self, now: int) -> bool:
        """Whether it is in force."""
        return now < self.end


@dataclass
class Pauses:
    """When the clocks stood, or will stand as far as is known."""

    stops: list[Stop] = field(default_factory=list)

    def between(self, start: int, end: int) -> int:
        """Seconds for which the clocks stood."""
        return sum(max(min(end, s.end) - max(start, s.start), 0) for s in self.stops)

    def running(self, start: int, end: int) -> int:
        """Seconds for which the clocks ran."""
        return end - start - self.between(start, end)

    def end(self, start: int, seconds: int, now: int) -> int:
        """When a clock ends that is to run for so long, by what it has stood until now."""
        return start + seconds + self.between(start, now)


def days_late(seconds: int) -> int:
    """Days against the supplier: a part counts as a whole."""
    return max(up(seconds, DAY), 0)


def full_days(seconds: int) -> int:
    """Days against the buyer: a part does not count."""
    return max(seconds, 0) // DAY


@dataclass
class Calendar:
    """Working days; `years` has (weekend, holidays) by year: bit 0 is Monday, 1 is 1 January."""

    offset: int = WEST_INDONESIA
    years: dict[int, tuple[int, frozenset[int]]] = field(default_factory=dict)

    def set_year(self, year: int, weekend: int, holidays: Iterable[int]) -> None:
        """The days of a year that are not worked."""
        self.years[year] = weekend, frozenset(holidays)

    def works(self, day: date) -> bool:
        """Whether a day is worked."""
        weekend, holidays = self.years.get(day.year, (SATURDAY_AND_SUNDAY, frozenset()))
        return not weekend >> day.weekday() & 1 and day.timetuple().tm_yday not in holidays

    def span(self, moment: int, working_days: int) -> int:
        """Calendar days from a moment's own day to the n-th working day after it."""
        first = day = datetime.fromtimestamp(moment + self.offset, UTC).date()
        while working_days:
            day += timedelta(days=1)
            working_days -= self.works(day)
        return (day - first).days
