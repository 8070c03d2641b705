"""Which rows may be there at all: what was never made need not be looked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_BITS = 23
_PLACES = (1 << _BITS) - 1
"""One megabyte: beside a million rows, one absent key of twenty is looked for in vain."""


class KeyFilter:
    """A Bloom filter of two hashes: no is certain, yes means perhaps."""

    def __init__(self) -> None:
        self._bits = bytearray(_PLACES + 1 >> 3)

    def add(self, model: type, keys: Iterable[Any]) -> None:
        """Take in primary keys of a model."""
        bits = self._bits
        for key in keys:
            found = hash((model, key))
            for place in (found & _PLACES, found >> _BITS & _PLACES):
                bits[place >> 3] |= 1 << (place & 7)

    def has(self, model: type, key: Any) -> bool:
        """Whether the key may be one of those that were taken in."""
        found, bits = hash((model, key)), self._bits
        first, second = found & _PLACES, found >> _BITS & _PLACES
        return bool(bits[first >> 3] >> (first & 7) & bits[second >> 3] >> (second & 7) & 1)
