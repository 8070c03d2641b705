"""Downloads of many payments: how fast they are made, how large they are, and in what memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from backend.downloads.about import Publisher
from backend.downloads.files import File, PaymentsFile, RecordsFile, TablesFile
from backend.downloads.job import Job
from backend.queries.payments import PaymentFilter
from benchmarks.api.database import filled
from benchmarks.api.filling import Size
from benchmarks.rows import Measurement, Row

SIZE = Size(contracts=2_500, detailed=2_500, milestones=41, payments=40)
"""A hundred thousand payments, each with a tax."""
THOROUGH = Size(contracts=12_500, detailed=12_500, milestones=81, payments=80)
"""A million."""

_MEGABYTE = 1_000_000
_LARGEST = 1 << 40
_PAYMENTS = PaymentsFile(wanted=PaymentFilter(), sort="date", order="desc", format="csv")
_FILES: tuple[File, ...] = (RecordsFile(), TablesFile(format="csv"), _PAYMENTS)


def measurements(*, thorough: bool) -> Iterator[Measurement]:
    """Each file of one database; a million payments if `thorough`."""
    size = THOROUGH if thorough else SIZE
    count = size.detailed * size.payments
    yield Measurement(f"Downloads of {count:,} payments", lambda: _measure(size, count))


def _measure(size: Size, count: int) -> list[Row]:
    with filled(size) as database:
        return [row for file in _FILES for row in _rows(database, file, count)]


def _rows(database: str, file: File, count: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        job = Job(database, file, Publisher("", "", "", ""), f"{folder}/file", _LARGEST)
        seconds, peak = _made(job)
        size = Path(job.target).stat().st_size
    name = f"download_{file.name.partition('-')[0]}_{file.ending.replace('.', '_')}"
    note = f"{count:,} payments"
    return [
        Row(f"{name}_payments_per_s", count / seconds, "payments/s", note=note),
        Row(f"{name}_size_mb", size / _MEGABYTE, "MB", note=note),
        Row(f"{name}_peak_mb", peak / _MEGABYTE, "MB", note=note),
    ]


def _made(job: Job) -> tuple[float, int]:
    """The seconds that a process takes to do a job, and the bytes of memory at its peak."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.downloads"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        bufsize=0,
    )
    assert process.stdin
    with process.stdin as pipe:
        pipe.write(msgspec.json.encode(job) + b"\n")
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    return time.perf_counter() - start, used.ru_maxrss * 1024
