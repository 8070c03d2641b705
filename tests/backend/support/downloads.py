"""Files to download, made of a database as a server has them made."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from backend.db.session import Database
from backend.downloads.about import Publisher
from backend.downloads.files import File
from backend.downloads.making import write_file
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
