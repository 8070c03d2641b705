from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.money import (
    MAX_MINOR,
    AmountNotFiniteError,
    AmountTooLargeError,
    MoneyError,
    NegativeAmountError,
    TooManyDigitsError,
    UnknownCurrencyError,
    exponent,
    format_minor,
    from_minor,
    to_minor,
)

CURRENCIES = st.sampled_from(["JPY", "MXN", "IDR", "KWD", "CLF"])


@pytest.mark.parametrize(
    ("code", "digits"), [("JPY", 0), ("IDR", 2), ("MXN", 2), ("KWD", 3), ("CLF", 4)]
)
def test_exponent_is_that_of_iso_4217(code: str, digits: int) -> None:
    assert exponent(code) == digits


@pytest.mark.parametrize("code", ["", "mxn", "MX", "ZZZ", "XAU", "XXX", "MXN "])
def test_exponent_refuses_what_has_no_minor_unit(code: str) -> None:
    with pytest.raises(UnknownCurrencyError) as refusal:
        exponent(code)
    assert refusal.value.detail == f"{code!r}; expected a code of ISO 4217 such as MXN"
    assert refusal.value.status == 422


@pytest.mark.parametrize(
    ("amount", "code", "minor"),
    [
        ("0", "MXN", 0),
        ("-0.0", "MXN", 0),
        ("0E+999999999", "MXN", 0),
        ("0.000000", "JPY", 0),
        ("4700211.15", "MXN", 470021115),
        ("10.500", "MXN", 1050),
        ("49884575.7", "MXN", 4988457570),
        ("1.5e3", "JPY", 1500),
        ("1E-3", "KWD", 1),
        ("123", "JPY", 123),
        ("792281625142643375935439503.35", "MXN", MAX_MINOR),
        ("0.0001", "CLF", 1),
    ],
)
def test_to_minor_is_exact(amount: str, code: str, minor: int) -> None:
    assert to_minor(Decimal(amount), code) == minor


@pytest.mark.parametrize(
    ("amount", "code", "error", "detail"),
    [
        ("-5", "MXN", NegativeAmountError, "-5 MXN; expected zero or more"),
        (
            "10.005",
            "MXN",
            TooManyDigitsError,
            "10.005 MXN; expected at most 2 digits after the point",
        ),
        ("0.5", "JPY", TooManyDigitsError, "0.5 JPY; expected at most 0 digits after the point"),
        (
            "1e-999999999",
            "MXN",
            TooManyDigitsError,
            "1.000000E-999999999 MXN; expected at most 2 digits after the point",
        ),
        (
            "1e999999999",
            "MXN",
            AmountTooLargeError,
            "1.000000E+999999999 MXN; expected at most 792281625142643375935439503.35",
        ),
        (
            "792281625142643375935439503.36",
            "MXN",
            AmountTooLargeError,
            "792281625142643375935439503.36 MXN; expected at most 792281625142643375935439503.35",
        ),
        ("NaN", "MXN", AmountNotFiniteError, "NaN MXN; expected a finite number"),
        ("-Infinity", "MXN", AmountNotFiniteError, "-Infinity MXN; expected a finite number"),
    ],
)
def test_to_minor_refuses(amount: str, code: str, error: type[MoneyError], detail: str) -> None:
    with pytest.raises(error) as refusal:
        to_minor(Decimal(amount), code)
    assert refusal.value.detail == detail


@pytest.mark.parametrize(
    ("minor", "code", "text"),
    [
        (0, "MXN", "0.00"),
        (5, "MXN", "0.05"),
        (470021115, "MXN", "4700211.15"),
        (-5, "KWD", "-0.005"),
        (1500, "JPY", "1500"),
        (MAX_MINOR, "JPY", "79228162514264337593543950335"),
    ],
)
def test_format_minor_has_all_digits_of_the_currency(minor: int, code: str, text: str) -> None:
    assert format_minor(minor, code) == text


@given(st.integers(0, MAX_MINOR), CURRENCIES)
def test_minor_units_survive_the_way_to_decimals_and_text(minor: int, code: str) -> None:
    assert to_minor(from_minor(minor, code), code) == minor
    assert to_minor(Decimal(format_minor(minor, code)), code) == minor


@given(st.decimals(), CURRENCIES)
def test_any_decimal_is_exact_or_refused(amount: Decimal, code: str) -> None:
    try:
        minor = to_minor(amount, code)
    except MoneyError:
        return
    assert from_minor(minor, code) == amount
