"""Termin's own processes under measurement: `termin index` and `termin serve`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import text

from backend.db.session import Database
from benchmarks.indexing.chain import BenchmarkChain
from benchmarks.processes import Process, spawn
from benchmarks.support import free_port


@dataclass(frozen=True, slots=True)
class Backfill:
    """One run of `termin index --once` over an empty database.

    `seconds` is without the start, which is what a second run over the full database takes.
    """

    events: int
    seconds: float
    start_seconds: float
    peak_mb: float

    @property
    def per_second(self) -> float:
        """Events in a second."""
        return self.events / self.seconds


def backfill(chain: BenchmarkChain, database_url: str) -> Backfill:
    """Index a whole chain; raises RuntimeError if the database lacks events afterwards."""
    whole, peak_mb = _index_once(chain, database_url)
    found = _count_events(database_url)
    if found != chain.events:
        raise RuntimeError(f"The index has {found} events, expected {chain.events}")
    start, _ = _index_once(chain, database_url)
    return Backfill(found, whole - start, start, peak_mb)


@contextmanager
def following(chain: BenchmarkChain, database_url: str) -> Iterator[str]:
    """Run indexer and API, each a process of its own; gives the API's address."""
    port = free_port()
    with (
        spawn(_command(chain, database_url, "index")),
        spawn(_command(chain, database_url, "serve", "--port", str(port))),
    ):
        yield f"http://127.0.0.1:{port}"


def _index_once(chain: BenchmarkChain, database_url: str) -> tuple[float, float]:
    process: Process
    with spawn(_command(chain, database_url, "index", "--once")) as process:
        seconds = process.wait()
    return seconds, process.peak_mb


def _command(chain: BenchmarkChain, database_url: str, name: str, *options: str) -> list[str]:
    where = ["--rpc-url", chain.url, "--data-dir", str(chain.folder)]
    where += ["--database-url", database_url]
    return [sys.executable, "-m", "backend.cli", name, *options, *where]


def _count_events(database_url: str) -> int:
    database = Database(database_url)
    try:
        with database.reading() as session:
            return int(session.scalar(text("SELECT count(*) FROM events")) or 0)
    finally:
        database.close()
