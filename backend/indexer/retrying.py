"""What may be over by itself is tried again: longer apart each time, with jitter."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import tenacity

from backend.chain.nodes import NodesPartedError
from backend.chain.rpc import NodeBusyError
from backend.core import metrics
from backend.core.errors import AppError
from backend.db.session import DatabaseUnavailableError
from backend.indexer.progress import Progress, Report
from backend.indexer.runner import NODE_ERRORS

T = TypeVar("T")

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
ONCE_SECONDS = 20.0
"""For how long without a new block one tries who is to come to the head just once.

That is a whole pause longer than a node, or two that differ, are waited for.
"""

OF_NODES = (*NODE_ERRORS, NodesPartedError)
RETRIED = (*OF_NODES, DatabaseUnavailableError)
"""What may be over by itself after a while."""


class Forever:
    """Tries until it is told to stop. `report` says how far it came."""

    _retried: tuple[type[AppError], ...] = RETRIED

    def __init__(self, report: Report, stop: threading.Event) -> None:
        self._report, self._stop = report, stop

    def report(self, now: Progress) -> None:
        """So far."""
        self._report(now)

    def __call__(self, work: Callable[[], T]) -> T | None:
        """What `work` gives; None once it is to stop. Raises what is not tried again."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(self._retried),
            wait=_pause,
            stop=self._is_over,
            sleep=tenacity.sleep_using_event(self._stop),
            before_sleep=_tell,
            reraise=True,
        )
        try:
            return retrying(work)
        except self._retried:
            if not self._stop.is_set():
                raise
        return None

    def _is_over(self, _: tenacity.RetryCallState) -> bool:
        return self._stop.is_set()


class Once(Forever):
    """Tries while nodes fail, and gives up `ONCE_SECONDS` after the last new block."""

    _retried = OF_NODES

    def __init__(self, report: Report, stop: threading.Event) -> None:
        super().__init__(report, stop)
        self._block = -1
        self._since = time.monotonic()

    def report(self, now: Progress) -> None:
        """So far."""
        if now.block != self._block:
            self._block, self._since = now.block, time.monotonic()
        super().report(now)

    def _is_over(self, state: tenacity.RetryCallState) -> bool:
        waited = time.monotonic() - self._since
        return super()._is_over(state) or waited + state.upcoming_sleep > ONCE_SECONDS


def patiently(work: Callable[[], T], stop: threading.Event) -> T | None:
    """What `work` gives, tried again until `stop` is set: then None."""
    return Forever(lambda _: None, stop)(work)


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
