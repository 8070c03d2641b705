"""What the charts show, and the periods that they show it for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from backend.queries.milestones import MilestoneRow
from backend.queries.months import CurrencyPaid, PeriodPaid, latest_payment, paid_by_period
from backend.queries.values import Currency, Money
from backend.web.charts.paid import PaidChart, rounded_steps
from backend.web.charts.timeline import Bar, TimelineChart
from backend.web.formats import Formats

MONTHS_OF_A_YEAR = 12
MONTHS_OF_ALL = 24
_YEARS = range(1970, date.max.year)
"""Years that have a first and a last moment in every time zone."""
_EPOCH = date(1970, 1, 1).toordinal()
_LAST_MONTH = date.max.year * 12 + 11
_TICKS = {"wide": 8, "narrow": 3}
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12_000)


@dataclass(frozen=True, slots=True)
class Month:
    """A month with what was paid in it."""

    start: datetime
    paid: PeriodPaid


@dataclass(frozen=True, slots=True)
class PaidMonths:
    """The months of one currency, in order; `sum` is what was paid in all of them."""

    currency: str
    months: list[Month]
    sum: Money


def paid_months(session: Session, year: int | None, formats: Formats) -> list[PaidMonths]:
    """The months of a year or, without one, the last ones in which anything was paid."""
    bounds = _bounds(session, year, formats)
    return [_months(row, bounds) for row in paid_by_period(session, bounds)] if bounds else []


def paid_chart(months: PaidMonths, formats: Formats) -> PaidChart:
    """The chart of these months."""
    amounts = tuple(month.paid.amount.minor for month in months.months)
    unit = Currency(months.currency, months.sum.decimals)
    # Without the year where all are of one.
    several = len(months.months) > MONTHS_OF_A_YEAR
    return PaidChart(
        labels=tuple(formats.month(m.start, with_year=several) for m in months.months),
        amounts=amounts,
        ticks=tuple(
            (step, formats.short(unit.money(step))) for step in rounded_steps(max(amounts))
        ),
    )


def timeline_chart(
    milestones: Sequence[MilestoneRow], size: str, formats: Formats
) -> TimelineChart | None:
    """The chart of a contract's stages; None where no stage has a date to show."""
    bars = tuple(_bar(row, formats) for row in milestones)
    days = [day for bar in bars for day in (bar.planned, bar.accepted, bar.late_until) if day]
    if not days:
        return None
    return TimelineChart(
        bars=bars,
        today=_day(formats.now, formats),
        today_text=formats.day(formats.now),
        ticks=_ticks(min(days), max(days), _TICKS[size], formats),
    )


def _bounds(session: Session, year: int | None, formats: Formats) -> list[datetime]:
    if year is not None and year not in _YEARS:
        return []
    if year is not None:
        first = year * 12
        return [formats.month_start(first + n) for n in range(MONTHS_OF_A_YEAR + 1)]
    latest = latest_payment(session)
    if latest is None:
        return []
    end = formats.month_number(latest) + 1
    return [formats.month_start(end + n) for n in range(-MONTHS_OF_ALL, 1)]


def _months(row: CurrencyPaid, bounds: Sequence[datetime]) -> PaidMonths:
    months = [Month(start, paid) for start, paid in zip(bounds, row.periods, strict=False)]
    total = sum(paid.amount.minor for paid in row.periods)
    return PaidMonths(row.currency, months, row.periods[0].amount.of(total))


def _bar(row: MilestoneRow, formats: Formats) -> Bar:
    planned = None if row.due_at is None else _day(row.due_at, formats)
    accepted = None if row.accepted_at is None else _day(row.accepted_at, formats)
    return Bar(
        row.number + 1, planned, accepted, _day(formats.now, formats) if row.days_late else None
    )


def _day(moment: datetime, formats: Formats) -> int:
    return formats.local(moment).date().toordinal() - _EPOCH


def _ticks(first: int, last: int, most: int, formats: Formats) -> tuple[tuple[int, str], ...]:
    """Starts of months from before `first` to after `last`, `most` steps at most."""
    start, end = (_month_of(day) for day in (first, last))
    step = next(s for s in _STEPS if (end // s - start // s) + 1 <= most or s == _STEPS[-1])
    numbers = range(start // step * step, (end // step + 1) * step + 1, step)
    return tuple((_month_day(n), formats.month(_month_moment(n), with_year=True)) for n in numbers)


def _month_of(day: int) -> int:
    found = date.fromordinal(day + _EPOCH)
    return found.year * 12 + found.month - 1


def _month_day(number: int) -> int:
    return _month_moment(number).date().toordinal() - _EPOCH


def _month_moment(number: int) -> datetime:
    year, month = divmod(min(max(number, 12), _LAST_MONTH), 12)
    return datetime(year, month + 1, 1, 12, tzinfo=UTC)
