"""From the chain to the tables: block ranges are read, folded and committed, one at a time."""

from backend.indexer.errors import ChainInconsistentError, IndexMismatchError
from backend.indexer.following import prepare, run_forever
from backend.indexer.heads import Heads, Listener, websocket_url
from backend.indexer.once import index_once, rebuild
from backend.indexer.position import Policy
from backend.indexer.rebuilding import build_beside
from backend.indexer.runner import Indexer, Progress

__all__ = [
    "ChainInconsistentError",
    "Heads",
    "IndexMismatchError",
    "Indexer",
    "Listener",
    "Policy",
    "Progress",
    "build_beside",
    "index_once",
    "prepare",
    "rebuild",
    "run_forever",
    "websocket_url",
]
