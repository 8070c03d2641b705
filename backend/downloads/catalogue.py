"""What there is to download: each file in whole and by year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy.orm import Session

from backend.downloads.files import XLSX
from backend.queries.values import Row
from backend.queries.years import YearCount, year_counts

FORMATS: Final = {
    "csv": "text/csv",
    "xlsx": XLSX,
    "jsonl.gz": "application/gzip",
    "csv.zip": "application/zip",
}
"""The media type of each ending."""


class Download(Row, frozen=True):
    """One file: `name` is "contracts", "payments", "records" or "tables", `format` its ending.

    `year` None is all years; `rows` counts contracts or payments. `url` is absolute.
    """

    name: str
    year: int | None
    format: str
    media_type: str
    rows: int
    url: str


def all_downloads(session: Session, site: str) -> list[Download]:
    """Every file there is, by year, all years first; `site` is where the API is reached."""
    return [
        Download(name, count.year, ending, FORMATS[ending], rows, f"{site}{path}")
        for count in year_counts(session)
        for name, ending, rows, path in _of(count)
    ]


def _of(count: YearCount) -> Iterator[tuple[str, str, int, str]]:
    query = f"?year={count.year}" if count.year else ""
    contracts, payments = count.contracts, count.payments
    if contracts or count.year is None:
        folder = f"/api/v1/downloads/{count.year or 'all'}"
        yield "records", "jsonl.gz", contracts, f"{folder}/records.jsonl.gz"
        yield "tables", "csv.zip", contracts, f"{folder}/tables.csv.zip"
        yield "tables", "xlsx", contracts, f"{folder}/tables.xlsx"
        yield "contracts", "csv", contracts, f"/api/v1/contracts.csv{query}"
        yield "contracts", "xlsx", contracts, f"/api/v1/contracts.xlsx{query}"
    if payments or count.year is None:
        yield "payments", "csv", payments, f"/api/v1/payments.csv{query}"
        yield "payments", "xlsx", payments, f"/api/v1/payments.xlsx{query}"
