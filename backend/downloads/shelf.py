"""The files that were made and may be given again, in a folder that does not grow forever."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from backend.downloads.files import File, Stamp, key_of
from backend.queries.index import IndexState

LASTING_SECONDS: Final = 300
"""For how long a file that is long in the making is given though the index went on."""
MOST_FILES: Final = 500

_ABANDONED_SECONDS = 86_400
_WORK = "work-"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on the shelf, and the state of the index that it is of."""

    path: Path
    stamp: Stamp


class Shelf:
    """Files by question and state; what was made first makes room, above `limit` bytes.

    Several processes may have the same folder: a file appears in it when it is whole.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.limit = limit
        self._folder = folder

    def find(self, file: File, state: IndexState) -> Kept | None:
        """What may be given as the answer to a question while the index is at a state."""
        now = Stamp.of(state)
        same = Kept(self._place(file, now), now)
        if same.path.is_file():
            return same
        return next(self._lasting(file, now), None) if file.lasting else None

    def bench(self) -> Path:
        """A new folder to make a file in; remove it by `clear`."""
        path = self._folder / f"{_WORK}{secrets.token_hex(8)}"
        path.mkdir(parents=True)
        return path

    def clear(self, bench: Path) -> None:
        """Remove a folder and what was left in it."""
        shutil.rmtree(bench, ignore_errors=True)

    def put(self, made: Path, file: File, stamp: Stamp) -> Kept:
        """Take in a file that is whole, and make room."""
        kept = Kept(self._place(file, stamp), stamp)
        made.replace(kept.path)
        self._make_room(kept.path)
        return kept

    def _place(self, file: File, stamp: Stamp) -> Path:
        return self._folder / f"{key_of(file)}.{stamp}.{file.ending}"

    def _lasting(self, file: File, now: Stamp) -> Iterator[Kept]:
        for path in self._folder.glob(f"{key_of(file)}.*.{file.ending}"):
            stamp = Stamp.parse(path.name.split(".")[1])
            age = time.time() - path.stat().st_mtime
            if age < LASTING_SECONDS and stamp.still_holds(now):
                yield Kept(path, stamp)

    def _make_room(self, newest: Path) -> None:
        files: list[tuple[float, int, str]] = []
        for entry in os.scandir(self._folder):
            found = entry.stat()
            if not entry.name.startswith(_WORK):
                files.append((found.st_mtime, found.st_size, entry.path))
            elif time.time() - found.st_mtime > _ABANDONED_SECONDS:
                self.clear(Path(entry.path))
        files.sort()
        size, count = sum(each[1] for each in files), len(files)
        for _, bytes_, path in files:
            if size <= self.limit and count <= MOST_FILES:
                return
            if path != str(newest):
                Path(path).unlink(missing_ok=True)
                size, count = size - bytes_, count - 1
