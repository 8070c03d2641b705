"""`termin export`: the index as open data."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console

from backend.cli.options import located
from backend.core.dates import iso
from backend.core.errors import AppError
from backend.core.settings import Settings
from backend.db.session import Database
from backend.ocds.records import record_lines
from backend.queries.index import IndexState, index_state


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
) -> None:
    """Write one OCDS 1.1 record for each ocid, as JSON Lines, from the index alone.

    A file appears at its place when it is complete. docs/open-data.md says what the fields mean.

    Example: `termin export --out contracts.jsonl`
    """
    if out is None:
        done = _write(settings, sys.stdout.buffer)
    else:
        with _replacing(out) as stream:
            done = _write(settings, stream)
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    place = f"block {done.state.block} of {iso(done.state.time)}"
    console.print(f"Records: {done.records}, as of {place}.")


def export_to(settings: Settings, path: Path) -> int:
    """Write the export to `path` and say how many records it has."""
    with _replacing(path) as stream:
        return _write(settings, stream).records


def _write(settings: Settings, stream: BinaryIO) -> Exported:
    database = Database(settings.database)
    records = 0
    with database.reading() as session:
        state = index_state(session)
        for line in record_lines(session, state):
            stream.write(line)
            records += 1
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
