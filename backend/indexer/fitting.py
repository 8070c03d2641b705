"""Whether an index, a deployment, a chain and its nodes belong together.

What is said of one alone raises `IndexMismatchError`.
"""

from __future__ import annotations

import time

from backend.chain.deployment import Deployment
from backend.chain.headers import Header
from backend.chain.nodes import Nodes
from backend.chain.rpc import Rpc
from backend.db.models import Cursor
from backend.indexer.errors import IndexMismatchError, IndexOutdatedError, NodeBehindError
from backend.indexer.position import Policy
from backend.indexer.scanner import Scanner, Tip
from backend.projections import PROJECTION_VERSION

LOOK_SECONDS = 1.0


def require_same(cursor: Cursor, wanted: Deployment) -> None:
    """The index is of this deployment, and of this version: else `IndexOutdatedError`."""
    if cursor.projection_version != PROJECTION_VERSION:
        raise IndexOutdatedError(
            f"The index was built by version {cursor.projection_version} of the projections, "
            f"this is version {PROJECTION_VERSION}."
        )
    found = (cursor.chain_id, cursor.genesis_hash, cursor.factory)
    if found != (wanted.chain_id, wanted.genesis_hash, wanted.factory):
        raise IndexMismatchError(
            f"The index is of factory {cursor.factory} on chain {cursor.chain_id}, the "
            f"deployment is factory {wanted.factory} on chain {wanted.chain_id}."
        )


def require_chain(tip: Tip, wanted: Deployment) -> None:
    """The node is on the deployment's chain."""
    if (tip.chain_id, tip.genesis_hash) != (wanted.chain_id, wanted.genesis_hash):
        raise IndexMismatchError(
            f"The node is on chain {tip.chain_id} with first block {tip.genesis_hash}, the "
            f"deployment on chain {wanted.chain_id} with {wanted.genesis_hash}.",
            advice="Point --rpc-url at the right node.",
        )


def require_contract(scanner: Scanner, rpc: Rpc, wanted: Deployment, tip: Tip) -> None:
    """The deployment's factory stands on the node's chain.

    Raises `NodeBehindError` where its head is below the block with which the deployment began.
    """
    if scanner.has_code(rpc, wanted.factory):
        return
    if tip.head.number < wanted.start_block:
        raise NodeBehindError(
            f"The node's last block is {tip.head.number}, the deployment began with block "
            f"{wanted.start_block}: the node is being filled, or its chain was begun anew."
        )
    raise IndexMismatchError(
        f"There is no contract at {wanted.factory} on this chain.",
        advice="Run `termin deploy`.",
    )


def require_agreement(nodes: Nodes, policy: Policy, rpc: Rpc, header: Header, tip: Tip) -> None:
    """All nodes have the block that `rpc` has; raises as `Nodes.require_agreement`."""
    final, patience = policy.final(tip), policy.agree_seconds
    nodes.require_agreement(rpc, header.number, header.hash, final=final, patience=patience)


class Abreast:
    """Whether a node that has nothing new is still at the chain's head, as far as others know."""

    def __init__(self, nodes: Nodes, policy: Policy) -> None:
        self._nodes, self._policy = nodes, policy
        self._looked = float("-inf")

    def require(self, rpc: Rpc, tip: Tip) -> None:
        """Hold its head against those of all others, once a second at most.

        Raises as `Nodes.who_passed`, and `NodeBehindError` where the chain of another one has gone
        on without it for a while.
        """
        now = time.monotonic()
        if len(self._nodes) == 1 or now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        head, policy = tip.head, self._policy
        final, agree, behind = policy.final(tip), policy.agree_seconds, policy.behind_seconds
        other = self._nodes.who_passed(
            rpc, head.number, head.hash, final=final, agree=agree, behind=behind
        )
        if other is not None:
            raise NodeBehindError(
                f"The node has stood at block {head.number} for {behind:.0f} seconds, while "
                f"{other} has later ones."
            )
