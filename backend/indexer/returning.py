"""The chain left the index's way: back to where both agree."""

from __future__ import annotations

import logging

from backend.chain.nodes import Nodes
from backend.chain.patience import Patience
from backend.chain.rpc import Rpc
from backend.core import metrics
from backend.db.models import Batch, Cursor
from backend.db.session import Database
from backend.indexer.errors import ChainInconsistentError, NodeBehindError
from backend.indexer.fitting import require_agreement
from backend.indexer.position import Policy, Position, position_of
from backend.indexer.reorgs import find_fork, take_back
from backend.indexer.scanner import Scanner, Tip

logger = logging.getLogger(__name__)


class Return:
    """The way back of one index. It remembers for how long the chain has been too short."""

    def __init__(self, database: Database, nodes: Nodes, scanner: Scanner, policy: Policy) -> None:
        self._database = database
        self._nodes = nodes
        self._scanner = scanner
        self._policy = policy
        self._behind = Patience()

    def is_due(self, position: Position, tip: Tip) -> bool:
        """Whether the chain has not, or no longer, the block where the index stands."""
        if tip.expected is None or tip.expected.hash != position.hash:
            return True
        self._behind.over()
        return False

    def go(self, rpc: Rpc, tip: Tip, position: Position) -> None:
        """Take back what the chain gave up, unless somebody else has moved the index.

        Raises `IndexMismatchError` where that is beyond what can be taken back, `NodeBehindError`
        where the node merely lacks blocks, or may, and `ChainInconsistentError`,
        `NodesDisagreeError` and `NodesPartedError` where it contradicts itself or others.
        """
        if tip.expected is None:
            self._require_lower(rpc, tip, position)
        else:
            require_agreement(self._nodes, self._policy, rpc, tip.expected, tip)
        # The node is asked before the tables are locked: its answer may take its time.
        with self._database.reading() as session:
            if position_of(session.get(Cursor, 1)) != position:
                return
            fork = find_fork(session, self._scanner, rpc, tip.head.number)
        if tip.expected is None and self._behind.lasts() < self._policy.behind_seconds:
            raise NodeBehindError(f"{_lacks(position, tip)}.")
        if fork.block == position.block:
            raise ChainInconsistentError(
                f"The node told of block {position.block} at first another one, and then the same "
                "that the index has."
            )
        self._take_back(position, fork)

    def _take_back(self, position: Position, fork: Batch) -> None:
        depth = position.block - fork.block
        with self._database.transaction() as session:
            cursor = session.get_one(Cursor, 1)
            if position_of(cursor) == position:
                take_back(session, cursor, fork)
                metrics.reorganized(depth)
                logger.warning(
                    "The chain gave up %d blocks: back to block %d.",
                    depth,
                    fork.block,
                    extra={"block": fork.block, "depth": depth},
                )

    def _require_lower(self, rpc: Rpc, tip: Tip, position: Position) -> None:
        """A chain that ends below the index may have become shorter, if all nodes say so."""
        if tip.head.number >= position.block:
            raise NodeBehindError(
                f"{_seen(position)}, the node has none there, below its own head {tip.head.number}."
            )
        if other := self._nodes.who_has(rpc, position.block, position.hash):
            raise NodeBehindError(f"{_lacks(position, tip)}, while {other} has it.")


def _seen(position: Position) -> str:
    return f"The index has seen block {position.block} as {position.hash}"


def _lacks(position: Position, tip: Tip) -> str:
    return f"{_seen(position)}, the node has no block above {tip.head.number}"
