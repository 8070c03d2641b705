"""Rates as people write them, `5 %` or `1/1000`, turned into what the contracts keep, exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from backend.acts.words import BASIS_POINTS, MILLIONTHS

LARGEST_TERM = 2**24 - 1
"""The largest numerator and denominator of a tax."""

EXPECTED = "a rate such as 5 %, 2.65 % or 11/111"

_PERCENT = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?\s*%", re.ASCII)
_FRACTION = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share between none and all, as it was written: numerator / denominator."""

    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction:
        """The share itself."""
        return Fraction(self.numerator, self.denominator)


def read_rate(text: object) -> Rate:
    """`20 %`, `2.65 %`, `11/111` or `0`; raises `ValueError` with what was expected."""
    written = text.strip() if isinstance(text, str) else ""
    if percent := _PERCENT.fullmatch(written):
        decimals = percent[2] or ""
        rate = Rate(int(percent[1] + decimals), 100 * 10 ** len(decimals))
    elif fraction := _FRACTION.fullmatch(written):
        rate = Rate(int(fraction[1]), int(fraction[2]))
    elif written == "0":
        rate = Rate(0, 1)
    else:
        raise ValueError(EXPECTED)
    if rate.denominator == 0 or rate.numerator > rate.denominator:
        raise ValueError("a rate of at most 100 %")
    return rate


def to_basis_points(rate: Rate) -> int:
    """Ten-thousandths; raises `ValueError` where there is no whole number of them."""
    return _whole(rate, BASIS_POINTS, "a rate with at most two digits after the point, as 2.65 %")


def to_millionths(rate: Rate) -> int:
    """Millionths; raises `ValueError` where there is no whole number of them."""
    return _whole(rate, MILLIONTHS, "a rate in whole millionths, such as 1/1000 or 0.05 %")


def to_terms(rate: Rate) -> tuple[int, int]:
    """Numerator and denominator, as written if they fit; raises `ValueError`."""
    if rate.denominator <= LARGEST_TERM:
        return rate.numerator, rate.denominator
    lowest = rate.value
    if lowest.denominator > LARGEST_TERM:
        raise ValueError(f"a rate whose denominator is at most {LARGEST_TERM}, in lowest terms")
    return lowest.numerator, lowest.denominator


def _whole(rate: Rate, parts: int, expected: str) -> int:
    scaled = rate.value * parts
    if scaled.denominator != 1:
        raise ValueError(expected)
    return scaled.numerator
