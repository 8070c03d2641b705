"""Rates as people write them are kept exactly, or refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.acts.rates import (
    LARGEST_TERM,
    Rate,
    read_rate,
    to_basis_points,
    to_millionths,
    to_terms,
)
from backend.acts.words import BASIS_POINTS, MILLIONTHS, basis_points, each_day, percent

WRITTEN = [
    ("20 %", Rate(20, 100)),
    ("5%", Rate(5, 100)),
    ("2.65 %", Rate(265, 10_000)),
    ("0.5 %", Rate(5, 1_000)),
    ("100 %", Rate(100, 100)),
    ("11/111", Rate(11, 111)),
    ("1 / 1000", Rate(1, 1000)),
    ("0", Rate(0, 1)),
    (" 0 % ", Rate(0, 100)),
]


@pytest.mark.parametrize(("text", "rate"), WRITTEN)
def test_what_can_be_written(text: str, rate: Rate) -> None:
    assert read_rate(text) == rate


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "0.05",
        "five %",
        "5 %%",
        "2,65 %",
        ".5 %",
        "5. %",
        "-1 %",
        "1/",
        "/2",
        "1/2/3",
        "٥ %",
    ],
)
def test_what_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match=r"^a rate such as 5 %, 2\.65 % or 11/111$"):
        read_rate(text)


@pytest.mark.parametrize("text", [None, 5, 0.05, ["5 %"]])
def test_what_is_no_text(text: object) -> None:
    with pytest.raises(ValueError, match=r"^a rate such as"):
        read_rate(text)


@pytest.mark.parametrize("text", ["100.01 %", "2/1", "1/0", "0/0"])
def test_what_is_more_than_all_or_nothing_at_all(text: str) -> None:
    with pytest.raises(ValueError, match=r"^a rate of at most 100 %$"):
        read_rate(text)


def test_conversions_are_exact() -> None:
    assert to_basis_points(read_rate("2.65 %")) == 265
    assert to_basis_points(read_rate("1/8")) == 1250
    assert to_basis_points(read_rate("100 %")) == 10_000
    assert to_millionths(read_rate("1/1000")) == 1000
    assert to_millionths(read_rate("0.05 %")) == 500
    assert to_terms(read_rate("12/112")) == (12, 112)
    assert to_terms(read_rate("2.65 %")) == (265, 10_000)
    # Too many digits as written, but not in lowest terms.
    assert to_terms(read_rate("0.5000000 %")) == (1, 200)


@pytest.mark.parametrize("text", ["2.655 %", "1/3", "0.001 %"])
def test_what_is_no_whole_number_of_basis_points(text: str) -> None:
    expected = r"^a rate with at most two digits after the point, as 2\.65 %$"
    with pytest.raises(ValueError, match=expected):
        to_basis_points(read_rate(text))


@pytest.mark.parametrize("text", ["1/3000", "0.00001 %"])
def test_what_is_no_whole_number_of_millionths(text: str) -> None:
    expected = r"^a rate in whole millionths, such as 1/1000 or 0\.05 %$"
    with pytest.raises(ValueError, match=expected):
        to_millionths(read_rate(text))


def test_a_tax_with_too_large_a_denominator() -> None:
    with pytest.raises(ValueError, match=f"^a rate whose denominator is at most {LARGEST_TERM}, "):
        to_terms(read_rate("0.0000001 %"))


@given(st.integers(0, BASIS_POINTS))
def test_basis_points_are_told_so_that_they_can_be_read_again(rate: int) -> None:
    assert to_basis_points(read_rate(basis_points(rate))) == rate


@given(st.integers(0, MILLIONTHS))
def test_millionths_are_told_so_that_they_can_be_read_again(rate: int) -> None:
    told = each_day(rate)
    assert told.endswith(" a day")
    assert to_millionths(read_rate(told.removesuffix(" a day"))) == rate


@given(st.integers(0, LARGEST_TERM), st.integers(1, LARGEST_TERM))
def test_taxes_are_told_exactly(numerator: int, denominator: int) -> None:
    numerator %= denominator + 1
    rate = read_rate(percent(numerator, denominator))
    assert rate.value == Fraction(numerator, denominator)


@pytest.mark.parametrize(
    ("rate", "told"), [((5, 100), "5 %"), ((265, 10_000), "2.65 %"), ((11, 111), "11/111")]
)
def test_how_rates_are_told(rate: tuple[int, int], told: str) -> None:
    assert percent(*rate) == told
