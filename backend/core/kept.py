"""What pure functions made of values that come again and again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class _Kept(dict[Key, Value], Generic[Key, Value]):
    def __init__(self, make: Callable[[Key], Value], most: int) -> None:
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, key: Key) -> Value:
        value = self._make(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value


def kept(make: Callable[[Key], Value], most: int) -> Callable[[Key], Value]:
    """`make`, whose results are kept, `most` at a time: then all are forgotten at once.

    For what takes less than a microsecond itself: functools.lru_cache, which notes of each call
    when it was, takes twice as long to find a value. What `make` raises is not kept.
    """
    return _Kept(make, most).__getitem__
