"""What every request works with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Annotated, Any, Protocol

from fastapi import Depends, Query, Request, Response
from sqlalchemy.orm import Session

from backend.api.answers import JSON
from backend.api.blocks import BlockHeaders
from backend.api.bringing import DOCUMENTS, documents_busy
from backend.api.exposition import Exposition
from backend.api.feed_watch import FeedWatch
from backend.api.past import Past
from backend.api.places import Places
from backend.api.probe import ChainWatch
from backend.api.readiness import DOUBTS, Reason, reasons
from backend.api.streams import STREAMS, streams_busy
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.session import Database
from backend.downloads.about import Publisher
from backend.downloads.shelf import Shelf
from backend.downloads.workshop import Workshop
from backend.queries.index import IndexState, index_state

Clock = Callable[[], datetime]

PINNED = "at_block"
"""The parameter that pins an answer to a block."""
AtBlock = Annotated[
    int | None,
    Query(
        ge=0,
        le=2**63 - 1,
        description=(
            "As it stood at this block: what is late is late as of then, and `index` says that "
            "block. Without it: as it stands."
        ),
        examples=[4711],
    ),
]
IMMUTABLE = "public, max-age=31536000, immutable"
"""What follows from final blocks alone."""
A_DAY = "public, max-age=86400"
"""What only another version of the server changes."""
AN_HOUR = "public, max-age=3600"
"""What only a document can change, which may come, or have to go."""
BLOCK = "Termin-Block"
"""The header that says as of which block an answer is, whatever its body is."""
ANY = "*"
VARY = {"Vary": "Accept-Encoding"}
"""What an answer without a body says beside its validators: with one, compression says it."""

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
    bringing: Places = field(init=False)
    streaming: Places = field(init=False)
    workshop: Workshop = field(init=False)
    past: Past = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(self.settings.database)
        self.store = DocumentStore(self.settings.documents_dir)
        self.watch = ChainWatch(self.settings.node_urls, self.database, self.now)
        self.probe = self.watch
        self.feed = FeedWatch(self.database, self.settings.feed_readers)
        self.bringing = Places(DOCUMENTS, documents_busy)
        self.streaming = Places(STREAMS, streams_busy)
        shelf = Shelf(self.settings.downloads_dir, self.settings.downloads_bytes)
        publisher = Publisher.of(self.settings)
        at_once = self.settings.downloads_at_once
        self.workshop = Workshop(self.database, publisher, shelf, at_once)
        headers = BlockHeaders(self.settings.node_urls)
        self.past = Past(self.database, self.store, headers, self.settings.api_past_events)

    def close(self) -> None:
        """Close what is open."""
        self.past.close()
        self.workshop.close()
        self.database.close()

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
    """One state of the index, for the length of one request; `now` is the moment as of which it is
    looked at. `fixed` says that the answer will always be as it is now, but for documents;
    `if_none_match` is that header of the request."""

    session: Session
    state: IndexState
    now: datetime
    headers: dict[str, str]
    fixed: bool = False
    if_none_match: str = ""

    def at(self, state: IndexState) -> Reader:
        """The same for an answer that is of another, earlier state alone."""
        fixed = state.block <= state.final_block
        return replace(self, state=state, headers=pinned_validators(state), fixed=fixed)

    def answer(self, body: bytes, *, of_chain: bool = False, media_type: str = JSON) -> Response:
        """The response with this body; `of_chain` says that no word of a document is in it."""
        headers = self.headers
        if matches(self.if_none_match, headers["ETag"]):
            raise NotModified(headers | VARY)
        if self.fixed and of_chain:
            headers = headers | {"Cache-Control": IMMUTABLE}
        return Response(body, headers=headers, media_type=media_type)


class NotModified(Exception):
    """The reader has this answer already."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self.headers = headers


def services(request: Request) -> Services:
    """The application's services."""
    found: Services = request.app.state.services
    return found


Given = Annotated[Services, Depends(services)]


def present(request: Request, given: Given) -> Iterator[Reader]:
    """Open the index as it is; raises `NotModified` and what says that there is none."""
    with given.database.reading() as session:
        now = given.now()
        state = index_state(session, now)
        headers = validators(state, now)
        yield Reader(session, state, now, headers, if_none_match=_news(request, headers))


def pinned(request: Request, given: Given, at_block: AtBlock = None) -> Iterator[Reader]:
    """Open the index as it is, or as it was; raises as `present` and `Past` do."""
    if at_block is None:
        yield from present(request, given)
        return
    with given.database.reading() as session:
        state = given.past.state(session, index_state(session), at_block)
        headers = pinned_validators(state)
        given_tag = _news(request, headers)
        final = state.block <= state.final_block
        with given.past.reading(session, state) as then:
            # What is late is late as of that block.
            yield Reader(then, state, state.time, headers, final, given_tag)


def _news(request: Request, headers: dict[str, str]) -> str:
    """What the reader has, where that is not the answer of this state: then `NotModified` is
    raised at once. Whether there is an answer at all (`*` asks) is not known here."""
    given = request.headers.get("if-none-match", "").strip()
    if given != ANY and matches(given, headers["ETag"]):
        raise NotModified(headers | VARY)
    return given


def fixed_answer(request: Request, body: bytes, media_type: str) -> Response:
    """An answer that is the same until there is another version of the server."""
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:_ETAG_HASH_LENGTH]}"'
    headers = {"ETag": tag, "Cache-Control": A_DAY}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers | VARY)
    return Response(body, headers=headers, media_type=media_type)


def matches(header: str | None, etag: str) -> bool:
    """Whether an If-None-Match header names an ETag (RFC 9110, weak comparison)."""
    given = (header or "").strip()
    tags = [tag.strip().removeprefix("W/") for tag in given.split(",")]
    return etag.removeprefix("W/") in tags or given == ANY


def validators(state: IndexState, now: datetime) -> dict[str, str]:
    """The headers that say of which state and which minute an answer is."""
    minute = int(now.timestamp()) // 60
    return _headers(state, [state.documents_revision, minute], "no-cache")


def pinned_validators(state: IndexState) -> dict[str, str]:
    """The headers of an answer as of a block: once that is final, only documents change it."""
    final = state.block <= state.final_block
    parts = [state.documents_revision, "final" if final else state.final_block]
    return _headers(state, parts, AN_HOUR if final else "no-cache")


def _headers(state: IndexState, more: list[Any], cache_control: str) -> dict[str, str]:
    hash_part = state.block_hash[2 : 2 + _ETAG_HASH_LENGTH]
    parts = [state.projection_version, state.block, hash_part, *more]
    return {
        "ETag": f'W/"{"-".join(map(str, parts))}"',
        "Last-Modified": format_datetime(state.time, usegmt=True),
        "Cache-Control": cache_control,
        BLOCK: str(state.block),
    }


Read = Annotated[Reader, Depends(pinned)]
ReadNow = Annotated[Reader, Depends(present)]
