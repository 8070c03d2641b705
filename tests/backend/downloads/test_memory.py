"""Memory does not grow with the payments that are exported."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from support.downloads import PUBLISHER

from backend.db.session import Database
from backend.downloads.files import File, PaymentsFile, RecordsFile, TablesFile
from backend.downloads.job import Job
from backend.queries.payments import PaymentFilter

MEGABYTES = 24
"""Four thousand payments more, each with its taxes and milestone, are 30 MB as Python's objects;
and the few are fewer than are read at once."""
LOOK_SECONDS = 0.01

FILES: dict[str, File] = {
    "records": RecordsFile(),
    "csv": TablesFile(format="csv"),
    "xlsx": TablesFile(format="xlsx"),
    "payments": PaymentsFile(wanted=PaymentFilter(), sort="net", order="asc", format="csv"),
}


def peak(database: Database, file: File, target: Path) -> int:
    """The memory in bytes that a process needs at most to make a file."""
    url = database.url.render_as_string(hide_password=False)
    job = Job(url, file, PUBLISHER, str(target), 1 << 30)
    highest = 0
    with subprocess.Popen(
        [sys.executable, "-m", "backend.downloads"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        bufsize=0,
    ) as process:
        assert process.stdin
        process.stdin.write(msgspec.json.encode(job) + b"\n")
        while process.poll() is None:
            # What getrusage says includes this process, from before the other began.
            highest = max(highest, _high_water(process.pid))
            time.sleep(LOOK_SECONDS)
    assert process.returncode == 0
    return highest


def _high_water(pid: int) -> int:
    """The most memory in bytes that a process has had so far; 0 once it has ended."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


@pytest.mark.parametrize("name", FILES)
def test_ten_times_the_payments_need_no_more_memory(
    many: dict[int, Database], tmp_path: Path, name: str
) -> None:
    few, lots = (
        peak(database, FILES[name], tmp_path / str(count)) for count, database in many.items()
    )
    sizes = [(tmp_path / str(count)).stat().st_size for count in many]
    assert sizes[1] > 5 * sizes[0]
    assert lots - few < MEGABYTES * 1_000_000
