"""Headers of blocks in which nothing happened: the index keeps none of them, a node does."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

from backend.chain.headers import BlockMismatchError, require_header
from backend.chain.rpc import NodeRefusedError, NodeUnreachableError, Rpc
from backend.core.errors import AppError
from backend.queries.index import IndexState

NODE_TIMEOUT_SECONDS = 2.0
ASKING, WAITING = 4, 8
"""How many ask the nodes at once, and how many wait for them: each keeps one of the server's
threads."""
FAILED_SECONDS = 1.0
"""For how long it is believed that no node answers."""
_KEPT = 1_000


class BlockNotKnownError(AppError):
    """Nothing happened in a block, and no node says what it is."""

    status = 503
    title = "The block is not known here"


class Mark(NamedTuple):
    """The hash of a block, and its time."""

    hash: str
    time: int


class BlockHeaders:
    """Asks the nodes in their order, a few questions at a time; what is final is remembered.

    Only a node that has the index's last block is believed: another may be of another chain, or
    may not have heard yet of what the index knows. Each method may be called by several threads.
    """

    def __init__(self, node_urls: Sequence[str]) -> None:
        self._urls = node_urls
        self._asking = threading.BoundedSemaphore(ASKING)
        self._places = threading.BoundedSemaphore(ASKING + WAITING)
        self._keeping = threading.Lock()
        self._kept: OrderedDict[Any, Mark] = OrderedDict()
        self._failed_until = 0.0

    def get(self, number: int, now: IndexState, since: str) -> Mark:
        """What a block is in the chain of an index; raises `BlockNotKnownError`.

        `since` is the hash of the last block before in which something happened.
        """
        # One index that takes another's place has another revision.
        key = (number, since, now.genesis_hash, now.documents_revision)
        if found := self._kept.get(key):
            return found
        if self._has_failed() or not self._places.acquire(blocking=False):
            raise _unknown(number)
        try:
            if not self._asking.acquire(timeout=NODE_TIMEOUT_SECONDS):
                raise _unknown(number)
            try:
                found = self._asked(number, now)
            finally:
                self._asking.release()
        finally:
            self._places.release()
        if number <= now.final_block:
            self._keep(key, found)
        return found

    def _asked(self, number: int, now: IndexState) -> Mark:
        if not self._has_failed():
            for url in self._urls:
                if found := _ask(url, number, now):
                    return found
            self._failed_until = time.monotonic() + FAILED_SECONDS
        raise _unknown(number)

    def _keep(self, key: Any, found: Mark) -> None:
        with self._keeping:
            self._kept[key] = found
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def _has_failed(self) -> bool:
        return time.monotonic() < self._failed_until


def _unknown(number: int) -> BlockNotKnownError:
    return BlockNotKnownError(
        f"Nothing that the index keeps happened in block {number}, and no node that has the "
        "index's blocks answers for it. Try again, or pin a block in which something happened."
    )


def _ask(url: str, number: int, now: IndexState) -> Mark | None:
    """What a node says of a block; None unless it has the index's last block as the index has."""
    calls = [("eth_getBlockByNumber", [hex(each), False]) for each in (number, now.block)]
    try:
        with Rpc(url, timeout=NODE_TIMEOUT_SECONDS) as node:
            found, last = node.glance(calls)
        same = require_header(found) == number and require_header(last) == now.block
    except (NodeUnreachableError, NodeRefusedError, BlockMismatchError):
        return None
    if not same or last["hash"] != now.block_hash:
        return None
    return Mark(found["hash"], int(found["timestamp"], 16))
