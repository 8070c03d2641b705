"""Lists for spreadsheets: every cell is what the API says, and text stays text."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.downloads import NOW, made

from backend.db.session import Database
from backend.downloads import lists, workbook
from backend.downloads.files import ContractsFile, PaymentsFile
from backend.downloads.lists import CONTRACT_COLUMNS, PAYMENT_COLUMNS, write_csv
from backend.downloads.workbook import Workbook
from backend.queries.contract_pages import contracts
from backend.queries.filters import ContractFilter
from backend.queries.payments import PaymentFilter, payments

ANY: dict[str, Any] = {"sort": "date", "order": "desc"}


def rows_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def contract_file(**wanted: Any) -> ContractsFile:
    return ContractsFile(wanted=ContractFilter(**wanted), now=NOW, format="csv", **ANY)


@pytest.mark.parametrize("at_once", [1, 1000])
def test_every_contract_of_a_list_has_a_row(
    told: Database, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ROWS_AT_ONCE", at_once)
    head, *rows = rows_of(made(told, contract_file()))
    assert head == list(CONTRACT_COLUMNS)
    with told.reading() as session:
        items = contracts(session, ContractFilter(), NOW, limit=100).items
    assert len(rows) == len(items) == 8
    for row, item in zip(rows, items, strict=True):
        cells = dict(zip(head, row, strict=True))
        assert cells["Number"] == str(item.number)
        assert cells["Title"] == (item.title or "")
        assert cells["Supplier"] == (item.supplier.name or "")
        assert cells["Value"] == item.value.amount
        assert cells["Paid"] == item.paid.amount
        assert cells["Currency"] == item.value.currency
        assert cells["Date (UTC)"] == f"{item.date:%Y-%m-%d %H:%M:%S}"
        assert cells["Days late"] == str(item.days_late)
        assert cells["OCID"] == item.ocid


def test_filter_of_a_list_is_that_of_its_page(told: Database) -> None:
    for wanted in (ContractFilter(status=("closed",)), ContractFilter(late=True)):
        file = ContractsFile(wanted=wanted, now=NOW, format="csv", **ANY)
        with told.reading() as session:
            numbers = [c.number for c in contracts(session, wanted, NOW, limit=100).items]
        assert 0 < len(numbers) < 8
        assert [int(row[0]) for row in rows_of(made(told, file))[1:]] == numbers


@pytest.mark.parametrize("at_once", [1, 1000])
def test_every_payment_has_a_row_that_adds_up(
    worked: Database, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ROWS_AT_ONCE", at_once)
    head, *rows = rows_of(made(worked, PaymentsFile(wanted=PaymentFilter(), format="csv", **ANY)))
    assert head == list(PAYMENT_COLUMNS)
    with worked.reading() as session:
        items = payments(session, PaymentFilter(), limit=1000).items
    assert [int(row[0]) for row in rows] == [item.number for item in items]
    parts = ("Advance recovered", "Retention", "Delay damages", "Taxes", "Direct payments", "Net")
    for row, item in zip(rows, items, strict=True):
        cells = dict(zip(head, row, strict=True))
        assert Decimal(cells["Gross"]) == sum(Decimal(cells[part]) for part in parts)
        assert cells["Net"] == item.net.amount
        assert cells["Transaction"] == item.changed.transaction


def test_amounts_are_numbers_in_a_workbook_and_dates_are_dates(told: Database) -> None:
    file = ContractsFile(wanted=ContractFilter(), now=NOW, format="xlsx", **ANY)
    book = openpyxl.load_workbook(BytesIO(made(told, file)))
    assert book.sheetnames == ["contracts", "about"]
    head, *rows = book["contracts"].iter_rows()
    with told.reading() as session:
        items = contracts(session, ContractFilter(), NOW, limit=100).items
    for row, item in zip(rows, items, strict=True):
        cells = {name.value: cell for name, cell in zip(head, row, strict=True)}
        assert cells["Date (UTC)"].value == item.date.replace(tzinfo=None)
        value, exact = cells["Value"], item.value
        if len(exact.amount.replace(".", "").strip("0")) > 15:
            assert (value.data_type, value.value) == ("s", exact.amount)
        else:
            assert value.data_type == "n"
            assert Decimal(str(value.value)) == exact.decimal
            assert value.number_format == "#,##0" + ("." + "0" * exact.decimals).rstrip(".")
    facts = dict(book["about"].iter_rows(min_row=2, values_only=True))
    assert facts["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert facts["block"] > 0


TRAPS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x")',
]


@pytest.mark.parametrize("trap", TRAPS)
def test_no_text_is_a_formula(trap: str) -> None:
    stream = BytesIO()
    write_csv(stream, ["a"], [[trap]])
    assert rows_of(stream.getvalue()) == [["a"], [f"'{trap}"]]
    book, target = Workbook(), BytesIO()
    book.add("sheet", ["=heading"], [[trap]])
    book.save(target)
    sheet = openpyxl.load_workbook(target)["sheet"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert sheet["A1"].value == "=heading"
    assert sheet["A2"].value.strip() == trap.strip()


def test_errors_of_a_spreadsheet_are_text_too() -> None:
    book, target = Workbook(), BytesIO()
    book.add("sheet", ["a"], [["#N/A"]])
    book.save(target)
    cell = openpyxl.load_workbook(target)["sheet"]["A2"]
    assert (cell.data_type, cell.value) == ("s", "#N/A")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_from_csv(text: str) -> None:
    stream = BytesIO()
    write_csv(stream, ["a"], [[text]])
    (cell,) = rows_of(stream.getvalue())[1] or [""]
    assert cell in {text, f"'{text}"}
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_what_does_not_fit_onto_a_sheet_goes_onto_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook, "LARGEST_SHEET", 4)
    name = "con_imp_relatedImplementationMilestone"
    book, target = Workbook(), BytesIO()
    assert book.add(name, ["n"], [[n] for n in range(7)]) == 7
    book.save(target)
    found = openpyxl.load_workbook(target)
    assert found.sheetnames == [name[:31], f"{name[:27]} (2)", f"{name[:27]} (3)"]
    columns = [[cell.value for cell in sheet["A"]] for sheet in found]
    assert columns == [["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6]]


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        ("123456789012345", 123456789012345),
        ("9000000000000.00", 9000000000000),
        ("1237940039285380274899124.224", "1237940039285380274899124.224"),
        ("1234567890123.456", "1234567890123.456"),
        ("0.00", 0),
    ],
)
def test_number_with_more_digits_than_a_spreadsheet_keeps_is_text(
    amount: str, kept: int | str
) -> None:
    book, target = Workbook(), BytesIO()
    book.add("sheet", ["a"], [[Decimal(amount)]])
    book.save(target)
    assert openpyxl.load_workbook(target)["sheet"]["A2"].value == kept


def test_moments_are_written_as_spreadsheets_read_them() -> None:
    stream = BytesIO()
    write_csv(stream, ["a"], [[datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)], [None]])
    assert stream.getvalue().decode("utf-8-sig") == 'a\r\n2026-03-02 04:05:06\r\n""\r\n'
