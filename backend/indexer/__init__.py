"""From the chain to the tables: block ranges are read, folded and committed, one at a time."""

from backend.indexer.errors import ChainInconsistentError, IndexMismatchError
from backend.indexer.following import prepare, run_forever
from backend.indexer.heads import Listener
from backend.indexer.once import index_once, rebuild
from backend.indexer.position import Policy
from backend.indexer.progress import Progress, Report
from backend.indexer.rebuilding import build_beside
from backend.indexer.runner import Indexer

__all__ = [
    "ChainInconsistentError",
    "IndexMismatchError",
    "Indexer",
    "Listener",
    "Policy",
    "Progress",
    "Report",
    "build_beside",
    "index_once",
    "prepare",
    "rebuild",
    "run_forever",
]
