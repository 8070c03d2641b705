"""From the chain to the tables: block ranges are read, folded and committed, one at a time."""

from backend.indexer.errors import ChainInconsistentError, IndexMismatchError
from backend.indexer.runner import Indexer, Progress, index_once, rebuild, run_forever

__all__ = [
    "ChainInconsistentError",
    "IndexMismatchError",
    "Indexer",
    "Progress",
    "index_once",
    "rebuild",
    "run_forever",
]
