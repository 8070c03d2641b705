"""Work in a thread of its own, for whose end one can wait without being held by it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar, cast

T = TypeVar("T")

_LOOK_SECONDS = 0.1


class Ahead(Generic[T]):
    """One call, begun at once. The thread dies with the process: a node may never answer."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._done = threading.Event()
        self._result: T | None = None
        self._error: BaseException | None = None
        # Once it has ended, nobody holds the work and what it was about: a thread forgets both.
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def result(self, stop: threading.Event) -> T | None:
        """What came of it, or None once `stop` is set; raises what the call raised."""
        while not self._done.wait(_LOOK_SECONDS):
            if stop.is_set():
                return None
        return self.wait()

    def wait(self) -> T:
        """What came of it, however long that takes; raises what the call raised."""
        self._done.wait()
        if self._error is not None:
            raise self._error
        return cast(T, self._result)

    @property
    def has_ended(self) -> bool:
        """Whether there is a result, or it raised something."""
        return self._done.is_set()

    def within(self, seconds: float) -> bool:
        """Wait until it has ended, but no longer than that; say whether it has."""
        return self._done.wait(seconds)

    def so_far(self) -> T | None:
        """What came of it; None while it is at work, and where it raised something."""
        return self._result

    def _run(self, work: Callable[[], T]) -> None:
        try:
            self._result = work()
        except BaseException as error:
            self._error = error
        self._done.set()


def one_ahead(works: Iterable[Callable[[], T]]) -> Iterator[T]:
    """What comes of each, in order; while one is being looked at the next is at work.

    Raises what one raises, after which no other is begun.
    """
    remaining = iter(works)
    coming = _begin(remaining)
    while coming is not None:
        result = coming.wait()
        coming = _begin(remaining)
        yield result


def _begin(works: Iterator[Callable[[], T]]) -> Ahead[T] | None:
    work = next(works, None)
    return None if work is None else Ahead(work)
