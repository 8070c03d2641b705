"""A PostgreSQL server with a hundred thousand contracts, for as long as they are read."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.db.session import Database
from benchmarks.api.filling import fill
from benchmarks.api.load import free_port

_OPTIONS = {
    "fsync": "off",
    # What is read fits into memory, as it does on a server of its own.
    "shared_buffers": "2GB",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class NoPostgresError(RuntimeError):
    """PostgreSQL is not installed."""


@contextmanager
def filled() -> Iterator[str]:
    """URL of a database that is filled; takes about a minute."""
    binaries, user = _binaries(), _unprivileged()
    with tempfile.TemporaryDirectory(prefix="termin-postgres-") as name:
        folder, port = Path(name), free_port()
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        _run(user, binaries / "initdb", "-D", data, "-U", "termin", "-A", "trust", "-E", "UTF8")
        given = " ".join(f"-c {key}={value}" for key, value in _OPTIONS.items())
        options = f"-p {port} -h 127.0.0.1 -k {folder} {given}"
        start = ("-o", options, "-l", folder / "log", "-w", "start")
        _run(user, binaries / "pg_ctl", "-D", data, *start)
        try:
            url = f"postgresql+psycopg://termin@127.0.0.1:{port}/postgres"
            database = Database(url)
            database.migrate()
            fill(database.url)
            database.close()
            yield url
        finally:
            _run(user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _binaries() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not versions:
        raise NoPostgresError("initdb was not found; expected PostgreSQL's programs on PATH.")
    return versions[-1].parent


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as, None for the present one."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(user: str | None, *command: object) -> None:
    prefix = ["runuser", "-u", user, "--"] if user else []
    subprocess.run([*prefix, *map(str, command)], stdout=subprocess.DEVNULL, check=True, cwd="/")
