"""What people type, as the acts need it: amounts, moments, reasons."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from backend.acts.terms import END_OF_DAY
from backend.chain.identity import code_to_bytes32
from backend.core.dates import ImpossibleDateError, parse_date
from backend.core.documents import NO_DOCUMENT, DocumentStore
from backend.core.errors import AppError


class ReasonError(AppError):
    """A code does not fit."""

    status = 422
    title = "The reason is not a code"


class AmountError(AppError):
    """What was typed is not an amount."""

    status = 422
    title = "Not an amount"


def note_of(store: DocumentStore, text: str | None) -> bytes:
    """Keep a note as a document and return its hash; no document for no text."""
    return store.write_json({"type": "note", "text": text}) if text else NO_DOCUMENT


def decimal(text: str) -> Decimal:
    """An amount as it was typed; raises `AmountError`."""
    try:
        return Decimal(text.replace("_", ""))
    except InvalidOperation:
        raise AmountError(
            f"{text!r}: expected digits with a point before the decimals, e.g. 144000000.00"
        ) from None


def moment(text: str, zone: ZoneInfo) -> int:
    """Unix seconds of a date with or without a time; a date alone is the end of that day.

    Raises `ImpossibleDateError`.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return int(parse_date(text).timestamp())
    if not 1970 <= day.year <= 2100:
        raise ImpossibleDateError(text)
    return int(datetime.combine(day, END_OF_DAY, zone).timestamp())


def reason_code(text: str) -> bytes:
    """A coded reason as the chain has it; raises `ReasonError`."""
    try:
        return code_to_bytes32(text.strip())
    except ValueError:
        raise ReasonError(
            f"{text!r}: expected 1 to 32 ASCII characters, such as `quality` or `incomplete`; "
            "put prose into --note."
        ) from None
