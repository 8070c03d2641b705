"""Several nodes of one chain: the first that works is asked, the others are held against it."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from backend.chain.headers import BlockMismatchError, require_header
from backend.chain.patience import Patience
from backend.chain.rpc import NodeBusyError, NodeRefusedError, NodeUnreachableError, Rpc
from backend.core import metrics
from backend.core.errors import AppError
from backend.core.secrets import place_of

logger = logging.getLogger(__name__)

FIRST_REST_SECONDS = 0.5
LONGEST_REST_SECONDS = 300.0
"""One that hangs, though it answers at first, holds up the others' work no more often than that."""
LOOK_SECONDS = 3.0
"""For how long a node may look up a block or two."""
_MOST_DOUBLINGS = 16
_FAILURES = (NodeUnreachableError, NodeRefusedError)

T = TypeVar("T")


class NodesDisagreeError(AppError):
    """Two nodes of one chain have another block at the same height.

    One of them is wrong, and nobody but a human can tell which.
    """

    status = 503
    title = "The nodes disagree"


class NodesPartedError(AppError):
    """Two nodes have another block at the same height, and may soon have the same.

    One hears of a reorganisation before the other does; none of what they differ in is final.
    """

    status = 503
    title = "The nodes do not agree yet"


@dataclass(slots=True)
class _Endpoint:
    rpc: Rpc
    failures: int = 0
    rests_until: float = 0.0


