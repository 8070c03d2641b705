"""Memory does not grow with the payments that are exported."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.downloads import PUBLISHER

from backend.db.session import Database
from backend.downloads.files import File, PaymentsFile, RecordsFile, TablesFile
from backend.downloads.job import Job
from backend.queries.payments import PaymentFilter
from benchmarks.downloads.measurements import made

MEGABYTES = 24
"""Four thousand payments more, each with its taxes and milestone, are 30 MB as Python's objects;
and the few are fewer than are read at once."""

FILES: dict[str, File] = {
    "records": RecordsFile(),
    "csv": TablesFile(format="csv"),
    "xlsx": TablesFile(format="xlsx"),
    "payments": PaymentsFile(wanted=PaymentFilter(), sort="net", order="asc", format="csv"),
}


def peak(database: Database, file: File, target: Path) -> int:
    """The memory in bytes that a process needs at most to make a file."""
    url = database.url.render_as_string(hide_password=False)
    _, highest = made(Job(url, file, PUBLISHER, str(target), 1 << 30))
    return highest


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
