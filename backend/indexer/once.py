"""Brings an index up to date once, or makes it anew."""

from __future__ import annotations

from backend.chain.deployment import Deployment
from backend.chain.nodes import Nodes
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.db.session import Database
from backend.indexer.position import Policy
from backend.indexer.progress import Progress, Report
from backend.indexer.runner import Indexer


def index_once(
    database: Database,
    rpc: Rpc,
    deployment: Deployment,
    store: DocumentStore,
    report: Report | None = None,
    policy: Policy | None = None,
) -> Progress:
    """Create the tables if need be and index up to the head of one node; see `Indexer`."""
    indexer = Indexer(database, Nodes([rpc]), deployment, store, policy)
    indexer.prepare()
    return indexer.run(report)


def rebuild(database: Database) -> None:
    """Drop all rows; the next run reads the chain from the deployment on."""
    database.reset()
