"""`termin export`: the index as open data."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console

from backend.cli.options import located
from backend.core.dates import iso
from backend.core.errors import AppError
from backend.core.settings import Settings
from backend.db.session import Database
from backend.downloads.about import Publisher
from backend.downloads.files import TablesFile
from backend.downloads.making import write_file
from backend.ocds.records import record_lines
from backend.queries.index import IndexState, index_state


class Form(StrEnum):
    """How the export is written."""

    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"


class ExportNotWrittenError(AppError):
    """The file cannot be written."""

    status = 422
    title = "The export cannot be written"


@dataclass(frozen=True, slots=True)
class Exported:
    """How many records were written, and where the index stood."""

    records: int
    state: IndexState


@located
def export(
    settings: Settings,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write to this file, not to standard output.")
    ] = None,
    form: Annotated[
        Form,
        typer.Option(
            "--format", help="JSON Lines; or flat tables, as CSV files in a ZIP or as a workbook."
        ),
    ] = Form.JSONL,
    year: Annotated[
        int | None,
        typer.Option("--year", min=1970, max=9999, help="Only contracts signed in it (UTC)."),
    ] = None,
) -> None:
    """Write OCDS 1.1 from the index alone: a record for each ocid on each line, or tables.

    A file appears at its place when it is complete. docs/open-data.md says what the fields mean.

    Example: `termin export --format csv --year 2026 --out contracts-2026.zip`
    """
    if out is None:
        done = _write(settings, sys.stdout.buffer, form, year)
    else:
        with _replacing(out) as stream:
            done = _write(settings, stream, form, year)
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    place = f"block {done.state.block} of {iso(done.state.time)}"
    console.print(f"Records: {done.records}, as of {place}.")


def export_to(settings: Settings, path: Path) -> int:
    """Write the export to `path` and say how many records it has."""
    with _replacing(path) as stream:
        return _write(settings, stream).records


def _write(
    settings: Settings, stream: BinaryIO, form: Form = Form.JSONL, year: int | None = None
) -> Exported:
    database = Database(settings.database)
    with database.reading() as session:
        state = index_state(session)
        if form is Form.JSONL:
            lines = record_lines(session, state, year=year)
            records = sum(1 for line in lines if stream.write(line))
        else:
            file = TablesFile(year=year, format="csv" if form is Form.CSV else "xlsx")
            records = write_file(session, state, file, Publisher.of(settings), stream)
    database.close()
    stream.flush()
    return Exported(records, state)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream that becomes the file at `path` when all is written; raises `ExportNotWrittenError`.

    What is no file, such as a pipe, is written to as it stands.
    """
    place = path.resolve()
    try:
        if place.exists() and not place.is_file():
            with place.open("wb") as stream:
                yield stream
            return
        partial = place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
        try:
            with partial.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(place)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise ExportNotWrittenError(f"{path}: {error.strerror or error}") from error
