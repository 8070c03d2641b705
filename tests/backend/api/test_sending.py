"""A file is sent while it is being made."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse
from support.downloads import PUBLISHER, STAMP, Slow, slow_worker

from backend.api.sending import send_file
from backend.db.session import Database
from backend.downloads import workshop as workshop_module
from backend.downloads.files import File, PaymentsFile, RecordsFile
from backend.downloads.shelf import Shelf
from backend.downloads.workshop import DownloadFailedError, Workshop
from backend.queries.index import index_state
from backend.queries.payments import PaymentFilter

CSV = PaymentsFile(wanted=PaymentFilter(), sort="date", order="desc", format="csv")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> type[Slow]:
    """Workers that wait to be let go."""
    own = slow_worker()
    monkeypatch.setattr(workshop_module, "Worker", own)
    return own


@pytest.fixture
def shop(told: Database, tmp_path: Path, slow: type[Slow]) -> Iterator[Workshop]:
    """A workshop with them."""
    found = Workshop(told, PUBLISHER, Shelf(tmp_path, 1000), 1)
    yield found
    found.close()


async def send(shop: Workshop, told: Database, file: File, *encodings: str) -> StreamingResponse:
    headers = [(b"accept-encoding", encoding.encode()) for encoding in encodings]
    request = Request({"type": "http", "headers": headers})
    with told.reading() as session:
        state = index_state(session)
    answer = await send_file(request, shop, file, state)
    assert isinstance(answer, StreamingResponse)
    return answer


def test_what_is_there_is_sent_before_the_rest_is_made(
    shop: Workshop, told: Database, slow: type[Slow]
) -> None:
    async def read() -> list[object]:
        answer = await send(shop, told, RecordsFile())
        assert answer.headers["etag"] == f'W/"{STAMP}"'
        name = f"records-all-block-{STAMP.block}.jsonl.gz"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        body = aiter(answer.body_iterator)
        first = await anext(body)
        slow.let_go.set()
        return [first, *[chunk async for chunk in body]]

    assert asyncio.run(read()) == [b"first,", b"last"]


def test_csv_is_compressed_as_it_comes(shop: Workshop, told: Database, slow: type[Slow]) -> None:
    async def read() -> bytes:
        slow.let_go.set()
        answer = await send(shop, told, CSV, "gzip")
        assert answer.headers["content-encoding"] == "gzip"
        return b"".join([bytes(chunk) async for chunk in answer.body_iterator])  # type: ignore[arg-type]

    assert gzip.decompress(asyncio.run(read())) == b"first,last"


def test_file_that_fails_on_the_way_does_not_look_whole(
    shop: Workshop, told: Database, slow: type[Slow]
) -> None:
    async def read() -> None:
        body = aiter((await send(shop, told, RecordsFile())).body_iterator)
        assert await anext(body) == b"first,"
        await asyncio.to_thread(shop.close)
        async for _ in body:
            pass

    with pytest.raises(DownloadFailedError, match="It has been logged"):
        asyncio.run(read())


def test_reader_who_leaves_leaves_the_file_to_the_next(
    shop: Workshop, told: Database, slow: type[Slow], tmp_path: Path
) -> None:
    async def leave() -> None:
        body = (await send(shop, told, RecordsFile())).body_iterator
        await anext(aiter(body))
        await body.aclose()  # type: ignore[attr-defined]

    async def come() -> bytes:
        answer = await send(shop, told, RecordsFile())
        slow.let_go.set()
        return b"".join([bytes(chunk) async for chunk in answer.body_iterator])  # type: ignore[arg-type]

    asyncio.run(leave())
    assert asyncio.run(come()) == b"first,last"
    assert slow.begun == 1
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"first,last"]
