"""The filter in a block's header over what its logs are about (Yellow Paper, 4.3.1).

A filter of 2048 bits, of which the address and each topic of each log sets three.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce
from operator import or_

from backend.chain.hashing import keccak
from backend.chain.logs import Log


def bloom_of(logs: Sequence[Log]) -> int:
    """The filter that a block with exactly these logs has, as a number.

    Raises ValueError for what is not hexadecimal.
    """
    values: set[str] = {log.address for log in logs}
    values.update(*[log.topics for log in logs])
    return reduce(or_, map(_bits, values), 0)


@lru_cache(maxsize=4096)
def _bits(value: str) -> int:
    digest = keccak(bytes.fromhex(value[2:]))
    return sum({1 << (int.from_bytes(digest[i : i + 2]) & 2047) for i in (0, 2, 4)})
