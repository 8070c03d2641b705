"""Days that are told from the day of the run."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.acts.scenario.moments import Moment, parse_moment, parse_zone, require_past

WIB = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("D-30 09:15", datetime(2026, 1, 31, 2, 15, tzinfo=UTC)),
        ("D-1 23:59", datetime(2026, 3, 1, 16, 59, tzinfo=UTC)),
        ("D+0 06:59", datetime(2026, 3, 1, 23, 59, tzinfo=UTC)),
        ("D+14 16:00", datetime(2026, 3, 16, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_local_time_on_a_day_of_the_run(text: str, expected: datetime) -> None:
    assert parse_moment(text).on(date(2026, 3, 2), WIB) == expected


@given(st.integers(-9999, 9999), st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_a_moment_is_written_as_it_is_read(day: int, at: time) -> None:
    moment = Moment(day, at.replace(fold=0))
    assert parse_moment(str(moment)) == moment


@pytest.mark.parametrize(
    "text", ["D-30", "D30 09:00", "D-30 24:00", "D-30 9:00", "D-30 09:60", "30 09:00", "", None]
)
def test_refuses_what_is_no_moment(text: object) -> None:
    with pytest.raises(ValueError, match=r"^a day from the day of the run and a time, e\.g\. D-30"):
        parse_moment(text)


def test_what_has_happened_lies_before_the_day_of_the_run() -> None:
    assert require_past(parse_moment("D-1 23:59")) == Moment(-1, time(23, 59))
    with pytest.raises(ValueError, match=r"^a day before the day of the run, D-1 or earlier$"):
        require_past(parse_moment("D+0 00:00"))


@pytest.mark.parametrize(
    ("text", "minutes"), [("+07:00", 420), ("-03:30", -210), ("+00:00", 0), ("+14:00", 840)]
)
def test_a_zone_is_an_offset_from_utc(text: str, minutes: int) -> None:
    assert parse_zone(text).utcoffset(None) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["WIB", "+7", "07:00", "+15:00", None])
def test_refuses_what_is_no_zone(text: object) -> None:
    with pytest.raises(ValueError, match=r"^an offset from UTC, e\.g\. \+07:00$"):
        parse_zone(text)
