"""Ending when asked to: orderly if that is possible, within seconds in any case."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

GRACE_SECONDS = 2.5
"""For how long a process may put its things in order; whoever stops it waits for longer."""
WORDS_SECONDS = 0.5
"""For how long it may take to say that the grace is over."""

logger = logging.getLogger(__name__)


def end_soon() -> None:
    """Let the process end with exit status 0 after the grace, whatever holds it.

    A node or a database may never answer. Nothing is lost: what is not committed was not done.
    """
    threading.Thread(target=_end, name="grace", daemon=True).start()


@contextmanager
def until_stopped() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; after that the process ends within the grace."""
    stop = threading.Event()

    def end(*_: object) -> None:
        if not stop.is_set():
            stop.set()
            end_soon()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end() -> None:
    threading.Event().wait(GRACE_SECONDS)
    try:
        # Who should read the log may be what does not answer.
        telling = threading.Thread(target=_tell, name="last words", daemon=True)
        telling.start()
        telling.join(WORDS_SECONDS)
    finally:
        os._exit(0)


def _tell() -> None:
    logger.warning("Something did not answer: ending without it.")
    logging.shutdown()
