"""Whether an index, a deployment, a chain and its nodes belong together.

All but the last one raise `IndexMismatchError`.
"""

from __future__ import annotations

from backend.chain.deployment import Deployment
from backend.chain.headers import Header
from backend.chain.nodes import Nodes
from backend.chain.rpc import Rpc
from backend.db.models import Cursor
from backend.indexer.errors import IndexMismatchError, IndexOutdatedError
from backend.indexer.position import Policy
from backend.indexer.scanner import Scanner, Tip
from backend.projections import PROJECTION_VERSION


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


def require_contract(scanner: Scanner, rpc: Rpc, wanted: Deployment) -> None:
    """The deployment's factory stands on the node's chain."""
    if not scanner.has_code(rpc, wanted.factory):
        raise IndexMismatchError(
            f"There is no contract at {wanted.factory} on this chain.",
            advice="Run `termin deploy`.",
        )


def require_agreement(nodes: Nodes, policy: Policy, rpc: Rpc, header: Header, tip: Tip) -> None:
    """All nodes have the block that `rpc` has; raises as `Nodes.require_agreement`."""
    final, patience = policy.final(tip), policy.agree_seconds
    nodes.require_agreement(rpc, header.number, header.hash, final=final, patience=patience)
