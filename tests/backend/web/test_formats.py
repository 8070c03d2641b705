"""Money, dates and words in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.queries.values import Currency, Money
from backend.web.formats import Formats, clip, one_currency, percent, plain
from backend.web.languages import LANGUAGES, translations

NOW = datetime(2026, 3, 12, 1, 30, tzinfo=UTC)
"""Already the morning of 12 March in Jakarta."""


def formats(code: str) -> Formats:
    return Formats(LANGUAGES[code], translations(code), ZoneInfo("Asia/Jakarta"), NOW)


EN, ID = formats("en"), formats("id")


@pytest.mark.parametrize(
    ("minor", "currency", "decimals", "english", "indonesian"),
    [
        (420_000_000_000, "IDR", 2, "IDR\u00a04,200,000,000", "Rp\u00a04.200.000.000"),
        (123_456_789, "IDR", 2, "IDR\u00a01,234,567.89", "Rp\u00a01.234.567,89"),
        (100, "IDR", 2, "IDR\u00a01", "Rp\u00a01"),
        (1, "KWD", 3, "KWD\u00a00.001", "KWD\u00a00,001"),
        (1000, "JPY", 0, "JPY\u00a01,000", "JPY\u00a01.000"),
        (0, "MXN", 2, "MXN\u00a00", "MXN\u00a00"),
    ],
)
def test_money_is_written_by_locale(
    minor: int, currency: str, decimals: int, english: str, indonesian: str
) -> None:
    amount = Currency(currency, decimals).money(minor)
    assert (EN.money(amount), ID.money(amount)) == (english, indonesian)


@given(st.integers(0, 2**128 - 1), st.sampled_from([0, 2, 3]))
def test_no_digit_of_an_amount_is_lost(minor: int, decimals: int) -> None:
    amount = Currency("XYZ", decimals).money(minor)
    assert EN.figure(amount).replace(",", "") in {
        amount.amount,
        amount.amount.partition(".")[0] if minor % 10**decimals == 0 else amount.amount,
    }
    full = EN.cell(amount).striptags().replace(",", "")
    assert full == amount.amount


@given(st.integers(0, 2**100), st.integers(1, 2**100))
def test_share_never_says_more_than_is_there(part: int, whole: int) -> None:
    share = percent(Currency("XYZ", 2).money(part), Currency("XYZ", 2).money(whole))
    assert 0 <= share <= 100
    assert share < 100 or part >= whole
    assert (share == 0) == (part == 0)


def test_share_of_little_and_of_nothing() -> None:
    def money(minor: int) -> Money:
        return Currency("IDR", 2).money(minor)

    assert EN.share(money(1), money(1000)) == "<1%"
    assert EN.share(money(999), money(1000)) == "99%"
    assert EN.share(money(0), money(0)) == "–"


@pytest.mark.parametrize(
    ("days", "english", "indonesian"),
    [
        (0, "today", "hari ini"),
        (1, "tomorrow", "besok"),
        (-1, "yesterday", "kemarin"),
        (3, "in 3 days", "dalam 3 hari"),
        (-12, "12 days ago", "12 hari yang lalu"),
        (-3000, "", ""),
    ],
)
def test_hint_says_how_far_a_day_is(days: int, english: str, indonesian: str) -> None:
    moment = NOW + timedelta(days=days)
    assert (EN.hint(moment), ID.hint(moment)) == (english, indonesian)


def test_day_begins_in_the_zone_of_the_contracts() -> None:
    late_evening_in_utc = datetime(2026, 3, 11, 17, 5, tzinfo=UTC)
    assert EN.day(late_evening_in_utc) == "12 Mar 2026"
    assert EN.hint(late_evening_in_utc) == "today"
    assert EN.moment(late_evening_in_utc) == "12 March 2026, 00:05 WIB"
    assert ID.moment(late_evening_in_utc) == "12 Maret 2026, 00.05 WIB"
    assert EN.days_ago(0) == datetime(2026, 3, 11, 17, tzinfo=UTC)


def test_the_last_moment_is_told_in_utc_where_it_is_past_the_last_year() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert EN.moment(last) == "31 December 9999, 23:59 UTC"
    december = EN.month_number(last)
    assert EN.month_start(december) == datetime(9999, 11, 30, 17, tzinfo=UTC)
    # 23:59 in Jakarta: there is no later one.
    assert EN.month_start(december + 1) == datetime.max.replace(tzinfo=EN.zone)


@given(st.text(max_size=400))
def test_clipped_text_fits_a_list(text: str) -> None:
    clipped = clip(text, 50)
    assert len(clipped) <= 51
    assert "\n" not in clipped


def test_plain_text_has_no_marks_of_direction() -> None:
    assert plain("a\u202eb\u2066c\u200f") == "abc"


def test_one_currency() -> None:
    assert one_currency([Currency("IDR", 2).money(1), Currency("IDR", 2).money(2)]) == "IDR"
    assert one_currency([Currency("IDR", 2).money(1), Currency("JPY", 0).money(2)]) is None
    assert one_currency([]) is None
