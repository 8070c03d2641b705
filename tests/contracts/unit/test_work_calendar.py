"""Branches: work_calendar.tree."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

SATURDAY_AND_SUNDAY, FRIDAY, SUNDAY = 0b1100000, 0b0010000, 0b1000000
JAKARTA, LIMA, KATHMANDU = 7 * 3600, -5 * 3600, 5 * 3600 + 45 * 60
ONE_DAY = timedelta(days=1)
PLAYED = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
HOLIDAYS = st.sets(st.integers(1, 365), max_size=40).map(sorted)


class Years:
    """Which days are worked, as people reckon; years that are not set have two days off a week."""

    def __init__(self):
        self.known = {}

    def works(self, day):
        weekend, holidays = self.known.get(day.year, (SATURDAY_AND_SUNDAY, ()))
        return not weekend >> day.weekday() & 1 and day.timetuple().tm_yday not in holidays

    def span(self, day, working_days):
        last = day
        while working_days:
            last += ONE_DAY
            working_days -= self.works(last)
        return (last - day).days


def moment(day, at="12:00:00", offset=JAKARTA):
    """A time of day in a time zone, as Unix seconds."""
    zone = timezone(timedelta(seconds=offset))
    return int(datetime.combine(day, time.fromisoformat(at), zone).timestamp())


def nth(year, number):
    """A day of the year, from 1 for 1 January."""
    return date(year, 1, 1) + timedelta(days=number - 1)


def number(day):
    return day.timetuple().tm_yday


def days_of(year):
    return [nth(year, n) for n in range(1, number(date(year, 12, 31)) + 1)]


@pytest.fixture
def year(chain):
    """The next year that begins in the time of the tests; it is 15 June of the year before."""
    coming = datetime.fromtimestamp(chain.pending_timestamp, UTC).year + 2
    chain.pending_timestamp = moment(date(coming - 1, 6, 15))
    chain.mine()
    return coming


@pytest.fixture
def set_year(world, law):
    """`set_year(year, weekend, holidays)` by the calendar keeper."""
    return lambda year, weekend=SATURDAY_AND_SUNDAY, holidays=(): world.calendar.setYear(
        year, weekend, list(holidays), law.digest("decree"), sender=world.admin
    )


@pytest.fixture
def works(world):
    return lambda day: world.calendar.isWorkingDay(moment(day))


@pytest.fixture
def calendar_in(world):
    """A calendar in another time zone."""
    return lambda offset: world.admin.deploy(world.project.WorkCalendar, world.authority, offset)


def test_construction_keeps_the_time_zone(world, calendar_in):
    assert world.calendar.utcOffset() == JAKARTA
    assert calendar_in(LIMA).utcOffset() == LIMA


def test_set_year_reverts_when_caller_is_not_calendar_keeper(world, law, refused, year):
    for caller in (world.stranger, world.registrar, world.account["first"]):
        with refused(world.calendar.AccessManagedUnauthorized, caller=caller.address):
            world.calendar.setYear(year, SATURDAY_AND_SUNDAY, [], law.NONE, sender=caller)


def test_set_year_reverts_when_year_has_passed_or_is_too_far_ahead(world, refused, year, set_year):
    present = year - 1
    for other in (0, present - 1, present + 11, 65_535):
        with refused(
            world.calendar.CalendarYearInvalid, year=other, first=present, last=present + 10
        ):
            set_year(other)
    set_year(present)
    set_year(present + 10)


@pytest.mark.parametrize("offset", [JAKARTA, LIMA])
def test_set_year_reverts_when_year_passed_in_the_time_zone(
    world, law, refused, year, chain, calendar_in, offset
):
    calendar, ending = calendar_in(offset), year - 1
    arguments = (ending, SATURDAY_AND_SUNDAY, [], law.NONE)
    chain.pending_timestamp = moment(date(ending, 12, 31), "23:59:59", offset)
    calendar.setYear(*arguments, sender=world.admin)
    chain.pending_timestamp = moment(date(year, 1, 1), "00:00:00", offset)
    with refused(calendar.CalendarYearInvalid, year=ending, first=year, last=year + 10):
        calendar.setYear(*arguments, sender=world.admin)


@pytest.mark.parametrize("weekend", [0b1111111, 0b10000000, 0b11100000, 255])
def test_set_year_reverts_when_weekend_is_all_week_or_no_weekday(
    world, refused, year, set_year, weekend
):
    with refused(world.calendar.CalendarWeekendInvalid, weekend=weekend):
        set_year(year, weekend)


def test_set_year_reverts_when_the_year_has_no_such_day(world, refused, year, set_year):
    for each in range(year, year + 4):
        last = number(date(each, 12, 31))
        for holidays, wrong in (([0], 0), ([1, last + 1], last + 1), ([65_535], 65_535)):
            with refused(world.calendar.CalendarDayInvalid, year=each, day=wrong):
                set_year(each, holidays=holidays)
        set_year(each, holidays=[1, last])


@pytest.mark.parametrize(
    ("holidays", "wrong"), [([5, 5], 5), ([5, 4], 4), ([1, 365, 364], 364), ([2, 0], 0)]
)
def test_set_year_reverts_when_days_are_not_ascending(
    world, refused, year, set_year, holidays, wrong
):
    with refused(world.calendar.CalendarDayInvalid, year=year, day=wrong):
        set_year(year, holidays=holidays)


def monday_in_may(year):
    return next(day for day in days_of(year) if day.month == 5 and day.weekday() == 0)


def test_set_year_reverts_when_a_day_that_has_begun_becomes_a_holiday(
    world, refused, year, set_year, chain
):
    monday = number(monday_in_may(year))
    chain.pending_timestamp = moment(nth(year, monday), "00:00:00")
    for holidays in ([monday], [monday, 300]):
        with refused(world.calendar.CalendarDayPast, year=year, day=monday):
            set_year(year, holidays=holidays)
    with refused(world.calendar.CalendarDayPast, year=year, day=monday - 3):
        set_year(year, holidays=[monday - 3, monday])


def test_set_year_reverts_when_a_holiday_that_has_begun_becomes_worked(
    world, refused, year, set_year, chain
):
    monday = number(monday_in_may(year))
    set_year(year, holidays=[monday, monday + 1])
    chain.pending_timestamp = moment(nth(year, monday), "00:00:00")
    with refused(world.calendar.CalendarDayPast, year=year, day=monday):
        set_year(year, holidays=[monday + 1])
    set_year(year, holidays=[monday])
    assert world.calendar.span(moment(nth(year, monday - 3)), 1) == 4


def test_set_year_reverts_when_a_weekend_that_has_begun_becomes_worked(
    world, refused, year, set_year, chain
):
    saturday = next(day for day in days_of(year) if day.weekday() == 5)
    friday = next(day for day in days_of(year) if day.weekday() == 4)
    chain.pending_timestamp = moment(date(year, 7, 1))
    with refused(world.calendar.CalendarDayPast, year=year, day=number(saturday)):
        set_year(year, SUNDAY)
    with refused(
        world.calendar.CalendarDayPast, year=year, day=min(number(friday), number(saturday))
    ):
        set_year(year, FRIDAY)


def test_set_year_sets_every_day_of_a_year(world, law, emitted, year, set_year, works):
    weekend, holidays = FRIDAY | SUNDAY, [1, 2, 59, 60, 61, 365]
    leap = next(each for each in range(year, year + 4) if number(date(each, 12, 31)) == 366)
    emitted(
        set_year(leap, weekend, holidays),
        [
            world.calendar.CalendarYearSet(
                year=leap,
                weekend=weekend,
                holidays=holidays,
                document=law.digest("decree"),
            )
        ],
    )
    people = Years()
    people.known[leap] = weekend, holidays
    assert list(map(works, days_of(leap))) == list(map(people.works, days_of(leap)))


def test_set_year_sets_another_year_in_place_of_what_was_set(year, set_year, works):
    people = Years()
    for weekend, holidays in (
        (SUNDAY, (1, 100, 101, 102)),
        (FRIDAY, (100, 103, 104)),
        (SATURDAY_AND_SUNDAY, ()),
    ):
        set_year(year, weekend, holidays)
        people.known[year] = weekend, holidays
        days = [nth(year, n) for n in (*range(1, 10), *range(95, 110), 256, 257, 365)]
        assert list(map(works, days)) == list(map(people.works, days))


def test_set_year_sets_what_is_left_of_the_present_year(year, set_year, works, chain):
    monday = number(monday_in_may(year))
    set_year(year, holidays=[1, 2, monday - 3])
    chain.pending_timestamp = moment(nth(year, monday), "23:59:59")
    set_year(year, holidays=[1, 2, monday - 3, monday + 1, 300])
    off = [n for n in (1, 2, *range(monday - 3, monday + 3), 300) if not works(nth(year, n))]
    assert off == [1, 2, monday - 3, monday - 2, monday - 1, monday + 1, 300]


def test_set_year_sets_a_year_without_weekends(year, set_year, works):
    set_year(year, 0, [10])
    assert [n for n in range(1, 29) if not works(nth(year, n))] == [10]


def test_set_year_leaves_the_days_around_the_year_alone(world, year, set_year, works):
    days = [nth(each, n) for each in (year - 1, year + 1) for n in (*range(1, 8), *range(359, 366))]
    set_year(year, FRIDAY, range(1, number(date(year, 12, 31)) + 1))
    assert list(map(works, days)) == [day.weekday() < 5 for day in days]
    assert not any(works(nth(year, n)) for n in (*range(1, 15), *range(250, 265), 364, 365))


def test_set_year_never_changes_a_day_that_has_begun(world, refused, year, set_year, works, chain):
    weekends = st.sampled_from((SATURDAY_AND_SUNDAY, SATURDAY_AND_SUNDAY, FRIDAY, SUNDAY, 0))

    def play(first, today, second, keeps):
        people, start = Years(), chain.snapshot()
        try:
            set_year(year, *first)
            people.known[year] = first
            chain.pending_timestamp = moment(nth(year, today), "00:00:00")
            weekend, holidays = second
            if keeps:
                weekend = first[0]
                past = [day for day in first[1] if day <= today]
                holidays = past + [day for day in holidays if day > today]
            coming = Years()
            coming.known[year] = weekend, holidays
            changed = (
                n
                for n in range(1, today + 1)
                if people.works(nth(year, n)) != coming.works(nth(year, n))
            )
            begun = next(changed, None)
            if begun is None:
                set_year(year, weekend, holidays)
                people = coming
            else:
                with refused(world.calendar.CalendarDayPast, year=year, day=begun):
                    set_year(year, weekend, holidays)
            outcomes.append(begun)
            days = [nth(year, n) for n in range(max(1, today - 2), min(today + 3, 365))]
            assert list(map(works, days)) == list(map(people.works, days))
        finally:
            chain.restore(start)

    outcomes = []
    years = st.tuples(weekends, HOLIDAYS)
    PLAYED(given(years, st.integers(1, 365), years, st.booleans())(play))()
    assert {True, False} == {outcome is None for outcome in outcomes}


def test_is_working_day_has_saturdays_and_sundays_off_when_year_was_not_set(world, works):
    for year in (1970, 2026, 2400):
        days = days_of(year)[:10]
        assert list(map(works, days)) == [day.weekday() < 5 for day in days]


@pytest.mark.parametrize("offset", [JAKARTA, LIMA, KATHMANDU, 0])
def test_is_working_day_begins_the_day_in_the_time_zone(calendar_in, offset):
    calendar, saturday = calendar_in(offset), date(2027, 1, 2)
    for day, at, worked in (
        (saturday - ONE_DAY, "23:59:59", True),
        (saturday, "00:00:00", False),
        (saturday + ONE_DAY, "23:59:59", False),
        (saturday + 2 * ONE_DAY, "00:00:00", True),
    ):
        assert calendar.isWorkingDay(moment(day, at, offset)) is worked


def test_is_working_day_reverts_when_the_day_is_before_1970(calendar_in, refused):
    calendar = calendar_in(LIMA)
    assert calendar.isWorkingDay(-LIMA)
    with refused(calendar.SafeCastOverflowedIntToUint, value=-1):
        calendar.isWorkingDay(-LIMA - 1)


def test_span_is_nothing_for_no_working_days(world):
    for weekday in range(7):
        assert world.calendar.span(moment(date(2027, 1, 2) + weekday * ONE_DAY), 0) == 0


def test_span_does_not_count_the_day_itself(world):
    friday = date(2027, 1, 1)
    spans = [world.calendar.span(moment(friday + n * ONE_DAY), 1) for n in range(7)]
    assert spans == [3, 2, 1, 1, 1, 1, 1]


def test_span_skips_weekends_and_holidays(world, year, set_year):
    monday = number(monday_in_may(year))
    set_year(year, holidays=[monday + 1, monday + 2, monday + 7])
    spans = [world.calendar.span(moment(nth(year, monday)), n) for n in range(1, 7)]
    assert spans == [3, 4, 8, 9, 10, 11]


def test_span_goes_on_in_the_next_year(world, year, set_year):
    set_year(year, FRIDAY, [1, 2, 3, 4, 5])
    people = Years()
    people.known[year] = FRIDAY, (1, 2, 3, 4, 5)
    for day in (date(year - 1, 12, 20), date(year - 1, 12, 31)):
        for count in (1, 5, 10, 20):
            assert world.calendar.span(moment(day), count) == people.span(day, count)


def test_span_skips_a_whole_year_without_work(world, year, set_year):
    length = number(date(year, 12, 31))
    set_year(year, 0, range(1, length + 1))
    last = next(day for day in reversed(days_of(year - 1)) if day.weekday() < 5)
    people = Years()
    people.known[year] = 0, range(1, length + 1)
    assert world.calendar.span(moment(last), 1) == people.span(last, 1) > length


def test_span_counts_as_people_count(world, year, set_year, chain):
    weekends = st.integers(0, 126)
    settled = st.dictionaries(
        st.integers(year, year + 3), st.tuples(weekends, HOLIDAYS), max_size=3
    )
    asked = st.lists(
        st.tuples(st.integers(0, 4 * 365), st.times(), st.integers(0, 255)), min_size=8, max_size=8
    )

    def play(known, questions):
        people, start = Years(), chain.snapshot()
        try:
            for each, (weekend, holidays) in known.items():
                set_year(each, weekend, holidays)
            people.known = known
            for days, at, count in questions:
                day = date(year - 1, 6, 1) + days * ONE_DAY
                when = moment(day, at.isoformat("seconds"))
                assert world.calendar.span(when, count) == people.span(day, count)
                assert world.calendar.isWorkingDay(when) == people.works(day)
        finally:
            chain.restore(start)

    PLAYED(given(settled, asked)(play))()
