"""Proven logs on disk, so that agreement after agreement can be worked out in little memory."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from eth_abi.exceptions import DecodingError

from backend.chain.contract import contract
from backend.verification.clocks import Place
from backend.verification.errors import NotComparableError

NO_MILESTONE = 2**256 - 1
_TABLE = """CREATE TABLE logs (
    block INTEGER, log_index INTEGER, block_hash TEXT, block_timestamp INTEGER, "transaction" TEXT,
    transaction_index INTEGER, address TEXT, contract TEXT, name TEXT, agreement TEXT,
    milestone INTEGER, participant TEXT, topics TEXT, data TEXT, ordinal INTEGER,
    PRIMARY KEY (block, log_index)) WITHOUT ROWID"""


@dataclass(frozen=True, slots=True)
class Fact:
    """A proven log of one of our contracts, decoded with the ABI by another decoder than the index.

    `values` has the arguments by their names in the ABI; bytes are "0x…", structs are dicts.
    `ordinal` counts all `PaymentMade` from 1, where the whole chain is read.
    """

    block: int
    log_index: int
    timestamp: int
    transaction: str
    address: str
    name: str
    values: dict[str, Any]
    ordinal: int | None = None

    @property
    def place(self) -> Place:
        """Where it stands in the order of the chain."""
        return self.block, self.log_index

    @property
    def key(self) -> str:
        """The place as a row's key."""
        return f"{self.block}/{self.log_index}"


def decode(kind: str, log: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a log of a contract of this kind; raises `NotComparableError`."""
    try:
        _, values = contract(kind).event(log) or ("", {})
    except (DecodingError, ValueError) as error:
        place = f"block {log['blockNumber']}, log {log['logIndex']}"
        raise NotComparableError(f"{kind} at {place} does not fit its ABI: {error}") from error
    return {name: _plain(value) for name, value in values.items()}


class Spool:
    """A temporary file with logs; closes and removes it at the end of the `with` block."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="termin-verify-")
        self._connection = sqlite3.connect(Path(self._folder.name) / "logs.db")
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(_TABLE)
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._folder.cleanup()

    def add(self, row: dict[str, Any]) -> None:
        """Take in a log by the columns of the table."""
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join(f":{name}" for name in row)
        self._connection.execute(f"INSERT INTO logs ({names}) VALUES ({marks})", row)  # noqa: S608
        self.count += 1

    def finish(self) -> None:
        """All logs are there: prepare for reading them by contract."""
        self._connection.execute("CREATE INDEX by_agreement ON logs (agreement, block, log_index)")

    def rows(self, agreement: str | None) -> Iterator[dict[str, Any]]:
        """The columns of the table, in the order of the chain; for None of all logs."""
        condition = "" if agreement is None else "WHERE agreement = ?"
        query = f"SELECT * FROM logs {condition} ORDER BY block, log_index"  # noqa: S608
        values = () if agreement is None else (agreement,)
        with closing(self._connection.execute(query, values)) as found:
            for row in found:
                yield dict(row)

    def facts(self, agreement: str) -> Iterator[Fact]:
        """What the contracts say of an agreement, in the order of the chain, decoded."""
        return (_fact(row) for row in self.rows(agreement))


def _fact(row: dict[str, Any]) -> Fact:
    log = {
        "topics": json.loads(row["topics"]),
        "data": row["data"],
        "blockNumber": row["block"],
        "logIndex": row["log_index"],
    }
    return Fact(
        block=row["block"],
        log_index=row["log_index"],
        timestamp=row["block_timestamp"],
        transaction=row["transaction"],
        address=row["address"],
        name=row["name"],
        values=decode(row["contract"], log),
        ordinal=row["ordinal"],
    )


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
