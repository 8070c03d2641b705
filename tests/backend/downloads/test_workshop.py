"""Files are made by processes: once for all, few at once, and nothing is left of them."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.downloads import PUBLISHER, STAMP, Slow, made, slow_worker

from backend.db.session import Database
from backend.downloads import shelf as shelf_module
from backend.downloads import workshop as workshop_module
from backend.downloads.files import PaymentsFile, RecordsFile, Stamp, TablesFile
from backend.downloads.job import Begun, Job
from backend.downloads.shelf import Kept, Shelf
from backend.downloads.worker import Worker
from backend.downloads.workshop import (
    DownloadFailedError,
    DownloadsBusyError,
    Making,
    Workshop,
)
from backend.queries.index import IndexState, index_state
from backend.queries.payments import PaymentFilter

LIMIT = 1 << 30
ALL = PaymentsFile(wanted=PaymentFilter(), sort="date", order="desc", format="csv")


def state_of(database: Database) -> IndexState:
    with database.reading() as session:
        return index_state(session)


@pytest.fixture
def shop(told: Database, tmp_path: Path) -> Iterator[Workshop]:
    found = Workshop(told, PUBLISHER, Shelf(tmp_path, LIMIT), 1)
    yield found
    found.close()


async def ready(found: Kept | Making) -> Kept:
    """The file when it is whole."""
    while isinstance(found, Making):
        if found.error:
            raise found.error
        found = found.kept or found
        await asyncio.sleep(0.01)
    return found


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> type[Slow]:
    """Workers that wait to be let go."""

    own = slow_worker()
    monkeypatch.setattr(workshop_module, "Worker", own)
    return own


def test_file_is_what_the_database_says(shop: Workshop, told: Database, tmp_path: Path) -> None:
    state = state_of(told)
    kept = asyncio.run(_get(shop, ALL, state))
    assert kept.path.read_bytes() == made(told, ALL)
    assert kept.stamp == Stamp.of(state)
    assert list(tmp_path.iterdir()) == [kept.path]


async def _get(shop: Workshop, file: RecordsFile | PaymentsFile, state: IndexState) -> Kept:
    return await ready(await shop.get(file, state))


def test_file_of_a_state_is_made_once(
    shop: Workshop, told: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs: list[Job] = []
    begin = Worker.begin

    def counted(worker: Worker, job: Job) -> Begun | None:
        jobs.append(job)
        return begin(worker, job)

    monkeypatch.setattr(Worker, "begin", counted)

    async def many() -> list[Kept]:
        first = await asyncio.gather(*(_get(shop, ALL, state_of(told)) for _ in range(5)))
        return [*first, await _get(shop, ALL, state_of(told))]

    assert len(set(asyncio.run(many()))) == 1
    assert len(jobs) == 1


def test_readers_share_what_is_being_made(
    shop: Workshop, told: Database, slow: type[Slow], tmp_path: Path
) -> None:
    async def two() -> list[Kept | Making]:
        return [await shop.get(ALL, state_of(told)) for _ in range(2)]

    first, second = asyncio.run(two())
    assert first is second
    assert slow.begun == 1
    assert isinstance(first, Making)
    assert (first.stamp, first.ended) == (STAMP, False)
    slow.let_go.set()
    kept = asyncio.run(ready(first))
    assert kept.path.read_bytes() == b"first,last"
    assert list(tmp_path.iterdir()) == [kept.path]


def test_no_more_are_made_at_once_than_may_be(
    shop: Workshop, told: Database, slow: type[Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop_module, "ROOM_SECONDS", 0.1)
    asyncio.run(shop.get(ALL, state_of(told)))
    with pytest.raises(DownloadsBusyError) as caught:
        asyncio.run(shop.get(RecordsFile(), state_of(told)))
    assert caught.value.detail == (
        "1 files are being made, as many as may be at once. Try again in a minute."
    )
    slow.let_go.set()
    monkeypatch.setattr(workshop_module, "ROOM_SECONDS", 10)
    asyncio.run(_get(shop, RecordsFile(), state_of(told)))
    assert slow.begun == 2


def test_end_of_the_server_ends_what_is_being_made(
    told: Database, tmp_path: Path, slow: type[Slow]
) -> None:
    shop = Workshop(told, PUBLISHER, Shelf(tmp_path, LIMIT), 2)
    making = asyncio.run(shop.get(ALL, state_of(told)))
    assert isinstance(making, Making)
    shop.close()
    assert making.error is not None
    assert list(tmp_path.iterdir()) == []


def test_process_ends_with_its_server(histories: tuple[Database, Database], tmp_path: Path) -> None:
    """Whose pipe is gone is alone."""
    worker = Worker()
    url = histories[1].url.render_as_string(hide_password=False)
    job = Job(url, TablesFile(format="csv"), PUBLISHER, str(tmp_path / "file"), LIMIT)
    assert worker.begin(job) is not None
    assert worker._process.stdin
    worker._process.stdin.close()
    assert worker._process.wait(30) == 1
    worker.close()


def test_file_that_is_too_large_is_refused_and_leaves_nothing(
    told: Database, tmp_path: Path
) -> None:
    shop = Workshop(told, PUBLISHER, Shelf(tmp_path, 1000), 1)
    with pytest.raises(DownloadFailedError) as caught:
        asyncio.run(_get(shop, ALL, state_of(told)))
    shop.close()
    assert caught.value.detail == "It would be larger than 1000 bytes; take it year by year."
    assert list(tmp_path.iterdir()) == []


def test_database_that_goes_away_is_a_failure_that_is_logged(
    told: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = Database(f"sqlite:///{tmp_path / 'nothing.db'}")
    shop = Workshop(away, PUBLISHER, Shelf(tmp_path / "shelf", LIMIT), 1)
    with pytest.raises(DownloadFailedError, match="It has been logged; try again later"):
        asyncio.run(_get(shop, ALL, state_of(told)))
    shop.close()
    assert "There is no index yet." in caplog.text


def test_place_that_cannot_be_written_is_said(told: Database, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    shop = Workshop(told, PUBLISHER, Shelf(tmp_path / "file", LIMIT), 1)
    with pytest.raises(DownloadFailedError, match="There is no place for it: Not a directory"):
        asyncio.run(_get(shop, ALL, state_of(told)))


def put(shelf: Shelf, content: bytes, stamp: Stamp, year: int | None = None) -> Kept:
    bench = shelf.bench()
    (bench / "file").write_bytes(content)
    kept = shelf.put(bench / "file", RecordsFile(year=year), stamp)
    shelf.clear(bench)
    return kept


def test_shelf_makes_room_by_what_was_made_first(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 25)
    kept = []
    for year in (2021, 2022, 2023):
        kept.append(put(shelf, b"x" * 10, STAMP, year))
        os.utime(kept[-1].path, (year, year))
    assert [each.path.exists() for each in kept] == [False, True, True]
    assert put(shelf, b"x" * 30, STAMP).path.exists()
    assert len(list(tmp_path.iterdir())) == 1


def test_shelf_has_so_many_files_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "MOST_FILES", 2)
    shelf = Shelf(tmp_path, LIMIT)
    for year in (2021, 2022, 2023):
        kept = put(shelf, b"x", STAMP, year)
        os.utime(kept.path, (year, year))
    assert len(list(tmp_path.iterdir())) == 2


def test_what_was_abandoned_long_ago_is_removed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, LIMIT)
    old, new = shelf.bench(), shelf.bench()
    (old / "file").touch()
    os.utime(old, (1, 1))
    kept = put(shelf, b"x", STAMP)
    assert set(tmp_path.iterdir()) == {new, kept.path}


def test_only_what_is_final_and_complete_outlasts_its_state(told: Database, tmp_path: Path) -> None:
    state = state_of(told)
    now = Stamp.of(state)
    earlier = replace(now, block=now.block - 1, hash="0123456789", final=True)
    lasting: list[tuple[Callable[[Stamp], Stamp], bool]] = [
        (lambda stamp: stamp, True),
        (lambda stamp: replace(stamp, final=False), False),
        (lambda stamp: replace(stamp, block=now.block + 1), False),
        (lambda stamp: replace(stamp, documents_revision=stamp.documents_revision + 1), False),
        (lambda stamp: replace(stamp, projection_version=stamp.projection_version + 1), False),
    ]
    for number, (change, lasts) in enumerate(lasting):
        shelf = Shelf(tmp_path / str(number), LIMIT)
        kept = put(shelf, b"x", change(earlier))
        assert shelf.find(RecordsFile(), state) == (kept if lasts else None)
        assert shelf.find(RecordsFile(year=2026), state) is None
        long_ago = time.time() - shelf_module.LASTING_SECONDS - 1
        os.utime(kept.path, (long_ago, long_ago))
        assert shelf.find(RecordsFile(), state) is None
    assert Stamp.parse(str(earlier)) == earlier
