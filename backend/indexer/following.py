"""Follows the chain for as long as the process lives."""

from __future__ import annotations

import logging
import threading
import time

from backend.indexer.errors import IndexOutdatedError
from backend.indexer.heads import Heads
from backend.indexer.progress import Progress, Report
from backend.indexer.rebuilding import build_beside
from backend.indexer.retrying import patiently
from backend.indexer.runner import Indexer

logger = logging.getLogger(__name__)

DOCUMENTS_SECONDS = 30.0


def run_forever(
    indexer: Indexer,
    stop: threading.Event,
    report: Report | None = None,
    heads: Heads | None = None,
) -> None:
    """Follow the chain until `stop` is set; waits longer and longer while node or database is away.

    Waits as well while another indexer is at work on the same database. `heads` says at once when
    there is a block; without it the node is asked again and again. Raises `IndexMismatchError` and
    `NodesDisagreeError`, after which only a human helps.
    """
    while not stop.is_set():
        patiently(lambda: _lead(indexer, stop, report, heads or Heads()), stop)


def _lead(indexer: Indexer, stop: threading.Event, report: Report | None, heads: Heads) -> None:
    """Follow while no other indexer does."""
    with indexer.leading(stop) as lead:
        if lead is None:
            return
        prepare(indexer, report, stop)
        refreshed = time.monotonic()
        while not stop.is_set() and lead.holds():
            if time.monotonic() - refreshed > DOCUMENTS_SECONDS:
                patiently(indexer.refresh_documents, stop)
                refreshed = time.monotonic()
            patiently(lambda: indexer.run(report, stop), stop)
            heads.wait(stop)


def prepare(indexer: Indexer, report: Report | None, stop: threading.Event) -> Progress | None:
    """Make the tables ready; an index of another version is built anew beside the one that is.

    Returns how far it came where it was built.
    """
    try:
        indexer.prepare()
    except IndexOutdatedError as error:
        logger.warning("%s Building it anew; the old one is served meanwhile.", error.detail)
        return build_beside(indexer, report, stop)
    return None
