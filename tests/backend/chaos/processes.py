"""Indexers as processes that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.node import ROOT

ZYGOTE = Path(__file__).parent / "zygote.py"


@dataclass
class Process:
    """One run of `termin`."""

    pid: int
    log: Path
    arguments: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All that it has written."""
        return self.log.read_text() if self.log.exists() else ""

    @property
    def status(self) -> int | None:
        """Its exit status; None while it lives, and for ever once it was killed."""
        last = self.text.rsplit("\n", 2)
        ended = len(last) > 1 and last[-2].startswith("exit ")
        return int(last[-2].removeprefix("exit ")) if ended else None

    def lives(self) -> bool:
        """Whether it is there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """End it at once."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._signal(signal.SIGTERM)
        self.wait(8)

    def wait(self, seconds: float) -> None:
        """Wait for its end."""
        deadline = time.monotonic() + seconds
        while self.lives():
            assert time.monotonic() < deadline, f"process {self.pid} did not end:\n{self.text}"
            time.sleep(0.01)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)


class Zygote:
    """Makes processes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(
        self, log: Path, environment: dict[str, str], *arguments: str, **hurry: Any
    ) -> Process:
        """Run `termin` with the arguments."""
        wanted = {"timeout": 2.0, "range": 100, "patience": 10.0} | hurry
        wanted |= {"log": str(log), "environment": environment, "arguments": list(arguments)}
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(wanted) + "\n")
        stdin.flush()
        return Process(int(stdout.readline()), log, arguments)


@contextmanager
def zygote() -> Iterator[Zygote]:
    """Have one; processes that it made are to be ended before."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TERMIN_")}
    process = subprocess.Popen(
        [sys.executable, str(ZYGOTE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=clean | {"PYTHONPATH": str(ROOT)},
    )
    try:
        yield Zygote(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()
