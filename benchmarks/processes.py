"""Processes under measurement: how long they take, how much memory they need."""

from __future__ import annotations

import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

_SAMPLE_SECONDS = 0.02
_STOP_SECONDS = 15.0
_MEGABYTE = 1 << 20


class Process:
    """A process with its children; `began` is a time of `time.perf_counter`."""

    def __init__(self, popen: subprocess.Popen[bytes], output: Path) -> None:
        self.began = time.perf_counter()
        self.peak_mb = 0.0
        self._popen, self.output = popen, output
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()

    @property
    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self._popen.poll() is not None

    @property
    def last_words(self) -> str:
        """The end of what it said."""
        return self.output.read_text(errors="replace").strip()[-500:]

    def wait(self) -> float:
        """Wait for its end and return the seconds that it took; raises RuntimeError if it fails."""
        status = self._popen.wait()
        seconds = time.perf_counter() - self.began
        self._sampler.join()
        if status:
            raise RuntimeError(f"{self._popen.args!r} ended with {status}: {self.last_words}")
        return seconds

    def stop(self) -> None:
        """End it, and what it started: a wrapper does not pass on how it ends."""
        with suppress(psutil.NoSuchProcess):
            root = psutil.Process(self._popen.pid)
            family = [root, *root.children(recursive=True)]
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    process.terminate()
            _, left = psutil.wait_procs(family, _STOP_SECONDS)
            for process in left:
                process.kill()
        self._popen.wait()
        self._sampler.join()

    def _sample(self) -> None:
        with suppress(psutil.NoSuchProcess):
            root = psutil.Process(self._popen.pid)
            while not self.ended:
                self.peak_mb = max(self.peak_mb, _resident(root) / _MEGABYTE)
                time.sleep(_SAMPLE_SECONDS)


@contextmanager
def spawn(
    command: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None
) -> Iterator[Process]:
    """Run a command, its output in a file, and end it if it has not ended by itself."""
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        popen = subprocess.Popen(command, cwd=cwd, env=env, stdout=log, stderr=subprocess.STDOUT)
        process = Process(popen, Path(log.name))
        try:
            yield process
        finally:
            process.stop()


def high_water(pid: int) -> int:
    """The most memory in bytes that a process has had so far; 0 once it has ended.

    What getrusage says of a child includes its parent, from before the child began.
    """
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0


def _resident(root: psutil.Process) -> int:
    total = 0
    for process in [root, *root.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total
