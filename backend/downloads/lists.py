"""Lists as people read them: one row each, headings in words, money as numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO, Final

from sqlalchemy.orm import Session

from backend.downloads.files import ContractsFile, PaymentsFile
from backend.downloads.workbook import Value
from backend.queries.contract_pages import contracts
from backend.queries.contracts import ContractSummary
from backend.queries.pages import Page
from backend.queries.payments import PaymentRow, payments

ROWS_AT_ONCE: Final = 1_000
"""How many rows are in memory at once."""

Columns = dict[str, Callable[[Any], Value]]

CONTRACT_COLUMNS: Final[Columns] = {
    "Number": lambda c: c.number,
    "Contract ID": lambda c: c.contract_id,
    "Title": lambda c: c.title,
    "Status": lambda c: c.status,
    "Buyer": lambda c: c.buyer.name,
    "Buyer ID": lambda c: c.buyer.identifier,
    "Supplier": lambda c: c.supplier.name,
    "Supplier ID": lambda c: c.supplier.identifier,
    "Date (UTC)": lambda c: c.date,
    "Start (UTC)": lambda c: c.starts_at,
    "End (UTC)": lambda c: c.ends_at,
    "Currency": lambda c: c.value.currency,
    "Value as signed": lambda c: c.original_value.decimal,
    "Value": lambda c: c.value.decimal,
    "Accepted": lambda c: c.accepted.decimal,
    "Paid": lambda c: c.paid.decimal,
    "Owed": lambda c: c.owed.decimal,
    "Refunded": lambda c: c.refunded.decimal,
    "Milestones": lambda c: c.milestones,
    "Milestones accepted": lambda c: c.milestones_accepted,
    "Milestones cancelled": lambda c: c.milestones_cancelled,
    "Payments": lambda c: c.payments,
    "Amendments": lambda c: c.amendments,
    "Next due (UTC)": lambda c: c.next_due_at,
    "Days late": lambda c: c.days_late,
    "OCID": lambda c: c.ocid,
    "Address": lambda c: c.address,
    "Changed in block": lambda c: c.changed.block,
}
"""Of a list of contracts: the headings, and what stands below them."""

PAYMENT_COLUMNS: Final[Columns] = {
    "Number": lambda p: p.number,
    "Date (UTC)": lambda p: p.paid_at or p.made_at,
    "Status": lambda p: p.status,
    "Contract": lambda p: p.contract.number,
    "Contract ID": lambda p: p.contract.contract_id,
    "Contract title": lambda p: p.contract.title,
    "Milestone": lambda p: None if p.milestone is None else p.milestone + 1,
    "Milestone title": lambda p: p.milestone_title,
    "Basis": lambda p: p.basis,
    "Payer": lambda p: p.payer.name,
    "Payer ID": lambda p: p.payer.identifier,
    "Payee": lambda p: p.payee.name,
    "Payee ID": lambda p: p.payee.identifier,
    "Currency": lambda p: p.net.currency,
    "Gross": lambda p: p.gross.decimal,
    "Advance recovered": lambda p: p.advance.decimal,
    "Retention": lambda p: p.retention.decimal,
    "Delay damages": lambda p: p.damages.decimal,
    "Taxes": lambda p: p.taxes.decimal,
    "Direct payments": lambda p: p.direct.decimal,
    "Net": lambda p: p.net.decimal,
    "Days late": lambda p: p.late_days,
    "Interest": lambda p: p.interest.decimal,
    "Final": lambda p: "yes" if p.final else "no",
    "OCID": lambda p: p.contract.ocid,
    "Block": lambda p: p.changed.block,
    "Transaction": lambda p: p.changed.transaction,
}
"""Of a list of payments."""

# What a spreadsheet would take for a formula, or for the end of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def contract_rows(session: Session, file: ContractsFile) -> Iterator[list[Value]]:
    """The contracts that match, under `CONTRACT_COLUMNS`."""

    def page(after: str | None) -> Page[ContractSummary]:
        return contracts(
            session,
            file.wanted,
            file.now,
            sort=file.sort,
            order=file.order,
            limit=ROWS_AT_ONCE,
            after=after,
        )

    return _rows(page, CONTRACT_COLUMNS)


def payment_rows(session: Session, file: PaymentsFile) -> Iterator[list[Value]]:
    """The payments that match, under `PAYMENT_COLUMNS`."""

    def page(after: str | None) -> Page[PaymentRow]:
        return payments(
            session,
            file.wanted,
            sort=file.sort,
            order=file.order,
            limit=ROWS_AT_ONCE,
            after=after,
        )

    return _rows(page, PAYMENT_COLUMNS)


def write_csv(stream: BinaryIO, columns: Iterable[str], rows: Iterable[Sequence[Value]]) -> int:
    """Write a table for spreadsheets; returns how many rows it has.

    UTF-8 with a byte order mark, by which they know it. Before a text that they would take for a
    formula stands an apostrophe.
    """
    # Where the stream begins, the mark is written once.
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_plain(value) for value in row])
        count += 1
    text.detach()
    return count


def _rows(page: Callable[[str | None], Page[Any]], columns: Columns) -> Iterator[list[Value]]:
    after = None
    while True:
        found = page(after)
        for item in found.items:
            yield [value(item) for value in columns.values()]
        after = found.next
        if after is None:
            return


def _plain(value: Value) -> Value:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value
