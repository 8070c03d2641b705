"""XLSX workbooks that are written row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Context, Decimal
from typing import Any, Final, Protocol

import openpyxl  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]

LARGEST_SHEET: Final = 1_048_576
"""How many rows a sheet has at most, the heading among them."""
SIGNIFICANT_DIGITS: Final = 15
"""How many digits of a number a spreadsheet keeps; one with more is written as text."""

_EXACT = Context(prec=100)
_LONGEST_TITLE = 31
_DATE_FORMAT = "yyyy-mm-dd hh:mm:ss"

Value = str | int | bool | Decimal | datetime | None


class SupportsWrite(Protocol):
    """Where a workbook is written to."""

    def write(self, content: bytes, /) -> int:
        """Write to it."""


class Workbook:
    """A workbook; rows that do not fit onto a sheet go onto further ones, "payments (2)" and on."""

    def __init__(self) -> None:
        self._book = openpyxl.Workbook(write_only=True)

    def add(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
        """Write a sheet, or several; returns how many rows there were."""
        sheet, count, number = self._sheet(title, 1, columns), 0, 1
        for row in rows:
            if count == number * (LARGEST_SHEET - 1):
                number += 1
                sheet = self._sheet(title, number, columns)
            sheet.append([_cell(sheet, value) for value in row])
            count += 1
        return count

    def save(self, stream: SupportsWrite) -> None:
        """Write all of it; nothing can be added after that."""
        self._book.save(stream)

    def _sheet(self, title: str, number: int, columns: Sequence[str]) -> Any:
        tail = f" ({number})" if number > 1 else ""
        sheet = self._book.create_sheet(title[: _LONGEST_TITLE - len(tail)] + tail)
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, column) for column in columns])
        return sheet


def _cell(sheet: Any, value: Value) -> Any:
    if isinstance(value, str):
        return _text(sheet, value)
    if isinstance(value, datetime):
        return _formatted(sheet, value.replace(tzinfo=None), _DATE_FORMAT)
    if isinstance(value, Decimal):
        return _number(sheet, value)
    return value


def _number(sheet: Any, value: Decimal) -> Any:
    """A number that is shown with all its decimals, or text where it has too many digits."""
    digits = value.normalize(_EXACT).as_tuple().digits
    if len(digits) > SIGNIFICANT_DIGITS:
        return _text(sheet, f"{value:f}")
    decimals = len(f"{value:f}".partition(".")[2])
    return _formatted(sheet, value, "#,##0" + (f".{'0' * decimals}" if decimals else ""))


def _text(sheet: Any, text: str) -> Any:
    """Text that stays text, whatever it looks like: no formula, no error."""
    plain = ILLEGAL_CHARACTERS_RE.sub("", text)
    if not plain.startswith("=") and plain not in ERROR_CODES:
        return plain
    cell = WriteOnlyCell(sheet, plain)
    cell.data_type = "s"
    return cell


def _formatted(sheet: Any, value: Any, form: str) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = form
    return cell
