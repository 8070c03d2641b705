"""Places for those who keep memory while they are there: not more than there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from backend.core.errors import AppError


class Places:
    """At most `most`, and half as many for one client, so that there is room for others whatever
    one does; for one event loop.

    `full` makes what is raised where nobody more may come, of how many there are and whose they
    are.
    """

    def __init__(self, most: int, full: Callable[[int, str], AppError]) -> None:
        self._most = most
        self._of_one = -(-most // 2)
        self._full = full
        self._taken: Counter[str] = Counter()

    def require_room(self, client: str) -> None:
        """Raise what `full` makes where nobody more may come, or nobody more of this client."""
        for taken, most, whose in (
            (self._taken.total(), self._most, "here"),
            (self._taken[client], self._of_one, "from one address"),
        ):
            if taken >= most:
                raise self._full(taken, whose)

    @contextmanager
    def place(self, client: str) -> Iterator[None]:
        """A place for as long as the context lasts; raises as `require_room`."""
        self.require_room(client)
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]
