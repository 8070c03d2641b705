"""Builds an index anew next to the one that is served, and lets it take its place in one step."""

from __future__ import annotations

import logging
import threading

from backend.core import metrics
from backend.db.session import AheadError, Database
from backend.indexer.errors import IndexMismatchError
from backend.indexer.progress import Progress, Report
from backend.indexer.runner import Indexer

logger = logging.getLogger(__name__)

_LEVEL_SECONDS = 0.2


def begin_anew(indexer: Indexer) -> None:
    """Forget what was built beside the index of `indexer` and has not taken its place."""
    side = indexer.database.beside()
    try:
        side.reset()
    finally:
        side.close()


def build_beside(
    indexer: Indexer, report: Report | None = None, stop: threading.Event | None = None
) -> Progress:
    """Build the index of `indexer` anew while the old one stays, and put it in its place.

    A build that was broken off is gone on with. What the old one has published and the new one has
    not is retracted. Nothing is replaced once `stop` is set. Raises what `Indexer.run` raises.
    """
    stop = stop or threading.Event()
    side = indexer.database.beside()
    try:
        other = indexer.on(side)
        if not _can_go_on(other):
            side.reset()
            other.prepare()
        gone = None
        while True:
            progress = other.run(report, stop)
            if stop.is_set():
                return progress
            try:
                depth = indexer.database.replace(side, gone)
            except AheadError as error:
                # What is served came further meanwhile, or saw blocks that are no more.
                gave_up = other.gave_up(error.block, error.block_hash)
                gone = error.block_hash if gave_up else None
                stop.wait(_LEVEL_SECONDS)
            else:
                _tell(progress, depth)
                return progress
    finally:
        side.close()


def _tell(progress: Progress, depth: int) -> None:
    logger.info("The index was built anew to block %d.", progress.block)
    if depth:
        metrics.reorganized(depth)
        logger.warning("The last %d blocks of the old index are taken back.", depth)


def _can_go_on(indexer: Indexer) -> bool:
    database: Database = indexer.database
    if database.is_outdated():
        return False
    try:
        indexer.prepare()
    except IndexMismatchError:
        return False
    return True
