"""A PostgreSQL server of the tests' own, on a free port of this machine."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL
from support.node import free_port


def find_binaries() -> Path | None:
    """The folder of initdb and pg_ctl, or None."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@contextmanager
def postgres(binaries: Path, settings: str = "-c fsync=off") -> Iterator[str]:
    """Run a server on a folder of its own; tests need no data that outlives a power cut."""
    port, user = free_port(), _unprivileged()
    # Not below pytest's folder, which only the user who runs the tests may enter.
    with tempfile.TemporaryDirectory(prefix="termin-postgres-") as folder:
        if user:
            shutil.chown(folder, user)
        data = Path(folder) / "data"
        _run(user, binaries / "initdb", "-D", data, "-U", "termin", "-A", "trust", "-E", "UTF8")
        options = f"-p {port} -h 127.0.0.1 -k {folder} {settings}"
        log = Path(folder) / "log"
        _run(user, binaries / "pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start")
        try:
            yield f"postgresql+psycopg://termin@127.0.0.1:{port}"
        finally:
            _run(user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def create(url: URL, template: str = "template1") -> None:
    """Make the database that a URL names, as a copy of one that nobody is connected to."""
    _administer(url, f"CREATE DATABASE {url.database} TEMPLATE {template}")


def drop(url: URL) -> None:
    """Do away with a database, whoever is connected to it."""
    _administer(url, f"DROP DATABASE {url.database} WITH (FORCE)")


def _administer(url: URL, statement: str) -> None:
    server = url.set(drivername="postgresql", database="postgres")
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as session:
        session.execute(statement.encode())


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as, None for the present one."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(user: str | None, *command: object) -> None:
    prefix = ["runuser", "-u", user, "--"] if user else []
    arguments = [*prefix, *map(str, command)]
    done = subprocess.run(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stderr.decode()
