"""Who asks at the same time is answered by one look at the database (the pattern of DataLoader).

Nothing is kept: a look begins after each of those whom it answers has asked, never before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from itertools import islice
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_Asked = dict[Key, list["asyncio.Future[Value]"]]


class Together(Generic[Key, Value]):
    """Looks for what is asked for, at most `most` things in one look; for one event loop.

    `looks` may be under way at once. Whoever comes while all are waits for the next one, with all
    others who wait by then; those who ask for the same thing share it. A `look` answers all that it
    is asked for; one that fails fails for all whom it was for, and for no other.
    """

    def __init__(
        self,
        look: Callable[[list[Key]], Awaitable[Mapping[Key, Value]]],
        *,
        looks: int = 1,
        most: int = 1,
    ) -> None:
        self._look, self._looks, self._most = look, looks, most
        self._asked: _Asked[Key, Value] = {}
        self._looking: set[asyncio.Task[None] | None] = set()

    async def get(self, key: Key) -> Value:
        """What a look finds that begins now or later; raises what it raises."""
        future: asyncio.Future[Value] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(key, []).append(future)
        if len(self._looking) < self._looks:
            # It begins when all who ask at this very moment have asked.
            self._looking.add(asyncio.create_task(self._work()))
        return await future

    async def _work(self) -> None:
        try:
            while self._asked:
                keys = list(islice(self._asked, self._most))
                await self._answer({key: self._asked.pop(key) for key in keys})
        finally:
            self._looking.discard(asyncio.current_task())

    async def _answer(self, asked: _Asked[Key, Value]) -> None:
        try:
            found = await self._look(list(asked))
            for key, future in _waiting(asked):
                future.set_result(found[key])
        except Exception as error:
            for _, future in _waiting(asked):
                future.set_exception(error)
        finally:
            # Whoever ends the look ends all who wait for it.
            for _, future in _waiting(asked):
                future.cancel()


def _waiting(asked: _Asked[Key, Value]) -> list[tuple[Key, asyncio.Future[Value]]]:
    return [(key, each) for key, futures in asked.items() for each in futures if not each.done()]
