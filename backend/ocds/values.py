"""Amounts, currencies and dates as publishers write them, made exact or refused with a reason."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from backend.core.dates import ImpossibleDateError, parse_date
from backend.core.money import (
    AmountNotFiniteError,
    AmountTooLargeError,
    MoneyError,
    NegativeAmountError,
    TooManyDigitsError,
    UnknownCurrencyError,
    exponent,
    show,
    to_minor,
)
from backend.ocds.fields import clean, kind
from backend.ocds.reasons import ReasonCode, skip

_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_SHOWN = 60
_CODE_LENGTH = 20

_CODES: dict[type[MoneyError], ReasonCode] = {
    AmountNotFiniteError: ReasonCode.AMOUNT_NOT_A_NUMBER,
    AmountTooLargeError: ReasonCode.AMOUNT_TOO_LARGE,
    NegativeAmountError: ReasonCode.NEGATIVE_AMOUNT,
    TooManyDigitsError: ReasonCode.TOO_MANY_DIGITS,
    UnknownCurrencyError: ReasonCode.UNKNOWN_CURRENCY,
}


def number(raw: object) -> Decimal | None:
    """A JSON number, or a text of digits with at most one point; None for anything else."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | Decimal):
        return Decimal(raw)
    if isinstance(raw, str) and _PLAIN_NUMBER.fullmatch(raw.strip()):
        return Decimal(raw.strip())
    return None


def minor_units(raw: object, currency: str) -> int:
    """The amount `raw` in minor units of `currency`. Raises `SkippedError`, also for null."""
    if raw is None:
        raise skip(ReasonCode.NO_AMOUNT, "no amount is published")
    amount = number(raw)
    if amount is None:
        raise skip(ReasonCode.AMOUNT_NOT_A_NUMBER, f"{shown(raw)}; expected a number")
    try:
        return to_minor(amount, currency)
    except MoneyError as error:
        raise skip(_CODES[type(error)], error.detail) from error


def published_amount(raw: object) -> str | None:
    """The amount as published, for the report; None when it is no number."""
    amount = number(raw)
    return None if amount is None else show(amount)


def currency_code(raw: object) -> str | None:
    """The currency as published, in capitals; None when there is none."""
    if raw is None:
        return None
    return clean(raw if isinstance(raw, str) else kind(raw)).upper()[:_CODE_LENGTH] or None


def known_currency(code: str) -> str:
    """`code` itself. Raises `SkippedError` when ISO 4217 does not know it."""
    try:
        exponent(code)
    except UnknownCurrencyError as error:
        raise skip(ReasonCode.UNKNOWN_CURRENCY, error.detail) from error
    return code


def moment(raw: object) -> datetime | None:
    """The date `raw`, or None when there is none. Raises `ImpossibleDateError`."""
    if raw is None or raw == "":
        return None
    return parse_date(raw if isinstance(raw, str) else kind(raw))


def moment_or_none(raw: object) -> datetime | None:
    """The date `raw`, or None when there is none or it is impossible."""
    try:
        return moment(raw)
    except ImpossibleDateError:
        return None


def shown(raw: object) -> str:
    """`raw` as it can stand in a message."""
    text = clean(str(raw)) if isinstance(raw, str) else kind(raw)
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
