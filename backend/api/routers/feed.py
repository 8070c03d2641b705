"""The feed of all that happens: page by page, as a question that waits, or as a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from backend.api import answers
from backend.api.feed_watch import FeedWatch
from backend.api.limiting import client_of
from backend.api.parameters import FeedParameters, only
from backend.api.problems import InvalidParametersError, responses
from backend.api.schemas.feed import Feed
from backend.api.services import Given, Services
from backend.core.errors import AppError
from backend.queries.errors import InvalidCursorError
from backend.queries.feed_cursor import FeedCursor, decode_cursor
from backend.queries.feed_items import FeedPage, feed
from backend.queries.index import IndexState, index_state

router = APIRouter(prefix="/feed", tags=["feed"])

STREAM = "text/event-stream"
HEARTBEAT_SECONDS = 15
GRACE_SECONDS = 1
"""For how long a stream may come to its end when the server ends."""
SEND_SECONDS = 30
"""For how long a reader of a stream may take nothing in."""
STREAMED = 50
"""How many items a stream has ready at most: each reader who is slow keeps them meanwhile."""
LONGEST_ID = 1_000
_HEADERS = {"Cache-Control": "no-store", "Vary": "Accept"}
_EXAMPLE = (
    'id: WzIsImQwYTMiLDQ3MDIsMywiOWExYyIsMCwiIiwwLCIiXQ\ndata: {"cursor": "WzIsImQwY…", …}\n\n'
)
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"content": {STREAM: {"schema": {"type": "string"}, "example": _EXAMPLE}}}
}

LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        description="Of a stream: the `id` of the last event; counts more than `after`.",
        max_length=LONGEST_ID,
    ),
]


@router.get(
    "",
    response_model=Feed,
    summary="Follow everything that happens",
    dependencies=[Depends(only(FeedParameters))],
    responses=_STREAMED | responses(410, 422),
)
async def get_feed(
    given: Annotated[FeedParameters, Query()],
    request: Request,
    services: Given,
    last_event_id: LastEventId = None,
) -> Response:
    """Events, what is taken back of them, and what becomes of documents, in order.

    Who keeps `next` and gives it as `after` misses nothing and is told nothing twice: what the
    chain gives up is taken back by an item of the kind `retraction` for each event that was told.
    With `wait` the answer comes as soon as there is something. Who accepts `text/event-stream`
    gets a stream of server-sent events: each has an item as its data and the cursor as its id.
    410: the cursor is of another chain or version; start anew, without it.
    """
    if STREAM not in request.headers.get("accept", ""):
        return await _page(request, services, _cursor("after", given.after), given)
    after = _cursor("after", given.after)
    if last_event_id:
        after = _cursor("Last-Event-ID", last_event_id)
    services.feed.places.require_room(client_of(request.scope))
    limit = min(given.limit, STREAMED)
    _, first = await run_in_threadpool(_read, services, after, limit)
    return _Stream(services.feed, _told(services, first, limit))


async def _page(
    request: Request, services: Services, after: FeedCursor | None, given: FeedParameters
) -> Response:
    state, page = await run_in_threadpool(_read, services, after, given.limit)
    if given.wait and not page.items:
        with services.feed.places.place(client_of(request.scope)):
            await services.feed.moved(page.next, given.wait, _gone(request))
        state, page = await run_in_threadpool(_read, services, after, given.limit)
    return Response(answers.feed(state, page), headers=_HEADERS, media_type=answers.JSON)


async def _gone(request: Request) -> None:
    """Wait until the reader has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class _Stream(EventSourceResponse):
    """A stream that takes a place among those who wait for as long as it lasts."""

    def __init__(self, watch: FeedWatch, content: AsyncIterator[ServerSentEvent]) -> None:
        super().__init__(
            content,
            headers=_HEADERS,
            ping=HEARTBEAT_SECONDS,
            sep="\n",
            send_timeout=SEND_SECONDS,
            shutdown_grace_period=GRACE_SECONDS,
        )
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._watch.places.place(client_of(scope)):
            await super().__call__(scope, receive, send)


async def _told(services: Services, page: FeedPage, limit: int) -> AsyncIterator[ServerSentEvent]:
    """What is on a page and all that follows; ends where the index cannot be read any more."""
    while True:
        for item in page.items:
            yield ServerSentEvent(answers.feed_item(item), id=item.cursor)
        if not page.more:
            await services.feed.moved(page.next)
        if services.feed.ending:
            return
        try:
            after = decode_cursor(page.next)
            _, page = await run_in_threadpool(_read, services, after, limit)
        except AppError:
            # The reader asks again, and is then told why.
            return


def _read(services: Services, after: FeedCursor | None, limit: int) -> tuple[IndexState, FeedPage]:
    with services.database.reading() as session:
        state = index_state(session, services.now())
        return state, feed(session, state, after, limit)


def _cursor(place: str, text: str | None) -> FeedCursor | None:
    try:
        return decode_cursor(text) if text is not None else None
    except InvalidCursorError as error:
        raise InvalidParametersError({place: error.detail}) from error
