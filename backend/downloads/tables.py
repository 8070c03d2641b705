"""OCDS releases as flat tables, by flattentool, a few at a time.

flattentool learns the columns as it goes, and keeps every row until it has seen all. Here the rows
wait on disk: columns are only ever added at the end, so that tables of the parts, one after the
other, are the table of the whole.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec
from flattentool.json_input import JSONParser  # type: ignore[import-untyped]

from backend.ocds.fields import Json

MAIN: Final = "releases"
"""The table with a row for each release; the others are called as flattentool calls them."""
ROOT_ID: Final = "ocid"
"""The column by which each row of each table says what it belongs to."""

Cell = str | int | bool | Decimal | None

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


class Table:
    """One table, its rows in a compressed file; iterate to read them."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.columns: list[str] = []
        self._path = path
        self._file = gzip.open(path, "wb", compresslevel=1)  # noqa: SIM115
        self._known: set[str] = set()

    def add(self, sheet: Any) -> None:
        """Append the lines of a sheet of flattentool."""
        for column in sheet:
            if column not in self._known:
                self._known.add(column)
                self.columns.append(column)
        for line in sheet.lines:
            self._file.write(_encode([line.get(column) for column in self.columns]) + b"\n")

    def __iter__(self) -> Iterator[list[Cell]]:
        self._file.close()
        width = len(self.columns)
        with gzip.open(self._path) as lines:
            for line in lines:
                row = _decode(line)
                # Written before the last columns were known.
                row += [None] * (width - len(row))
                yield row

    def close(self) -> None:
        """Nothing more comes."""
        self._file.close()


class Tables:
    """All tables of releases, kept in a folder until they are written; iterate to get them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._main = self._new(MAIN)
        self._others: dict[str, Table] = {}

    def add(self, releases: list[Json]) -> None:
        """Flatten some more releases."""
        parser = JSONParser(root_json_dict=releases, root_id=ROOT_ID)
        try:
            self._main.add(parser.main_sheet)
            for name, sheet in parser.sub_sheets.items():
                if name not in self._others:
                    self._others[name] = self._new(name)
                self._others[name].add(sheet)
        finally:
            parser.db.close()

    def __iter__(self) -> Iterator[Table]:
        yield self._main
        for _, table in sorted(self._others.items()):
            yield table

    def close(self) -> None:
        """Nothing more comes."""
        for table in self:
            table.close()

    def _new(self, name: str) -> Table:
        return Table(name, self._folder / f"{len(list(self._folder.iterdir()))}.rows")
