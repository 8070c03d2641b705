"""Answers that are there whole, compressed for who takes that."""

from __future__ import annotations

import zlib

from starlette.concurrency import run_in_threadpool

PACKED_BYTES = 1_000
"""Answers that are smaller are not compressed: hardly a packet would be saved."""
LEVEL = 5

_LARGE_BYTES = 1 << 17
"""What is larger takes so long that nobody else should wait for it."""
_GZIP = 16 + zlib.MAX_WBITS


async def pack(body: bytes) -> bytes:
    """A body as gzip."""
    return await run_in_threadpool(_pack, body) if len(body) > _LARGE_BYTES else _pack(body)


def _pack(body: bytes) -> bytes:
    return zlib.compress(body, LEVEL, _GZIP)
