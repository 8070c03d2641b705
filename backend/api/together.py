"""Who asks at the same time is answered by one look at the database (the pattern of DataLoader).

Nothing is kept: a look begins after each of those whom it answers has asked, never before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, TypeVar

from backend.db.lanes import TOO_MANY, WAIT_SECONDS
from backend.db.troubles import DatabaseUnavailableError

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(slots=True)
class _Askers(Generic[Value]):
    """Who waits for the same thing, and since when, by the clock of the event loop."""

    since: float
    futures: list[asyncio.Future[Value]] = field(default_factory=list)

    def answer(self, value: Value) -> None:
        for future in self.futures:
            # Who went away is done.
            if not future.done():
                future.set_result(value)

    def fail(self, error: Exception) -> None:
        for future in self.futures:
            if not future.done():
                future.set_exception(error)

    def cancel(self) -> None:
        for future in self.futures:
            future.cancel()


class Together(Generic[Key, Value]):
    """Looks for what is asked for, at most `most` things in one look; for one event loop.

    `looks` may be under way at once. Whoever comes while all are waits for the next one, with all
    others who wait by then, but for `patience` seconds at most: then `DatabaseUnavailableError` is
    raised. Those who ask for the same thing share it. A `look` answers all that it is asked for;
    one that fails fails for all whom it was for, and for no other.
    """

    def __init__(
        self,
        look: Callable[[list[Key]], Awaitable[Mapping[Key, Value]]],
        *,
        looks: int = 1,
        most: int = 1,
        patience: float = WAIT_SECONDS,
    ) -> None:
        self._look, self._looks, self._most = look, looks, most
        self._patience = patience
        self._asked: dict[Key, _Askers[Value]] = {}
        self._looking: set[asyncio.Task[None] | None] = set()
        self._watch: asyncio.TimerHandle | None = None

    async def get(self, key: Key) -> Value:
        """What a look finds that begins now or later; raises what it raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Value] = loop.create_future()
        if key not in self._asked:
            self._asked[key] = _Askers(loop.time())
        self._asked[key].futures.append(future)
        if len(self._looking) < self._looks:
            # It begins when all who ask at this very moment have asked.
            self._looking.add(loop.create_task(self._work()))
        elif self._watch is None:
            self._watch = loop.call_later(self._patience, self._dismiss)
        return await future

    async def _work(self) -> None:
        try:
            while self._asked:
                keys = list(islice(self._asked, self._most))
                await self._answer({key: self._asked.pop(key) for key in keys})
        finally:
            self._looking.discard(asyncio.current_task())

    async def _answer(self, asked: dict[Key, _Askers[Value]]) -> None:
        try:
            found = await self._look(list(asked))
            for key, askers in asked.items():
                askers.answer(found[key])
        except Exception as error:
            for askers in asked.values():
                askers.fail(error)
        except BaseException:
            # Whoever ends the look ends all who wait for it.
            for askers in asked.values():
                askers.cancel()
            raise

    def _dismiss(self) -> None:
        """Send those away who have waited for too long; they stand in the order of their coming."""
        loop = asyncio.get_running_loop()
        self._watch = None
        while self._asked:
            key, askers = next(iter(self._asked.items()))
            left = askers.since + self._patience - loop.time()
            if left > 0:
                self._watch = loop.call_later(left, self._dismiss)
                return
            del self._asked[key]
            askers.fail(DatabaseUnavailableError(TOO_MANY))
