"""The filter in a block's header over what its logs are about (Yellow Paper, 4.3.1).

A filter of 2048 bits, of which the address and each topic of each log sets three.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from eth_utils.crypto import keccak

from backend.chain.logs import Log


def bloom_of(logs: Iterable[Log]) -> int:
    """The filter that a block with exactly these logs has, as a number.

    Raises ValueError for what is not hexadecimal.
    """
    values: set[str] = set()
    for log in logs:
        values.add(log.address)
        values.update(log.topics)
    bloom = 0
    for value in values:
        bloom |= _bits(value)
    return bloom


@lru_cache(maxsize=16384)
def _bits(value: str) -> int:
    digest = keccak(bytes.fromhex(value[2:]))
    return sum({1 << (int.from_bytes(digest[i : i + 2]) & 2047) for i in (0, 2, 4)})
