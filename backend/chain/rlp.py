"""Recursive-length-prefix encoding, Ethereum's (Yellow Paper, appendix B)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

Item = bytes | Sequence["Item"]
"""What RLP encodes: bytes, or a list of such."""


def rlp(item: Item) -> bytes:
    """An item, encoded."""
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < 0x80:
            return item
        return _prefix(len(item), 0x80) + item
    return wrapped(b"".join(map(rlp, item)))


def wrapped(body: bytes) -> bytes:
    """A list, of whose items `body` is the encoding."""
    return _prefix(len(body), 0xC0) + body


def integer(value: int) -> bytes:
    """Big-endian without leading zeros, which leaves nothing of 0."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def parts(data: bytes) -> Iterator[bytes]:
    """The items of an encoded list, each still encoded."""
    start, end = _span(data, 0)
    while start < end:
        _, after = _span(data, start)
        yield data[start:after]
        start = after


@lru_cache(maxsize=4096)
def _prefix(length: int, offset: int) -> bytes:
    if length < 56:
        return bytes([offset + length])
    size = integer(length)
    return bytes([offset + 55 + len(size)]) + size


def _span(data: bytes, at: int) -> tuple[int, int]:
    """Where the item at a place begins and ends, without its prefix."""
    mark = data[at]
    if mark < 0x80:
        return at, at + 1
    length, start = mark - (0xC0 if mark >= 0xC0 else 0x80), at + 1
    if length > 55:
        start += length - 55
        length = int.from_bytes(data[at + 1 : start], "big")
    return start, start + length
