"""Starts `termin index` in no time: everything is imported once, and each process is a fork.

Reads one JSON object a line (`arguments`, `environment`, `log`, `patience`) and answers with the
number of the process. What such a process writes goes to `log`; its exit status stands there last.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any


def main() -> None:
    """Fork until nobody asks any more."""
    import backend.cli.index  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _become(wanted: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    null = os.open(os.devnull, os.O_RDONLY)
    for here, there in ((null, 0), (log, 1), (log, 2)):
        os.dup2(here, there)
    os.setsid()
    os.environ.update(wanted["environment"])
    status = 1
    try:
        _hurry(wanted)
        status = _run(wanted["arguments"])
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        with Path(wanted["log"]).open("a") as file:
            file.write(f"exit {status}\n")
        os._exit(status)


def _hurry(wanted: dict[str, Any]) -> None:
    """Wait for less, and read less at a time, than one would where nothing is hurried."""
    import backend.cli.index as command
    from backend.chain.rpc import Rpc
    from backend.db import connecting
    from backend.indexer import Policy, folding, runner, scanner

    defaults = Rpc.__init__.__kwdefaults__
    assert defaults is not None
    defaults["timeout"] = wanted["timeout"]
    scanner.FIRST_RANGE = scanner.LOGS_PER_SCAN = wanted["range"]
    runner.RANGES_PER_BATCH = 1 + wanted["range"] % 5
    folding.EVENTS_PER_FOLD = wanted["range"]
    runner.BACKFILL_BLOCKS = wanted["range"]
    connecting.SILENT_SECONDS = 6
    patient = partial(Policy, behind_seconds=wanted["patience"])
    command.Policy = patient  # type: ignore[attr-defined]


def _run(arguments: list[str]) -> int:
    from backend.cli import main as termin

    sys.argv = ["termin", *arguments]
    try:
        termin()
    except SystemExit as error:
        return int(error.code or 0)
    return 0


if __name__ == "__main__":
    main()