class Nodes:
    """Nodes in the order of preference; one that failed rests, longer each time, and is asked
    something small before it is asked for more again.

    Not for use by several threads at once.
    """

    def __init__(self, rpcs: Sequence[Rpc]) -> None:
        self._endpoints = [_Endpoint(rpc) for rpc in rpcs]
        self._parted = Patience()
        self._passed, self._passed_at = Patience(), -1

    @classmethod
    def at(cls, urls: Sequence[str]) -> Self:
        """Nodes at these addresses."""
        return cls([Rpc(url) for url in urls])

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
        for each in self._endpoints:
            if each.rests_until <= time.monotonic() and self._is_back(each):
                return each.rpc
        return min(self._endpoints, key=lambda each: each.rests_until).rpc

    def ask(
        self,
        work: Callable[[Rpc], T],
        failures: tuple[type[AppError], ...] = _FAILURES,
    ) -> T:
        """What `work` gives with the best node; with one of `failures` the next one has its turn.

        Raises the last of these once no node is awake any more.
        """
        while True:
            rpc = self.best()
            try:
                found = work(rpc)
            except failures as error:
                self.failed(rpc, error)
                if not self.can_take_over():
                    raise
            else:
                self.worked(rpc)
                return found

    def worked(self, rpc: Rpc) -> None:
        """Note that a node does what it should."""
        endpoint = self._find(rpc)
        endpoint.failures, endpoint.rests_until = 0, 0.0

    def failed(self, rpc: Rpc, error: AppError) -> None:
        """Let a node rest: longer each time, with jitter, or for as long as it says."""
        endpoint, now = self._find(rpc), time.monotonic()
        if now - endpoint.rests_until > LONGEST_REST_SECONDS:
            # It has done well since.
            endpoint.failures = 0
        endpoint.failures += 1
        metrics.node_failed(rpc.url)
        # No float holds the powers of a node that is away for days.
        doubled = min(endpoint.failures, _MOST_DOUBLINGS)
        longest = min(FIRST_REST_SECONDS * 2**doubled, LONGEST_REST_SECONDS)
        said = error.retry_after if isinstance(error, NodeBusyError) else 0.0
        # What waits must not come back all at once.
        rest = max(said, random.uniform(longest / 2, longest))  # noqa: S311
        endpoint.rests_until = now + rest
        if len(self) > 1:
            logger.warning("%s rests for %.1f s: %s", place_of(rpc.url), rest, error.detail)

    def can_take_over(self) -> bool:
        """Whether any node is awake."""
        return any(each.rests_until <= time.monotonic() for each in self._endpoints)

    def require_agreement(
        self, rpc: Rpc, number: int, block_hash: str, *, final: int, patience: float
    ) -> None:
        """Hold block `number`, as `rpc` has it, against all other nodes that are awake.

        One whose head is below that is held against at its head. Raises `NodesDisagreeError` for a
        block up to `final`, and for later ones once nodes have differed for `patience` seconds;
        until then `NodesPartedError`.
        """
        compared = [self._compare(rpc, each, number, block_hash) for each in self._others(rpc)]
        self._require_same(rpc, [each for each in compared if each], final, patience)

    def who_passed(
        self, rpc: Rpc, head: int, head_hash: str, *, final: int, agree: float, behind: float
    ) -> str | None:
        """Another node whose chain has gone on for `behind` seconds while block `head` remained the
        last one at `rpc`, by scheme, host and port; None if none has.

        Raises as `require_agreement`, with `agree` for its patience, where it has gone on from
        another block. That the last blocks of two are others says nothing yet: the next one will.
        """
        if head != self._passed_at:
            self._passed.over()
            self._passed_at = head
        compared = [self._compare(rpc, each, head, head_hash) for each in self._others(rpc)]
        beyond = [each for each in compared if each and each.head > head]
        self._require_same(rpc, beyond, final, agree)
        if not beyond:
            self._passed.over()
            return None
        return place_of(beyond[0].other.url) if self._passed.lasts() >= behind else None

    def _require_same(
        self, rpc: Rpc, compared: Sequence[_Comparison], final: int, patience: float
    ) -> None:
        differences = [each for each in compared if each.here != each.there]
        if not differences:
            if compared:
                self._parted.over()
            return
        first = min(differences, key=lambda each: each.number)
        fact = (
            f"Block {first.number} is {first.here} at {place_of(rpc.url)} and {first.there} at "
            f"{place_of(first.other.url)}."
        )
        if first.number > final and self._parted.lasts() < patience:
            raise NodesPartedError(f"{fact} It is not final, and they may agree soon.")
        raise NodesDisagreeError(
            f"{fact} Find out which is right, and name only nodes that are with --rpc-url."
        )

    def who_has(self, rpc: Rpc, number: int, block_hash: str) -> str | None:
        """Another node that has this block, by scheme, host and port; None if none does."""
        for other in self._others(rpc):
            if self._blocks(other, number)[0] == (number, block_hash):
                return place_of(other.rpc.url)
        return None

    def _is_back(self, endpoint: _Endpoint) -> bool:
        """Whether one that is awake answers: whoever failed may still hang."""
        if not endpoint.failures or len(self) == 1:
            return True
        try:
            endpoint.rpc.glance([("eth_chainId", [])], LOOK_SECONDS)
        except _FAILURES as error:
            self.failed(endpoint.rpc, error)
            return False
        return True

    def _compare(
        self, rpc: Rpc, other: _Endpoint, number: int, block_hash: str
    ) -> _Comparison | None:
        """The last block up to `number` that the other has; None where it tells of none."""
        there, head = self._blocks(other, number)
        top = head[0] if head else number
        if there is not None:
            return _Comparison(number, block_hash, there[1], other.rpc, top)
        if head is None or top >= number:
            return None
        here = self._blocks(self._find(rpc), top)[0]
        return _Comparison(top, here[1], head[1], other.rpc, top) if here else None

    def _blocks(self, endpoint: _Endpoint, number: int) -> list[tuple[int, str] | None]:
        """Number and hash of a block and of the head; None for what the node does not tell."""
        calls = [("eth_getBlockByNumber", [name, False]) for name in (hex(number), "latest")]
        try:
            return [_place(block) for block in endpoint.rpc.glance(calls, LOOK_SECONDS)]
        except _FAILURES as error:
            self.failed(endpoint.rpc, error)
            return [None, None]

    def _others(self, rpc: Rpc) -> Iterator[_Endpoint]:
        """All others that are awake."""
        for each in self._endpoints:
            if each.rpc is not rpc and each.rests_until <= time.monotonic():
                yield each

    def _find(self, rpc: Rpc) -> _Endpoint:
        return next(each for each in self._endpoints if each.rpc is rpc)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Block `number` at the node that is asked and at another one, whose last one is `head`."""

    number: int
    here: str
    there: str
    other: Rpc
    head: int


def _place(block: Any) -> tuple[int, str] | None:
    """None as well for a block that has not the hash that it claims: that is no fork."""
    if not isinstance(block, dict):
        return None
    try:
        return require_header(block), block["hash"]
    except BlockMismatchError:
        return None
