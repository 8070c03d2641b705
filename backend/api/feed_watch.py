"""Tells readers of the feed when there is something new: one look for all who wait."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from sse_starlette.sse import AppStatus
from starlette.concurrency import run_in_threadpool

from backend.api.places import Places
from backend.core.errors import AppError
from backend.db.session import Database
from backend.queries.feed import head
from backend.queries.index import index_state

LOOK_SECONDS = 0.2
"""How often is looked while somebody waits."""


class FeedBusyError(AppError):
    """As many wait for the feed as this process lets wait."""

    status = 503
    title = "Too many readers wait"


def _busy(waiting: int, whose: str) -> FeedBusyError:
    return FeedBusyError(
        f"{waiting} readers wait for the feed {whose}, and no more may. Try again later, or ask "
        "without `wait`."
    )


class FeedWatch:
    """For one event loop; nobody looks while nobody waits.

    At most `most` readers may wait: `places` are theirs.
    """

    def __init__(self, database: Database, most: int) -> None:
        self._database = database
        self.places = Places(most, _busy)
        self._waiting: dict[asyncio.Future[None], str] = {}
        self._looking: asyncio.Task[None] | None = None

    @property
    def ending(self) -> bool:
        """Whether the server was asked to end."""
        return AppStatus.should_exit

    async def moved(
        self,
        seen: str,
        seconds: float | None = None,
        gone: Coroutine[Any, Any, None] | None = None,
    ) -> None:
        """Wait until the feed's end is not the cursor `seen`, the time or the server ends, or the
        reader is `gone`."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._waiting[future] = seen
        if self._looking is None or self._looking.done():
            self._looking = loop.create_task(self._look())
        left = loop.create_task(gone) if gone is not None else None
        ends = [future] if left is None else [future, left]
        try:
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            del self._waiting[future]
            if left is not None:
                left.cancel()

    async def _look(self) -> None:
        while self._waiting:
            end = await run_in_threadpool(self._end)
            for future, seen in self._waiting.items():
                new = end is not None and end != seen
                if (new or self.ending) and not future.done():
                    future.set_result(None)
            await asyncio.sleep(LOOK_SECONDS)

    def _end(self) -> str | None:
        """The cursor of who has everything; None while it cannot be known."""
        try:
            with self._database.reading() as session:
                return head(session, index_state(session)).encode()
        except AppError:
            return None
