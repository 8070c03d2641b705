"""Several nodes of one chain: the first that works is asked, the others are held against it."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from backend.chain.rpc import NodeBusyError, NodeRefusedError, NodeUnreachableError, Rpc
from backend.core import metrics
from backend.core.errors import AppError

logger = logging.getLogger(__name__)

FIRST_REST_SECONDS = 0.5
LONGEST_REST_SECONDS = 30.0
_MOST_DOUBLINGS = 16


class NodesDisagreeError(AppError):
    """Two nodes of one chain have another block at the same height.

    One of them is wrong, and nobody but a human can tell which.
    """

    status = 503
    title = "The nodes disagree"


@dataclass(slots=True)
class _Endpoint:
    rpc: Rpc
    failures: int = 0
    rests_until: float = 0.0


class Nodes:
    """Nodes in the order of preference; one that failed rests, longer each time.

    Not for use by several threads at once.
    """

    def __init__(self, rpcs: Sequence[Rpc]) -> None:
        self._endpoints = [_Endpoint(rpc) for rpc in rpcs]

    @classmethod
    def at(cls, urls: str) -> Self:
        """Nodes at one or several addresses, separated by commas."""
        return cls([Rpc(url.strip()) for url in urls.split(",")])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._endpoints)

    def close(self) -> None:
        """Close all connections."""
        for endpoint in self._endpoints:
            endpoint.rpc.close()

    def best(self) -> Rpc:
        """The first node that does not rest; if all do, the one that rests for the shortest."""
        now = time.monotonic()
        awake = (each for each in self._endpoints if each.rests_until <= now)
        found = next(awake, None) or min(self._endpoints, key=lambda each: each.rests_until)
        return found.rpc

    def worked(self, rpc: Rpc) -> None:
        """Note that a node does what it should."""
        endpoint = self._find(rpc)
        endpoint.failures, endpoint.rests_until = 0, 0.0

    def failed(self, rpc: Rpc, error: AppError) -> None:
        """Let a node rest: longer each time, with jitter, or for as long as it says."""
        endpoint = self._find(rpc)
        endpoint.failures += 1
        metrics.node_failed(rpc.url)
        # No float holds the powers of a node that is away for days.
        doubled = min(endpoint.failures, _MOST_DOUBLINGS)
        longest = min(FIRST_REST_SECONDS * 2**doubled, LONGEST_REST_SECONDS)
        said = error.retry_after if isinstance(error, NodeBusyError) else 0.0
        # What waits must not come back all at once.
        rest = max(said, random.uniform(longest / 2, longest))  # noqa: S311
        endpoint.rests_until = time.monotonic() + rest
        if len(self) > 1:
            logger.warning("%s rests for %.1f s: %s", rpc.url, rest, error.detail)

    def can_take_over(self) -> bool:
        """Whether any node is awake."""
        return any(each.rests_until <= time.monotonic() for each in self._endpoints)

    def require_agreement(self, rpc: Rpc, number: int, block_hash: str) -> None:
        """Hold block `number`, as `rpc` has it, against all other nodes that are awake and have it.

        Raises `NodesDisagreeError`.
        """
        for other in self._others(rpc):
            found = _hash_at(other, number)
            if found is not None and found != block_hash:
                raise NodesDisagreeError(
                    f"Block {number} is {block_hash} at {rpc.url} and {found} at {other.rpc.url}. "
                    "Find out which is right, and name only nodes that are with --rpc-url."
                )

    def _others(self, rpc: Rpc) -> Iterable[_Endpoint]:
        now = time.monotonic()
        return [each for each in self._endpoints if each.rpc is not rpc and each.rests_until <= now]

    def _find(self, rpc: Rpc) -> _Endpoint:
        return next(each for each in self._endpoints if each.rpc is rpc)


def _hash_at(endpoint: _Endpoint, number: int) -> str | None:
    try:
        block = endpoint.rpc.call("eth_getBlockByNumber", hex(number), False)
    except (NodeUnreachableError, NodeRefusedError):
        return None
    return block.get("hash") if isinstance(block, dict) else None
