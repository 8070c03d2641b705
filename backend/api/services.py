"""What every request works with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from backend.api.answers import JSON
from backend.api.exposition import Exposition
from backend.api.feed_watch import FeedWatch
from backend.api.probe import ChainWatch
from backend.api.readiness import DOUBTS, Reason, reasons
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.session import Database
from backend.downloads.about import Publisher
from backend.downloads.shelf import Shelf
from backend.downloads.workshop import Workshop
from backend.queries.index import IndexState, index_state

Clock = Callable[[], datetime]

_ETAG_HASH_LENGTH = 10


class Probe(Protocol):
    """Says where the chain is."""

    def head(self) -> int | None:
        """The number of its latest block; None while the node does not answer."""


def wall_clock() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Services:
    """One for each application; `index_problem` says why the indexer in this process stopped."""

    settings: Settings
    clock: Clock = wall_clock
    index_problem: str | None = None
    database: Database = field(init=False)
    store: DocumentStore = field(init=False)
    watch: ChainWatch = field(init=False)
    probe: Probe = field(init=False)
    feed: FeedWatch = field(init=False)
    workshop: Workshop = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(self.settings.database)
        self.store = DocumentStore(self.settings.documents_dir)
        self.watch = ChainWatch(self.settings.node_urls, self.database, self.now)
        self.probe = self.watch
        self.feed = FeedWatch(self.database, self.settings.feed_readers)
        shelf = Shelf(self.settings.downloads_dir, self.settings.downloads_bytes)
        publisher = Publisher.of(self.settings)
        at_once = self.settings.downloads_at_once
        self.workshop = Workshop(self.database, publisher, shelf, at_once)

    def now(self) -> datetime:
        """The present minute: what is served depends on index and minute alone."""
        return self.clock().replace(second=0, microsecond=0)

    def reasons(self) -> list[Reason]:
        """Why what is served may not be what the chain says; none: it is."""
        return reasons(self.watch.glance(), self.index_problem, self.settings)

    def metrics(self) -> bytes:
        """What Prometheus reads."""
        return Exposition(self.watch, self.reasons).text()

    def doubtful(self) -> bool:
        """Whether the chain, as far as it answers, has not the blocks that the index has."""
        return any(reason.code in DOUBTS for reason in self.reasons())


@dataclass(frozen=True, slots=True)
class Reader:
    """One state of the index, for the length of one request."""

    session: Session
    state: IndexState
    now: datetime
    headers: dict[str, str]

    def answer(self, body: bytes) -> Response:
        """The response with this body."""
        return Response(body, headers=self.headers, media_type=JSON)


class NotModified(Exception):
    """The reader has this answer already."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self.headers = headers


def services(request: Request) -> Services:
    """The application's services."""
    found: Services = request.app.state.services
    return found


def reader(request: Request, given: Annotated[Services, Depends(services)]) -> Iterator[Reader]:
    """Open the index; raises `NotModified` and what says that there is none."""
    with given.database.reading() as session:
        now = given.now()
        state = index_state(session, now)
        headers = validators(state, now)
        if matches(request.headers.get("if-none-match"), headers["ETag"]):
            raise NotModified(headers)
        yield Reader(session, state, now, headers)


def matches(header: str | None, etag: str) -> bool:
    """Whether an If-None-Match header names an ETag (RFC 9110, weak comparison)."""
    tags = [tag.strip().removeprefix("W/") for tag in (header or "").split(",")]
    return etag.removeprefix("W/") in tags or tags == ["*"]


def validators(state: IndexState, now: datetime) -> dict[str, str]:
    """The headers that say of which state and which minute an answer is."""
    parts = (
        state.projection_version,
        state.block,
        state.block_hash[2 : 2 + _ETAG_HASH_LENGTH],
        state.documents_revision,
        int(now.timestamp()) // 60,
    )
    return {
        "ETag": f'W/"{"-".join(map(str, parts))}"',
        "Last-Modified": format_datetime(state.time, usegmt=True),
        "Cache-Control": "no-cache",
    }


Given = Annotated[Services, Depends(services)]
Read = Annotated[Reader, Depends(reader)]
