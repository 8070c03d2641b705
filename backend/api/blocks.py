"""Headers of blocks in which nothing happened: the index keeps none of them, a node does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from backend.chain.headers import BlockMismatchError, Header, RawHeader, header_of
from backend.chain.rpc import NodeRefusedError, NodeUnreachableError, Rpc
from backend.core.errors import AppError

NODE_TIMEOUT_SECONDS = 2.0
_KEPT = 1_000


class BlockNotKnownError(AppError):
    """Nothing happened in a block, and no node says what it is."""

    status = 503
    title = "The block is not known here"


class BlockHeaders:
    """Asks the nodes in their order; what is final is remembered."""

    def __init__(self, node_urls: Sequence[str]) -> None:
        self._urls = node_urls
        self._final = lru_cache(maxsize=_KEPT)(self._ask)

    def get(self, number: int, *, final: bool) -> Header:
        """The header of a block; raises `BlockNotKnownError`."""
        return self._final(number) if final else self._ask(number)

    def _ask(self, number: int) -> Header:
        for url in self._urls:
            try:
                with Rpc(url, timeout=NODE_TIMEOUT_SECONDS) as node:
                    raw = node.call_as(RawHeader | None, "eth_getBlockByNumber", hex(number), False)
                header = header_of(raw) if raw else None
            except (NodeUnreachableError, NodeRefusedError, BlockMismatchError):
                continue
            if header is not None and header.number == number:
                return header
        raise BlockNotKnownError(
            f"Nothing that the index keeps happened in block {number}, and no node answers for it. "
            "Try again, or pin a block in which something happened."
        )
