"""Downloads of many payments: how fast they are made, how large they are, and in what memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from backend.db.session import Database
from backend.downloads.about import Publisher
from backend.downloads.files import File, PaymentsFile, RecordsFile, TablesFile
from backend.downloads.job import Job
from backend.indexer import index_once
from backend.queries.payments import PaymentFilter
from benchmarks.api.database import filled
from benchmarks.api.filling import Size
from benchmarks.databases import ask, postgres_server
from benchmarks.indexing.backfill import DENSE, EVENTS, grown_chain
from benchmarks.processes import high_water
from benchmarks.rows import Measurement, Row

SIZE = Size(contracts=2_500, detailed=2_500, milestones=41, payments=40)
"""A hundred thousand payments, each with a tax."""
THOROUGH = Size(contracts=12_500, detailed=12_500, milestones=81, payments=80)
"""A million."""

_MEGABYTE = 1_000_000
_LARGEST = 1 << 40
_LOOK_SECONDS = 0.02
_LIST = PaymentsFile(wanted=PaymentFilter(), sort="date", order="desc", format="csv")
_OPEN_DATA: tuple[File, ...] = (RecordsFile(), TablesFile(format="csv"))


def measurements(*, thorough: bool) -> Iterator[Measurement]:
    """The list of payments of a database that is filled directly, a million if `thorough`; and the
    open data, which is made from events, of a chain that was indexed, a million if `thorough`."""
    size = THOROUGH if thorough else SIZE
    count = size.detailed * size.payments
    yield Measurement(f"List of {count:,} payments", lambda: _list(size, count))
    events = EVENTS * (10 if thorough else 1)
    yield Measurement(f"Open data of {events:,} events", lambda: _open_data(events))


def _list(size: Size, count: int) -> list[Row]:
    with filled(size) as database:
        return _rows(database, _LIST, count)


def _open_data(events: int) -> list[Row]:
    with grown_chain(events, DENSE) as chain, postgres_server() as server:
        url = server.fresh()
        database = Database(url)
        index_once(database, chain.rpc, chain.deployment, chain.setting.store)
        database.close()
        count = ask(url, "SELECT count(*) FROM payments")
        return [row for file in _OPEN_DATA for row in _rows(url, file, count)]


def _rows(database: str, file: File, count: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        job = Job(database, file, Publisher("", "", "", "", ""), f"{folder}/file", _LARGEST)
        seconds, peak = made(job)
        size = Path(job.target).stat().st_size
    name = f"download_{file.name.partition('-')[0]}_{file.ending.replace('.', '_')}"
    note = f"{count:,} payments"
    return [
        Row(f"{name}_payments_per_s", count / seconds, "payments/s", note=note),
        Row(f"{name}_size_mb", size / _MEGABYTE, "MB", note=note),
        Row(f"{name}_peak_mb", peak / _MEGABYTE, "MB", note=note),
    ]


def made(job: Job) -> tuple[float, int]:
    """The seconds that a process takes to do a job, and the bytes of memory at its peak."""
    start, peak = time.perf_counter(), 0
    with subprocess.Popen(
        [sys.executable, "-m", "backend.downloads"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        bufsize=0,
    ) as process:
        assert process.stdin
        process.stdin.write(msgspec.json.encode(job) + b"\n")
        while process.poll() is None:
            peak = max(peak, high_water(process.pid))
            time.sleep(_LOOK_SECONDS)
    assert process.returncode == 0, process.returncode
    return time.perf_counter() - start, peak
