from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.dates import EARLIEST, LATEST, ImpossibleDateError, iso, parse_date


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-09-11T16:21:51-05:00", "2019-09-11T21:21:51Z"),
        ("2019-09-11T16:21:51Z", "2019-09-11T16:21:51Z"),
        ("2019-09-11t16:21:51z", "2019-09-11T16:21:51Z"),
        ("2019-09-11T16:21:51.999999999+0530", "2019-09-11T10:51:51Z"),
        ("2019-09-11T16:21:51,5+01", "2019-09-11T15:21:51Z"),
        ("2019-09-11 16:21", "2019-09-11T16:21:00Z"),
        ("2019-09-11T16:21:51", "2019-09-11T16:21:51Z"),
        (" 2019-09-11 ", "2019-09-11T00:00:00Z"),
        ("1970-01-01", "1970-01-01T00:00:00Z"),
        ("2100-12-31T23:59:59Z", "2100-12-31T23:59:59Z"),
    ],
)
def test_parse_date_gives_whole_seconds_in_utc(text: str, moment: str) -> None:
    assert iso(parse_date(text)) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "20190911",
        "11/09/2019",
        "2019-02-29",
        "2019-13-01",
        "2019-09-11T25:00:00Z",
        "2019-09-11T10:00:00+25:00",
        "2019-09-11T10:00:00+05:75",
        "0001-01-01T00:00:00-06:00",
        "0001-01-01T00:00:00+06:00",
        "9999-12-31T23:59:59-06:00",
        "1969-12-31T23:59:59Z",
        "2101-01-01",
        "２０１９-09-11",
    ],
)
def test_parse_date_refuses_with_the_text_and_what_is_expected(text: str) -> None:
    with pytest.raises(ImpossibleDateError) as refusal:
        parse_date(text)
    assert refusal.value.detail == f"{text!r}; expected ISO 8601 between 1970-01-01 and 2100-12-31"


def test_iso_turns_any_offset_into_utc() -> None:
    jakarta = timezone(timedelta(hours=7))
    assert iso(datetime(2025, 1, 1, 6, 30, tzinfo=jakarta)) == "2024-12-31T23:30:00Z"


@given(
    st.datetimes(EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None), timezones=st.just(UTC))
)
def test_parse_date_reads_what_iso_writes(moment: datetime) -> None:
    assert parse_date(iso(moment)) == moment.replace(microsecond=0)


@given(st.text())
def test_parse_date_never_fails_otherwise(text: str) -> None:
    try:
        moment = parse_date(text)
    except ImpossibleDateError:
        return
    assert EARLIEST <= moment <= LATEST
