"""A process that makes one file, seen from the server."""

from __future__ import annotations

import subprocess
import sys

import msgspec

from backend.downloads.job import Begun, Job


class Worker:
    """Starts at once, and waits for what it has to do; `close` it in any case."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "backend.downloads"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Nothing is left to be written when the process is gone.
            bufsize=0,
        )

    @property
    def is_ready(self) -> bool:
        """Whether it still waits."""
        return self._process.poll() is None

    def begin(self, job: Job) -> Begun | None:
        """Hand it the job; None if it fails before the file begins. Raises OSError."""
        assert self._process.stdin  # noqa: S101
        assert self._process.stdout  # noqa: S101
        # The pipe stays open: the process ends when it is closed.
        self._process.stdin.write(msgspec.json.encode(job) + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        return msgspec.json.decode(line, type=Begun) if line else None

    def result(self) -> tuple[int, str]:
        """Its exit status when it has ended, and what it said of errors."""
        assert self._process.stderr  # noqa: S101
        said = self._process.stderr.read().decode(errors="replace")
        return self._process.wait(), said

    def kill(self) -> None:
        """End it; whoever waits for it hears of that."""
        self._process.kill()

    def close(self) -> None:
        """End it if it has not ended, and let go of it."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()
        self._process.wait()
