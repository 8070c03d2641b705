"""Values as OCDS writes them."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.dates import parse_date
from backend.ocds.publishing import date, known, text, value
from backend.queries.values import Currency

MOMENT = datetime(2019, 9, 11, 21, 21, 51, tzinfo=UTC)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2019-09-11T16:21:51-05:00", "2019-09-11T16:21:51-05:00"),
        (" 2019-09-11 16:21:51-05:00 ", "2019-09-11T16:21:51-05:00"),
        ("2019-09-12T06:21:51.987+0900", "2019-09-12T06:21:51+09:00"),
        ("2019-09-12T02:21:51+05", "2019-09-12T02:21:51+05:00"),
        ("2019-09-11T21:21:51+00:00", "2019-09-11T21:21:51+00:00"),
        ("2019-09-11T21:21:51Z", "2019-09-11T21:21:51Z"),
        ("2019-09-11T21:21:51", "2019-09-11T21:21:51Z"),
        # Another moment: the payment was made later, in a block that says when.
        ("2019-09-11T16:21:50-05:00", "2019-09-11T21:21:51Z"),
        ("2019-09-11", "2019-09-11T21:21:51Z"),
        ("2019-09-11T16:21:51-99:00", "2019-09-11T21:21:51Z"),
        ("soon", "2019-09-11T21:21:51Z"),
        ("", "2019-09-11T21:21:51Z"),
        (None, "2019-09-11T21:21:51Z"),
    ],
)
def test_a_date_has_the_offset_of_the_source_where_it_is_the_same_moment(
    published: str | None, expected: str
) -> None:
    assert date(MOMENT, published) == expected


def test_a_date_alone_is_midnight_in_utc_and_has_no_offset() -> None:
    assert date(datetime(2019, 9, 11, tzinfo=UTC), "2019-09-11") == "2019-09-11T00:00:00Z"


def test_no_date_is_none() -> None:
    assert date(None, "2019-09-11T16:21:51-05:00") is None


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001
    st.integers(-23 * 60, 23 * 60),
)
def test_every_date_with_an_offset_comes_back_as_it_was_published(
    naive: datetime, minutes: int
) -> None:
    published = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    text = published.isoformat()
    assert date(published.astimezone(UTC), text) == text
    assert parse_date(text) == published


@given(st.text(max_size=40))
def test_whatever_a_document_calls_a_date_the_moment_stays(published: str) -> None:
    assert parse_date(date(MOMENT, published) or "") == MOMENT


def test_amounts_have_the_digits_of_their_currency() -> None:
    assert value(Currency("KWD", 3).money(2**128 - 1)) == {
        "amount": Decimal("340282366920938463463374607431768211.455"),
        "currency": "KWD",
    }
    assert str(value(Currency("JPY", 0).money(1000))["amount"]) == "1000"
    assert str(value(Currency("MXN", 2).money(150))["amount"]) == "1.50"


def test_what_is_not_known_is_left_out() -> None:
    assert known(a=None, b="", c=[], d={}, e=0, f=False, g="x") == {"e": 0, "f": False, "g": "x"}


@pytest.mark.parametrize("found", [None, 1, True, ["x"], {"a": "b"}])
def test_a_text_is_a_text_or_nothing(found: object) -> None:
    assert text({"title": found}, "title") is None
    assert text({}, "title") is None


def test_a_text_can_always_be_encoded() -> None:
    assert text({"title": "half \ud800 of a pair, \0"}, "title") == "half \\ud800 of a pair, \\x00"
