"""Files to download, made of a database as a server has them made."""

from __future__ import annotations

import io
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from backend.db.session import Database
from backend.downloads.about import Publisher
from backend.downloads.files import File, Stamp
from backend.downloads.job import Begun, Job
from backend.downloads.making import write_file
from backend.downloads.worker import Worker
from backend.queries.index import index_state

NOW = datetime(2025, 1, 1, tzinfo=UTC)
PUBLISHER = Publisher(
    "Kabupaten Sukamaju",
    "https://sukamaju.example",
    "https://creativecommons.org/licenses/by/4.0/",
    "",
    "https://termin.example",
)


def made(database: Database, file: File) -> bytes:
    """A file of a database as it stands."""
    stream = io.BytesIO()
    with database.reading() as session:
        write_file(session, index_state(session), file, PUBLISHER, stream)
    return stream.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of an archive, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


STAMP = Stamp(7, "abcdef0123", datetime(2026, 3, 2, tzinfo=UTC), 1, 0, True)


class Slow(Worker):
    """Makes what the job says as soon as it is let go."""

    let_go = threading.Event()
    begun = 0

    def __init__(self) -> None:
        self.gone = threading.Event()

    @property
    def is_ready(self) -> bool:
        return True

    def begin(self, job: Job) -> Begun:
        type(self).begun += 1
        Path(job.target).write_bytes(b"first,")
        self.target = Path(job.target)
        return Begun(str(STAMP))

    def result(self) -> tuple[int, str]:
        while not (self.let_go.wait(0.01) or self.gone.is_set()):
            pass
        with self.target.open("ab") as stream:
            stream.write(b"last")
        return (-9 if self.gone.is_set() else 0), ""

    def kill(self) -> None:
        self.gone.set()

    def close(self) -> None:
        self.gone.set()


def slow_worker() -> type[Slow]:
    """Workers of their own event."""

    class Own(Slow):
        let_go = threading.Event()

    return Own
