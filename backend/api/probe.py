"""What a node says of the chain now, beside what the index says of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.chain.headers import MALFORMED, BlockMismatchError, require_header
from backend.chain.rpc import NodeRefusedError, NodeUnreachableError, Rpc
from backend.core.errors import AppError
from backend.db.base import LAST_MOMENT
from backend.db.session import Database, DatabaseUnavailableError
from backend.queries.index import IndexState, Place, place_of

NODE_TIMEOUT_SECONDS = 1.0
SILENT = "The database and the nodes do not answer."
GLANCE_SECONDS = 1.0
"""How long a glance is good for: many may ask at once."""
STALE_SECONDS = 5.0
"""A glance of that age is not given while the next one is being taken."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A node's chain; `hashes` are of the blocks asked for, None where it has none."""

    chain_id: int
    genesis_hash: str
    head: int
    head_time: int
    hashes: dict[int, str | None]

    def is_of(self, state: IndexState) -> bool:
        """Whether it is of the chain of an index."""
        return (self.chain_id, self.genesis_hash) == (state.chain_id, state.genesis_hash)


@dataclass(frozen=True, slots=True)
class Glance:
    """Index and chain at one moment; `problem` is why `place` is None, `sight` is None while no
    node answers."""

    place: Place | None
    problem: AppError | None
    sight: Sight | None

    @property
    def lag_blocks(self) -> int | None:
        """How many blocks the chain has beyond the index; None if either is not known."""
        if self.place is None or self.sight is None:
            return None
        return max(0, self.sight.head - self.place.state.block)

    @property
    def lag_seconds(self) -> int | None:
        """From the index's last block to the chain's in time; 0 where none is newer."""
        if self.place is None or self.sight is None or not self.lag_blocks:
            return self.lag_blocks
        # The index's time is a date, which a chain's clock may be beyond.
        there = min(self.sight.head_time, LAST_MOMENT)
        return max(0, there - int(self.place.state.time.timestamp()))


class ChainWatch:
    """Glances at index and chain, once a second at most; of several nodes the one that has come
    furthest counts."""

    def __init__(
        self, node_urls: Sequence[str], database: Database, now: Callable[[], datetime]
    ) -> None:
        self._urls, self._database, self._now = node_urls, database, now
        self._asking = threading.Lock()
        self._seen: tuple[float, Glance] | None = None

    def head(self) -> int | None:
        """The number of the chain's latest block; None while no node answers."""
        sight = self.glance().sight
        return sight.head if sight else None

    def glance(self) -> Glance:
        """The present glance, or the one before while somebody else takes the next.

        That of nothing at all where the next one takes too long.
        """
        if found := self._known(GLANCE_SECONDS):
            return found
        if not self._asking.acquire(blocking=False):
            if found := self._known(STALE_SECONDS):
                return found
            if not self._asking.acquire(timeout=STALE_SECONDS):
                return Glance(None, DatabaseUnavailableError(SILENT), None)
        try:
            if found := self._known(GLANCE_SECONDS):
                return found
            found = self._look()
            self._seen = time.monotonic(), found
            return found
        finally:
            self._asking.release()

    def _known(self, seconds: float) -> Glance | None:
        seen = self._seen
        return seen[1] if seen and time.monotonic() - seen[0] <= seconds else None

    def _look(self) -> Glance:
        try:
            with self._database.reading() as session:
                place = place_of(session, self._now())
        except AppError as error:
            return Glance(None, error, self._ask(()))
        return Glance(place, None, self._ask(place.blocks, place.state))

    def _ask(self, blocks: Sequence[int], state: IndexState | None = None) -> Sight | None:
        sights = [sight for url in self._urls if (sight := _look_at(url, blocks))]
        # One of another chain tells nothing of how far this one is, unless there is no other.
        same = [each for each in sights if state is not None and each.is_of(state)]
        return max(same or sights[:1], key=lambda sight: sight.head, default=None)


def _look_at(url: str, blocks: Sequence[int]) -> Sight | None:
    """What a node says; None where it does not say it in time."""
    try:
        with Rpc(url, timeout=NODE_TIMEOUT_SECONDS) as node:
            return _sight(node, blocks)
    except (NodeUnreachableError, NodeRefusedError, BlockMismatchError, *MALFORMED):
        return None


def _sight(node: Rpc, blocks: Sequence[int]) -> Sight:
    """Raises one of `MALFORMED` for what is no answer, and `BlockMismatchError`."""
    asked: list[tuple[str, list[Any]]] = [("eth_chainId", [])]
    asked += [("eth_getBlockByNumber", [name, False]) for name in ("0x0", "latest")]
    asked += [("eth_getBlockByNumber", [hex(number), False]) for number in blocks]
    chain_id, genesis, head, *found = node.glance(asked)
    hashes = [block["hash"] if block else None for block in found]
    return Sight(
        int(chain_id, 16),
        genesis["hash"],
        require_header(head),
        int(head["timestamp"], 16),
        dict(zip(blocks, hashes, strict=True)),
    )
