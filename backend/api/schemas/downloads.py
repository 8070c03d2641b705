"""What there is to download."""

from __future__ import annotations

from typing import Literal

from backend.api.schemas.answers import Answer
from backend.api.schemas.base import Schema


class Download(Schema):
    """One file."""

    name: Literal["records", "tables", "contracts", "payments"]
    """`records`: OCDS records; `tables`: their compiled releases as flat tables; `contracts` and
    `payments`: lists with a row for each."""
    year: int | None
    """Year of the signature, of payments that of their date, in UTC; null for all years."""
    format: Literal["jsonl.gz", "csv.zip", "csv", "xlsx"]
    """How its name ends."""
    media_type: str
    """Its media type."""
    rows: int
    """How many contracts, or payments, are in it."""
    url: str
    """Where it is. It stays the same; what is there does not."""


class DownloadList(Answer):
    """Every file there is."""

    downloads: list[Download]
    """All years together first, then the newest year."""
