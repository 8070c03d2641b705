"""What can be downloaded: each file by what is in it and how it is written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from backend.queries.filters import ContractFilter
from backend.queries.index import IndexState
from backend.queries.pages import Order
from backend.queries.payments import PaymentFilter

Spreadsheet = Literal["csv", "xlsx"]
"""How a table is written."""

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_HASH_LENGTH = 10


class _File(msgspec.Struct, frozen=True, kw_only=True):
    @property
    def name(self) -> str:
        """What it is called, without an ending."""
        raise NotImplementedError

    @property
    def ending(self) -> str:
        """How its name ends, without the dot."""
        raise NotImplementedError

    @property
    def media_type(self) -> str:
        """What it is to a browser."""
        raise NotImplementedError

    @property
    def lasting(self) -> bool:
        """Whether it is so long in the making that one a few minutes old is given, too."""
        return False


class RecordsFile(_File, frozen=True, kw_only=True, tag="records"):
    """The OCDS records of the contracts of a year, or of all, as JSON Lines."""

    year: int | None = None

    @property
    def name(self) -> str:
        return f"records-{self.year or 'all'}"

    @property
    def ending(self) -> str:
        return "jsonl.gz"

    @property
    def media_type(self) -> str:
        return "application/gzip"

    @property
    def lasting(self) -> bool:
        return True


class TablesFile(_File, frozen=True, kw_only=True, tag="tables"):
    """Their compiled releases as the flat tables that flattentool makes."""

    year: int | None = None
    format: Spreadsheet

    @property
    def name(self) -> str:
        return f"tables-{self.year or 'all'}"

    @property
    def ending(self) -> str:
        return "csv.zip" if self.format == "csv" else "xlsx"

    @property
    def media_type(self) -> str:
        return "application/zip" if self.format == "csv" else XLSX

    @property
    def lasting(self) -> bool:
        return True


class _List(_File, frozen=True, kw_only=True):
    sort: str
    order: Order
    format: Spreadsheet

    @property
    def ending(self) -> str:
        return self.format

    @property
    def media_type(self) -> str:
        return "text/csv; charset=utf-8; header=present" if self.format == "csv" else XLSX


class ContractsFile(_List, frozen=True, kw_only=True, tag="contract-list"):
    """A list of contracts, one on each row; `now` decides what is late."""

    wanted: ContractFilter
    now: datetime

    @property
    def name(self) -> str:
        return "contracts"


class PaymentsFile(_List, frozen=True, kw_only=True, tag="payment-list"):
    """A list of payments, one on each row."""

    wanted: PaymentFilter

    @property
    def name(self) -> str:
        return "payments"


File = RecordsFile | TablesFile | ContractsFile | PaymentsFile


def key_of(file: File) -> str:
    """A short name for a file, the same for the same question."""
    return hashlib.sha256(msgspec.json.encode(file)).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Stamp:
    """The state of the index that a file is of, as it stands in file names and ETags.

    `final` says that the chain will not give up its block any more.
    """

    block: int
    hash: str
    time: datetime
    projection_version: int
    documents_revision: int
    final: bool

    @classmethod
    def of(cls, state: IndexState) -> Stamp:
        """The stamp of a state."""
        return cls(
            block=state.block,
            hash=state.block_hash[2 : 2 + _HASH_LENGTH],
            time=state.time,
            projection_version=state.projection_version,
            documents_revision=state.documents_revision,
            final=state.block <= state.final_block,
        )

    @classmethod
    def parse(cls, text: str) -> Stamp:
        """The stamp that `str` wrote; raises ValueError."""
        block, digest, time, version, revision, final = text.split("-")
        moment = datetime.fromtimestamp(int(time), UTC)
        return cls(int(block), digest, moment, int(version), int(revision), final == "1")

    def __str__(self) -> str:
        parts = (
            self.block,
            self.hash,
            int(self.time.timestamp()),
            self.projection_version,
            self.documents_revision,
            int(self.final),
        )
        return "-".join(map(str, parts))

    def still_holds(self, other: Stamp) -> bool:
        """Whether what is of this state was true, and may be told, when the index is at `other`."""
        kept = (self.projection_version, self.documents_revision)
        same = kept == (other.projection_version, other.documents_revision)
        return same and self.final and self.block <= other.block
