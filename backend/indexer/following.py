"""Follows the chain for as long as the process lives."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import tenacity

from backend.chain.nodes import NodesPartedError
from backend.chain.rpc import NodeBusyError
from backend.core import metrics
from backend.core.errors import AppError
from backend.db.session import DatabaseUnavailableError
from backend.indexer.errors import IndexOutdatedError
from backend.indexer.heads import Heads
from backend.indexer.progress import Progress, Report
from backend.indexer.rebuilding import build_beside
from backend.indexer.runner import NODE_ERRORS, Indexer

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
DOCUMENTS_SECONDS = 30.0

RETRIED = (*NODE_ERRORS, NodesPartedError, DatabaseUnavailableError)
"""What may be over by itself after a while."""


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
        _patiently(lambda: _lead(indexer, stop, report, heads or Heads()), stop)


def _lead(indexer: Indexer, stop: threading.Event, report: Report | None, heads: Heads) -> None:
    """Follow while no other indexer does."""
    with indexer.leading(stop) as lead:
        if lead is None:
            return
        prepare(indexer, report, stop)
        refreshed = time.monotonic()
        while not stop.is_set() and lead.holds():
            if time.monotonic() - refreshed > DOCUMENTS_SECONDS:
                _patiently(indexer.refresh_documents, stop)
                refreshed = time.monotonic()
            _patiently(lambda: indexer.run(report, stop), stop)
            heads.wait(stop)


def prepare(indexer: Indexer, report: Report | None, stop: threading.Event) -> Progress | None:
    """Make the tables ready; an index of another version is built anew beside the one that is.

    Returns how far it came where it was built.
    """
    try:
        indexer.prepare()
    except IndexOutdatedError as error:
        logger.warning("%s Building it anew; the old one is served meanwhile.", error.detail)
        return build_beside(indexer, report, stop, afresh=False)
    return None


def _patiently(work: Callable[[], object], stop: threading.Event) -> None:
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(RETRIED),
        wait=_pause,
        stop=tenacity.stop_when_event_set(stop),
        sleep=tenacity.sleep_using_event(stop),
        before_sleep=_tell,
        reraise=True,
    )
    try:
        retrying(work)
    except RETRIED:
        if not stop.is_set():
            raise


_growing = tenacity.wait_exponential_jitter(
    multiplier=FIRST_PAUSE_SECONDS, max=LONGEST_PAUSE_SECONDS, jitter=FIRST_PAUSE_SECONDS
)


def _pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    said = error.retry_after if isinstance(error, NodeBusyError) else 0.0
    return max(said, _growing(state))


def _tell(state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    pause = state.next_action.sleep if state.next_action else 0.0
    if isinstance(error, AppError):
        metrics.retried(error)
        logger.warning("%s: %s Trying again in %.1f s.", error.title, error.detail, pause)
