"""Plays histories in a process of its own, with a node and a server of its own."""

from __future__ import annotations

import multiprocessing.util
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from chaos.history import Hall, hall, run, summary
from chaos.verdict import Failure

_here = ExitStack()
_halls: list[Hall] = []


def one(seed: int) -> tuple[int, str, str]:
    """Play one history in this process; returns seed, what was wrong, and what it was made of."""
    if not _halls:
        _open()
    begun = time.monotonic()
    try:
        made, wrong = summary(run(_halls[-1], seed)), ""
    except Failure as failure:
        made, wrong = "", str(failure)
    return seed, wrong, f"{time.monotonic() - begun:.1f} s {made}"


def _open() -> None:
    folder = Path(_here.enter_context(tempfile.TemporaryDirectory(prefix="termin-chaos-")))
    folder.chmod(0o755)
    _halls.append(_here.enter_context(hall(folder / "hall")))
    # A worker ends without what `atexit` knows.
    multiprocessing.util.Finalize(None, _here.close, exitpriority=100)
