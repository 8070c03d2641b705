"""SIGTERM, to real processes
├── whose log nobody reads any more: within five seconds
├── index
│   ├── follows: ends at once
│   ├── its node hangs, from the start or later: ends within five seconds
│   ├── its database is locked: the same
│   └── in the middle of its work: nothing is lost, and nothing doubled
└── serve, with the indexer beside it or without
    ├── answers nobody: ends at once
    ├── the node hangs: within five seconds
    ├── the database is locked: the same
    └── a request goes on: the same
"""

from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from support.node import free_port
from support.processes import Line, Running, line, termin
from support.rows import dump
from support.story import Story

from backend.db.session import Database

pytestmark = pytest.mark.alone

LIMIT = 5.0


def ends(running: Running) -> None:
    """It ends well, and soon."""
    status, seconds = running.end()
    assert status == 0, running.out + running.err
    assert seconds < LIMIT


def where(story: Story, folder: Path, database: Database, url: str) -> dict[str, str]:
    """The settings of a process."""
    story.world.deployment.save(folder)
    if not (folder / "documents").exists():
        (folder / "documents").symlink_to(story.store.folder)
    return {
        "TERMIN_RPC_URL": url,
        "TERMIN_DATA_DIR": str(folder),
        "TERMIN_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "TERMIN_PORT": str(free_port()),
    }


@pytest.fixture
def cut(story: Story) -> Iterator[Line]:
    """A line to the story's node."""
    with line(story.rpc.url) as found:
        yield found


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Somebody else writes and does not come to an end."""
    if database.url.drivername == "sqlite":
        with closing(sqlite3.connect(str(database.url.database), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    else:
        with database.transaction():
            yield


UNREAD = """
import logging, threading
from backend.cli.stopping import until_stopped
from backend.core.logs import set_up_logs

set_up_logs("INFO", "json")

def tell():
    while True:
        logging.info("x" * 1000)

with until_stopped() as stop:
    print("ready", flush=True)
    if {aside}:
        threading.Thread(target=tell, daemon=True).start()
        stop.wait()
    else:
        tell()
"""


@pytest.mark.parametrize("aside", [False, True], ids=["itself", "thread"])
def test_a_log_that_nobody_reads(aside: bool) -> None:
    command = [sys.executable, "-c", UNREAD.format(aside=aside)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            assert process.wait(LIMIT) == 0
        finally:
            process.kill()


FOLLOWING = "Following the chain."


def test_an_index_that_follows(
    story: Story, told: Database, any_database: Database, tmp_path: Path
) -> None:
    with termin(tmp_path, "index", **where(story, tmp_path, any_database, story.rpc.url)) as found:
        found.until(FOLLOWING)
        ends(found)
    assert dump(any_database) == dump(told)
    assert found.err == ""


def test_an_index_whose_node_hangs_from_the_start(
    story: Story, database: Database, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        url = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        with termin(tmp_path, "index", **where(story, tmp_path, database, url)) as found:
            connection, _ = hanging.accept()
            ends(found)
            connection.close()


def test_an_index_whose_node_hangs_later(
    story: Story, told: Database, any_database: Database, tmp_path: Path, cut: Line
) -> None:
    with termin(tmp_path, "index", **where(story, tmp_path, any_database, cut.url)) as found:
        found.until(FOLLOWING)
        cut.hold()
        time.sleep(0.5)
        ends(found)
    assert dump(any_database) == dump(told)


def test_an_index_whose_database_is_locked(
    story: Story, any_database: Database, tmp_path: Path
) -> None:
    any_database.migrate()
    settings = where(story, tmp_path, any_database, story.rpc.url)
    with locked(any_database), termin(tmp_path, "index", **settings) as found:
        found.until("Trying again")
        ends(found)
        assert found.out == ""


def test_nothing_is_lost_in_the_middle(
    story: Story, told: Database, any_database: Database, tmp_path: Path
) -> None:
    settings = where(story, tmp_path, any_database, story.rpc.url)
    for pause in (0.0, 0.5):
        with termin(tmp_path, "index", **settings) as found:
            found.until_it_listens()
            time.sleep(pause)
            ends(found)
    with termin(tmp_path, "index", "--once", **settings) as found:
        assert found.process.wait(60) == 0
    assert dump(any_database) == dump(told)


def answers(settings: dict[str, str], path: str) -> int:
    """The status that a server answers with, once it does."""
    deadline = time.monotonic() + 30
    while True:
        try:
            url = f"http://127.0.0.1:{settings['TERMIN_PORT']}{path}"
            return httpx.get(url, timeout=30).status_code
        except httpx.ConnectError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize("arguments", [["serve"], ["serve", "--index"]])
def test_a_server(
    story: Story, told: Database, database: Database, tmp_path: Path, arguments: list[str]
) -> None:
    settings = where(story, tmp_path, database, story.rpc.url)
    with termin(tmp_path, *arguments, **settings) as found:
        assert answers(settings, "/healthz") == 200
        if "--index" in arguments:
            deadline = time.monotonic() + 30
            while answers(settings, "/readyz") != 200:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        ends(found)
    if "--index" in arguments:
        assert dump(database) == dump(told)


def test_a_server_whose_node_hangs(
    story: Story, database: Database, tmp_path: Path, cut: Line
) -> None:
    settings = where(story, tmp_path, database, cut.url)
    with termin(tmp_path, "serve", "--index", **settings) as found:
        assert answers(settings, "/healthz") == 200
        cut.hold()
        assert answers(settings, "/readyz") == 503
        ends(found)


def test_a_server_whose_database_is_locked(
    story: Story, any_database: Database, tmp_path: Path
) -> None:
    any_database.migrate()
    settings = where(story, tmp_path, any_database, story.rpc.url)
    with locked(any_database), termin(tmp_path, "serve", "--index", **settings) as found:
        assert answers(settings, "/api/v1/totals") == 503
        ends(found)


def test_a_request_that_waits_for_its_reader(story: Story, told: Database, tmp_path: Path) -> None:
    settings = where(story, tmp_path, told, story.rpc.url)
    with termin(tmp_path, "serve", **settings) as found:
        assert answers(settings, "/healthz") == 200
        port = int(settings["TERMIN_PORT"])
        with socket.create_connection(("127.0.0.1", port)) as slow:
            head = f"PUT /api/v1/documents/{'0' * 64} HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n"
            slow.sendall(f"{head}\r\nhalf".encode())
            time.sleep(0.3)
            ends(found)


def test_a_request_that_waits_for_the_database(
    story: Story, postgres_database: Database, tmp_path: Path
) -> None:
    postgres_database.migrate()
    settings = where(story, tmp_path, postgres_database, story.rpc.url)
    with termin(tmp_path, "serve", **settings) as found, postgres_database.transaction() as session:
        assert answers(settings, "/metrics") == 200
        session.execute(text("LOCK TABLE cursor IN ACCESS EXCLUSIVE MODE"))
        port = int(settings["TERMIN_PORT"])
        with socket.create_connection(("127.0.0.1", port)) as waiting:
            waiting.sendall(b"GET /api/v1/totals HTTP/1.1\r\nHost: a\r\n\r\n")
            time.sleep(0.3)
            ends(found)
