"""From the chain to the tables: block ranges are read, folded and committed, one at a time."""

from backend.indexer.errors import ChainInconsistentError, IndexMismatchError
from backend.indexer.following import run_forever
from backend.indexer.once import index_once, rebuild
from backend.indexer.position import Policy
from backend.indexer.runner import Indexer, Progress

__all__ = [
    "ChainInconsistentError",
    "IndexMismatchError",
    "Indexer",
    "Policy",
    "Progress",
    "index_once",
    "rebuild",
    "run_forever",
]
