"""Builds an index anew next to the one that is served, and lets it take its place in one step."""

from __future__ import annotations

import logging
import threading

from backend.db.session import Database
from backend.indexer.errors import IndexMismatchError
from backend.indexer.progress import Progress, Report
from backend.indexer.runner import Indexer

logger = logging.getLogger(__name__)


def build_beside(
    indexer: Indexer,
    report: Report | None = None,
    stop: threading.Event | None = None,
    *,
    afresh: bool = True,
) -> Progress:
    """Build the index of `indexer` anew while the old one stays, and put it in its place.

    Unless `afresh`, a build that was broken off is gone on with. Nothing is replaced once `stop`
    is set. Raises what `Indexer.run` raises.
    """
    stop = stop or threading.Event()
    database = indexer.database
    side = database.beside()
    try:
        other = indexer.on(side)
        if afresh or not _can_go_on(other):
            side.reset()
            other.prepare()
        progress = other.run(report, stop)
        if not stop.is_set():
            database.replace(side)
            logger.info("The index was built anew to block %d.", progress.block)
        return progress
    finally:
        side.close()


def _can_go_on(indexer: Indexer) -> bool:
    database: Database = indexer.database
    if database.is_outdated():
        return False
    try:
        indexer.prepare()
    except IndexMismatchError:
        return False
    return True
