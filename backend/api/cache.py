"""Answers that were given already, for as long as the index stands where it stood."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

Key = tuple[str, bytes, bool]
"""Path and query of a request, and whether its answer may come compressed."""

Headers = list[tuple[bytes, bytes]]

_OVERHEAD = 1_000
"""What an answer takes besides its body, about, in bytes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with status 200; `etag` says of which state of the index and which minute.

    `route` is the template of the path that it answers.
    """

    etag: str
    headers: Headers
    body: bytes
    route: str

    def size(self, key: Key) -> int:
        """What it takes of memory with its key, about, in bytes."""
        path, query, _ = key
        return len(path) + len(query) + len(self.body) + _OVERHEAD


class AnswerCache:
    """The answers that were asked for last, up to `limit` bytes; for one event loop."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, key: Key, etag: str) -> Answer | None:
        """The answer to a request, if it was given with this ETag."""
        found = self._answers.get(key)
        if found is None or found.etag != etag:
            return None
        self._answers.move_to_end(key)
        return found

    def has(self, key: Key) -> bool:
        """Whether there is any answer to a request, maybe an old one."""
        return key in self._answers

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer; the ones that were not asked for longest make room."""
        if answer.size(key) > self._limit:
            return
        if old := self._answers.pop(key, None):
            self._size -= old.size(key)
        self._answers[key] = answer
        self._size += answer.size(key)
        while self._size > self._limit:
            forgotten, oldest = self._answers.popitem(last=False)
            self._size -= oldest.size(forgotten)
