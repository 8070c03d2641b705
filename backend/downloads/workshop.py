"""Has files made by processes of their own, a few at once, each once for all who ask."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from pathlib import Path
from typing import Final

from backend.core.errors import AppError
from backend.db.session import Database
from backend.downloads.about import Publisher
from backend.downloads.files import File, Stamp, key_of
from backend.downloads.job import TOO_LARGE, Job
from backend.downloads.shelf import Kept, Shelf
from backend.downloads.worker import Worker
from backend.queries.index import IndexState

ROOM_SECONDS: Final = 10.0
"""For how long a reader waits for others' files to be ready before his is begun."""
BEGIN_SECONDS: Final = 20.0
"""For how long he waits for the first bytes before the answer begins without them."""

_TURN_SECONDS = 0.02

logger = logging.getLogger(__name__)


class DownloadsBusyError(AppError):
    """As many files are being made as may be at once."""

    status = 503
    title = "Other files are being made"


class DownloadFailedError(AppError):
    """The file could not be made."""

    status = 503
    title = "The file could not be made"


class Making:
    """A file that is being made: `stamp` says of which state as soon as that is known."""

    def __init__(self, worker: Worker, job: Job, bench: Path, shelf: Shelf) -> None:
        self.file = job.file
        self.target = Path(job.target)
        self.stamp: Stamp | None = None
        self.kept: Kept | None = None
        self.error: DownloadFailedError | None = None
        self._worker, self._bench, self._shelf = worker, bench, shelf
        self._thread = threading.Thread(target=self._follow, args=(job,), daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether it is ready, or has failed."""
        return self.kept is not None or self.error is not None

    @property
    def has_bytes(self) -> bool:
        """Whether there is something of it to read."""
        try:
            return self.stamp is not None and self.target.stat().st_size > 0
        except FileNotFoundError:
            return self.ended

    def stop(self) -> None:
        """End it, and wait until nothing is left of it."""
        self._worker.kill()
        self._thread.join()

    def _follow(self, job: Job) -> None:
        try:
            begun = self._worker.begin(job)
            self.stamp = Stamp.parse(begun.stamp) if begun else None
            self._end(*self._worker.result())
        except OSError as error:
            logger.exception("A download could not be kept.")
            self.error = DownloadFailedError(f"It could not be kept: {error.strerror}.")
        finally:
            self._worker.close()
            self._shelf.clear(self._bench)

    def _end(self, status: int, said: str) -> None:
        if status == 0 and self.stamp is not None:
            self.kept = self._shelf.put(self.target, self.file, self.stamp)
            return
        logger.error("A download failed with exit status %s: %s", status, said[-2000:])
        detail = "It has been logged; try again later."
        if status == TOO_LARGE:
            detail = f"It would be larger than {self._shelf.limit} bytes; take it year by year."
        self.error = DownloadFailedError(detail)


class Workshop:
    """Makes at most `at_once` files at the same time, each for all who ask for it meanwhile."""

    def __init__(
        self, database: Database, publisher: Publisher, shelf: Shelf, at_once: int
    ) -> None:
        self.shelf = shelf
        self._database, self._publisher, self._at_once = database, publisher, at_once
        self._makings: dict[str, Making] = {}
        self._spare: Worker | None = None
        self._lock = threading.Lock()

    async def get(self, file: File, state: IndexState) -> Kept | Making:
        """The file, or one that is being made and has begun.

        What is being made may be of an earlier state than `state`: it says so itself. Raises
        `DownloadsBusyError` and `DownloadFailedError`.
        """
        if kept := self.shelf.find(file, state):
            return kept
        making = await self._room(file)
        await _begun(making)
        if making.error is not None:
            raise making.error
        return making.kept or making

    def close(self) -> None:
        """End all that is being made."""
        with self._lock:
            for making in self._makings.values():
                making.stop()
            self._makings.clear()
            if self._spare is not None:
                self._spare.close()
                self._spare = None

    async def _room(self, file: File) -> Making:
        until = time.monotonic() + ROOM_SECONDS
        while (making := self._begin(file)) is None:
            if time.monotonic() > until:
                raise DownloadsBusyError(
                    f"{self._at_once} files are being made, as many as may be at once. Try again "
                    "in a minute."
                )
            await asyncio.sleep(_TURN_SECONDS)
        return making

    def _begin(self, file: File) -> Making | None:
        """What makes this file, begun if need be; None while there is no room."""
        key = key_of(file)
        with self._lock:
            self._makings = {k: m for k, m in self._makings.items() if not m.ended}
            if key not in self._makings:
                if len(self._makings) >= self._at_once:
                    return None
                self._makings[key] = self._new(file)
            return self._makings[key]

    def _new(self, file: File) -> Making:
        try:
            bench = self.shelf.bench()
        except OSError as error:
            raise DownloadFailedError(f"There is no place for it: {error.strerror}.") from error
        job = Job(
            self._database.url.render_as_string(hide_password=False),
            file,
            self._publisher,
            str(bench / "file"),
            self.shelf.limit,
        )
        # A process takes seconds to start: the next reader finds one that has.
        worker, self._spare = self._spare, Worker()
        if worker is not None and not worker.is_ready:
            worker.close()
            worker = None
        return Making(worker or Worker(), job, bench, self.shelf)


async def _begun(making: Making) -> None:
    """Wait until there is something to send, or it takes too long to keep a reader waiting."""
    until = time.monotonic() + BEGIN_SECONDS
    while not making.ended:
        if making.has_bytes or (making.stamp is not None and time.monotonic() > until):
            return
        await asyncio.sleep(_TURN_SECONDS)
