"""Answers that are there whole, compressed for who takes that."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

PACKED_BYTES = 1_000
"""Answers that are smaller are not compressed: hardly a packet would be saved."""
LEVEL = 5

_LARGE_BYTES = 1 << 17
"""What is larger takes so long that nobody else should wait for it."""
_GZIP = 16 + zlib.MAX_WBITS
_ENCODINGS = b"accept-encoding"
_NAMES = (b"gzip", b"x-gzip")
_WEIGHT = re.compile(rb"q=(1(\.0{0,3})?|0\.(?!0+$)[0-9]{1,3})")
"""A weight above zero (RFC 9110, section 12.4.2)."""


def takes_gzip(scope: Scope) -> bool:
    """Whether a reader takes gzip. It is decided once: who asks the request itself afterwards finds
    one Accept-Encoding at most, which says what was decided."""
    headers = scope["headers"]
    given = [value for name, value in headers if name == _ENCODINGS]
    if not given:
        return False
    taken = _takes_gzip(b",".join(given))
    rest = [header for header in headers if header[0] != _ENCODINGS]
    scope["headers"] = [*rest, (_ENCODINGS, b"gzip" if taken else b"identity")]
    return taken


async def pack(body: bytes) -> bytes:
    """A body as gzip."""
    return await run_in_threadpool(_pack, body) if len(body) > _LARGE_BYTES else _pack(body)


def _pack(body: bytes) -> bytes:
    return zlib.compress(body, LEVEL, _GZIP)


@lru_cache(maxsize=64)
def _takes_gzip(encodings: bytes) -> bool:
    for each in encodings.lower().split(b","):
        name, _, weight = each.partition(b";")
        if name.strip() in _NAMES:
            return not weight.strip() or _WEIGHT.fullmatch(weight.strip()) is not None
    return False
