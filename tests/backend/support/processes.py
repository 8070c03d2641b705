"""`termin` as a process of its own, and a line to a node that can be cut or held."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

START_SECONDS = 60.0


@dataclass
class Running:
    """A process with what it has said so far."""

    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def out(self) -> str:
        """Its standard output."""
        return (self.folder / "out").read_text()

    @property
    def err(self) -> str:
        """Its error stream."""
        return (self.folder / "err").read_text()

    def until(self, words: str) -> None:
        """Wait until it has said something."""
        deadline = time.monotonic() + START_SECONDS
        while words not in self.out + self.err:
            assert self.process.poll() is None, self.out + self.err
            assert time.monotonic() < deadline, self.out + self.err
            time.sleep(0.02)

    def until_it_listens(self) -> None:
        """Wait until SIGTERM would not simply kill it."""
        deadline = time.monotonic() + START_SECONDS
        while not self._catches(signal.SIGTERM):
            assert self.process.poll() is None, self.out + self.err
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def _catches(self, number: int) -> bool:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        caught = next(row for row in status.splitlines() if row.startswith("SigCgt:"))
        return bool(int(caught.split()[1], 16) >> (number - 1) & 1)

    def end(self) -> tuple[int, float]:
        """Send it SIGTERM: its exit status, and after how many seconds."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        return status, time.monotonic() - begun


@contextmanager
def termin(folder: Path, *arguments: str, **variables: str) -> Iterator[Running]:
    """Run a command; it is killed at the end if it runs still."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {k: v for k, v in os.environ.items() if not k.startswith("TERMIN_")}
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        command = [sys.executable, "-u", "-m", "backend.cli", *arguments]
        process = subprocess.Popen(command, stdout=out, stderr=err, env=known | variables)
        try:
            yield Running(process, folder)
        finally:
            process.kill()
            process.wait(10)


class Line:
    """Passes connections on to a node, until it is held: then it takes them and says nothing."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._to = (parts.hostname or "", parts.port or 0)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open = threading.Event()
        self._open.set()
        self._sockets = [self._listening]
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self) -> None:
        """Say nothing from now on."""
        self._open.clear()

    def close(self) -> None:
        """End all connections."""
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                self._sockets.append(near)
                if self._open.is_set():
                    far = socket.create_connection(self._to)
                    self._sockets.append(far)
                    for ends in ((near, far), (far, near)):
                        threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._open.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def line(url: str) -> Iterator[Line]:
    """A line to a node."""
    found = Line(url)
    try:
        yield found
    finally:
        found.close()
