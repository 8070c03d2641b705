"""From the chain to the tables: block ranges are read, folded and committed, one at a time."""

from backend.indexer.errors import ChainInconsistentError, IndexMismatchError
from backend.indexer.following import prepare, run_forever
from backend.indexer.heads import Listener
from backend.indexer.once import index_once, rebuild
from backend.indexer.position import Policy
from backend.indexer.progress import Progress, Report
from backend.indexer.rebuilding import begin_anew, build_beside
from backend.indexer.retrying import RETRIED, Forever, Once
from backend.indexer.runner import Indexer

__all__ = [
    "RETRIED",
    "ChainInconsistentError",
    "Forever",
    "IndexMismatchError",
    "Indexer",
    "Listener",
    "Once",
    "Policy",
    "Progress",
    "Report",
    "begin_anew",
    "build_beside",
    "index_once",
    "prepare",
    "rebuild",
    "run_forever",
]
