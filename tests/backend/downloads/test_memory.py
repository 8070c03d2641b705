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

MEGABYTES = 16
"""More than the buffers of a chunk, and less than what there is ten times of."""

OPEN_DATA: dict[str, File] = {
    "records": RecordsFile(),
    "csv": TablesFile(format="csv"),
    "xlsx": TablesFile(format="xlsx"),
}
LIST = PaymentsFile(wanted=PaymentFilter(), sort="net", order="asc", format="csv")


def peak(database: Database, file: File, target: Path) -> int:
    """The memory in bytes that a process needs at most to make a file."""
    url = database.url.render_as_string(hide_password=False)
    _, highest = made(Job(url, file, PUBLISHER, str(target), 1 << 30))
    return highest


def require_flat(pair: tuple[Database, Database], file: File, folder: Path) -> None:
    """Ten times as much makes a file that is longer, by a process that is hardly larger."""
    few, lots = (peak(database, file, folder / str(n)) for n, database in enumerate(pair))
    sizes = [(folder / str(n)).stat().st_size for n in range(2)]
    assert sizes[1] > 5 * sizes[0]
    assert lots - few < MEGABYTES * 1_000_000


@pytest.mark.parametrize("name", OPEN_DATA)
def test_open_data_of_ten_times_the_events_needs_no_more_memory(
    histories: tuple[Database, Database], tmp_path: Path, name: str
) -> None:
    require_flat(histories, OPEN_DATA[name], tmp_path)


def test_ten_times_the_payments_need_no_more_memory(
    lists: tuple[Database, Database], tmp_path: Path
) -> None:
    require_flat(lists, LIST, tmp_path)
