"""How each file is made of one state of the index."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final

import simplejson
from sqlalchemy.orm import Session

from backend.downloads.about import Publisher, about
from backend.downloads.files import (
    ContractsFile,
    File,
    PaymentsFile,
    RecordsFile,
    TablesFile,
)
from backend.downloads.lists import (
    CONTRACT_COLUMNS,
    PAYMENT_COLUMNS,
    Columns,
    contract_rows,
    payment_rows,
    write_csv,
)
from backend.downloads.tables import Tables
from backend.downloads.workbook import Value, Workbook
from backend.ocds.records import record_lines, records
from backend.queries.index import IndexState

RELEASES_AT_ONCE: Final = 50
"""How many releases are flattened at once: as many are in memory."""

_READ_ME = "about.json"


def write_file(
    session: Session, state: IndexState, file: File, publisher: Publisher, stream: BinaryIO
) -> int:
    """Write a file to a stream, which need not be one that can be sought in.

    Returns how many rows it has; of tables, how many releases.
    """
    facts = about(publisher, state, f"{file.name}.{file.ending}")
    if isinstance(file, RecordsFile):
        return _write_records(session, state, file, stream)
    if isinstance(file, TablesFile):
        with TemporaryDirectory() as folder:
            return _write_tables(session, state, file, facts, Path(folder), stream)
    columns, rows = _list(session, file)
    if file.format == "csv":
        return write_csv(stream, columns, rows)
    book = Workbook()
    count = book.add(file.name, list(columns), rows)
    _save(book, facts, stream)
    return count


def _write_records(session: Session, state: IndexState, file: RecordsFile, stream: BinaryIO) -> int:
    count = 0
    # The name inside says the state; without a time, the same state gives the same bytes.
    inner = f"{file.name}-block-{state.block}.jsonl"
    with gzip.GzipFile(inner, "wb", fileobj=stream, mtime=0) as compressed:
        for line in record_lines(session, state, year=file.year):
            compressed.write(line)
            count += 1
    return count


def _list(session: Session, file: ContractsFile | PaymentsFile) -> tuple[Columns, Iterator[Any]]:
    if isinstance(file, ContractsFile):
        return CONTRACT_COLUMNS, contract_rows(session, file)
    return PAYMENT_COLUMNS, payment_rows(session, file)


def _write_tables(
    session: Session,
    state: IndexState,
    file: TablesFile,
    facts: dict[str, Any],
    folder: Path,
    stream: BinaryIO,
) -> int:
    if file.format == "xlsx":
        tables, count = _flattened(session, state, file, folder)
        book = Workbook()
        for table in tables:
            book.add(table.name, table.columns, table)
        _save(book, facts, stream)
        return count
    # zipfile would go back and correct what may have been sent already.
    with zipfile.ZipFile(_Forward(stream), "w", zipfile.ZIP_DEFLATED) as archive:
        with _entry(archive, _READ_ME, state) as entry:
            entry.write(simplejson.dumps(facts, indent=2, ensure_ascii=False).encode() + b"\n")
        stream.flush()
        tables, count = _flattened(session, state, file, folder)
        for table in tables:
            with (
                _entry(archive, f"{table.name}.csv", state) as entry,
                io.TextIOWrapper(entry, "utf-8", newline="") as text,
            ):
                writer = csv.writer(text)
                writer.writerow(table.columns)
                writer.writerows(table)
    return count


def _flattened(
    session: Session, state: IndexState, file: TablesFile, folder: Path
) -> tuple[Tables, int]:
    tables, count = Tables(folder), 0
    found = (record["compiledRelease"] for record in records(session, state, year=file.year))
    while chunk := list(islice(found, RELEASES_AT_ONCE)):
        tables.add(chunk)
        count += len(chunk)
    tables.close()
    return tables, count


def _entry(archive: zipfile.ZipFile, name: str, state: IndexState) -> Any:
    info = zipfile.ZipInfo(name, max(state.time.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
    info.compress_type = zipfile.ZIP_DEFLATED
    return archive.open(info, "w", force_zip64=True)


def _save(book: Workbook, facts: dict[str, Any], stream: BinaryIO) -> None:
    rows: list[list[Value]] = [[name, value] for name, value in facts.items()]
    book.add("about", ["about", "this file"], rows)
    book.save(_Forward(stream))


class _Forward:
    """A stream that cannot be sought in."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, content: bytes, /) -> int:
        """Write to the stream."""
        return self._stream.write(content)

    def flush(self) -> None:
        """Hand on what was written."""
        self._stream.flush()

    def close(self) -> None:
        """Whoever opened the stream closes it."""
