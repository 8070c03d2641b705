"""A PostgreSQL server that a test can stop, start and freeze."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support import postgres as server
from support.node import free_port


@dataclass(frozen=True)
class Stoppable:
    """A server on a folder and port of its own; its one database is `postgres`."""

    binaries: Path
    folder: Path
    port: int
    user: str | None

    @property
    def url(self) -> str:
        """URL of its database."""
        return f"postgresql+psycopg://termin@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c fsync=off"
        self._control("-o", options, "-l", self.folder / "log", "-w", "start")

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        self._control("-m", "immediate", "-w", "stop")

    def initialize(self) -> None:
        """Make its folder."""
        options = ("-U", "termin", "-A", "trust", "-E", "UTF8")
        server._run(self.user, self.binaries / "initdb", "-D", self.folder / "data", *options)

    def _control(self, *options: object) -> None:
        server._run(self.user, self.binaries / "pg_ctl", "-D", self.folder / "data", *options)


@contextmanager
def stoppable(binaries: Path) -> Iterator[Stoppable]:
    """Run a server; it may be stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="termin-postgres-") as folder:
        user = server._unprivileged()
        if user:
            shutil.chown(folder, user)
        found = Stoppable(binaries, Path(folder), free_port(), user)
        found.initialize()
        found.start()
        try:
            yield found
        finally:
            if (found.folder / "data" / "postmaster.pid").exists():
                found.stop()
