"""Money: integers of minor units inside, decimals and plain strings at the edges (ISO 4217)."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from iso4217 import Currency

from backend.core.errors import AppError

MAX_MINOR = 2**96 - 1
"""The largest amount that is taken in, in minor units."""

_MAX_DIGITS = len(str(MAX_MINOR))
_SHOWN_DIGITS = 40


class MoneyError(AppError):
    """An amount or a currency that cannot be taken as money."""

    status = 422
    title = "Not an amount of money"


class UnknownCurrencyError(MoneyError):
    """The code is not a currency of ISO 4217 that has a minor unit."""

    title = "Unknown currency"

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"{code!r:.20}; expected a code of ISO 4217 such as MXN")


class AmountNotFiniteError(MoneyError):
    """The amount is infinite or not a number."""

    def __init__(self, amount: Decimal, code: str) -> None:
        super().__init__(f"{amount} {code}; expected a finite number")


class NegativeAmountError(MoneyError):
    """The amount is below zero."""

    title = "Negative amount"

    def __init__(self, amount: Decimal, code: str) -> None:
        super().__init__(f"{show(amount)} {code}; expected zero or more")


class TooManyDigitsError(MoneyError):
    """The amount is finer than the currency's minor unit; it is refused rather than rounded."""

    title = "More digits than the currency has"

    def __init__(self, amount: Decimal, code: str) -> None:
        expected = f"expected at most {exponent(code)} digits after the point"
        super().__init__(f"{show(amount)} {code}; {expected}")


class AmountTooLargeError(MoneyError):
    """The amount exceeds `MAX_MINOR`."""

    title = "Amount too large"

    def __init__(self, amount: Decimal, code: str) -> None:
        expected = f"expected at most {format_minor(MAX_MINOR, code)}"
        super().__init__(f"{show(amount)} {code}; {expected}")


def show(amount: Decimal) -> str:
    """`amount` in plain digits where that is short, in scientific notation where it is not."""
    small = amount.is_finite() and -_SHOWN_DIGITS < amount.adjusted() < _SHOWN_DIGITS
    if small and len(amount.as_tuple().digits) <= _SHOWN_DIGITS:
        return format(amount, "f")
    return f"{amount:.6E}"


@lru_cache(maxsize=256)
def exponent(code: str) -> int:
    """How many digits the minor unit of `code` has: JPY 0, MXN 2, KWD 3.

    Raises `UnknownCurrencyError`, also for codes without a minor unit (XAU, XXX).
    """
    try:
        digits = Currency(code).exponent
    except ValueError:
        digits = None
    if digits is None:
        raise UnknownCurrencyError(code)
    return digits


def to_minor(amount: Decimal, code: str) -> int:
    """`amount` in minor units of `code`, exactly.

    Raises `UnknownCurrencyError`, `AmountNotFiniteError`, `NegativeAmountError`,
    `AmountTooLargeError` and `TooManyDigitsError`.
    """
    places = exponent(code)
    if not amount.is_finite():
        raise AmountNotFiniteError(amount, code)
    if amount.is_zero():
        return 0
    if amount.is_signed():
        raise NegativeAmountError(amount, code)
    # Checked on the exponent, since 1e999999999 as an integer would fill the memory.
    if amount.adjusted() + places >= _MAX_DIGITS:
        raise AmountTooLargeError(amount, code)
    minor = _shift(amount, places)
    if minor is None:
        raise TooManyDigitsError(amount, code)
    if minor > MAX_MINOR:
        raise AmountTooLargeError(amount, code)
    return minor


def _shift(amount: Decimal, places: int) -> int | None:
    """`amount` times ten to the `places` as an integer, or None when it is not one."""
    _, digits, power = amount.as_tuple()
    point = len(digits) + int(power) + places
    if any(digits[max(point, 0) :]):
        return None
    whole = "".join(map(str, digits[: max(point, 0)]))
    return int(whole.ljust(max(point, 0), "0") or "0")


def from_minor(minor: int, code: str) -> Decimal:
    """`minor` units of `code` in major units, with exactly the digits of its minor unit."""
    digits = tuple(map(int, str(abs(minor))))
    return Decimal((int(minor < 0), digits, -exponent(code)))


def format_minor(minor: int, code: str) -> str:
    """`minor` units of `code` as a plain string: `format_minor(5, "MXN")` is `"0.05"`."""
    return format(from_minor(minor, code), "f")
