"""In front of the API: what is asked most is answered before FastAPI looks at it.

FastAPI takes a request through threads, dependencies and models, which costs ten times what a
contract does. Nothing is answered here otherwise than there: one contract, whole or as lists have
it, answers that were given already and still hold, and that nothing has changed. All else goes on,
and is remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any, NamedTuple

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.api import answers
from backend.api.cache import Answer, AnswerCache, Headers, Key
from backend.api.measuring import ROUTE, template
from backend.api.packing import LEVEL, PACKED_BYTES, pack, takes_gzip
from backend.api.parameters import ContractParameters, contract_parameters
from backend.api.problems import app_error
from backend.api.reading import Reading, reading
from backend.api.services import ANY, PINNED, VARY, Services, matches, validators
from backend.api.together import Together
from backend.core.errors import AppError
from backend.queries.index import IndexState

PREFIX = "/api/v1"
_PAGES = 8
"""How many pages are made at once."""
_LIST = f"{PREFIX}/contracts"
_CONTRACTS = f"{_LIST}/"
_CONTRACT = f"{_CONTRACTS}{{name}}"
_SHORT = "/summary"
_SUMMARY = f"{_CONTRACT}{_SHORT}"
_FILES = (f"{PREFIX}/documents/", f"{PREFIX}/downloads/")
_SPREADSHEETS = (".csv", ".xlsx")
_WEAK = 'W/"'
_PINNED = PINNED.encode()
_ASK_EACH_TIME = (b"cache-control", b"no-cache")


@dataclass(frozen=True, slots=True)
class _Made:
    """An answer, and of which state of the index and which minute it is."""

    state: IndexState
    now: datetime
    body: bytes


class _One(NamedTuple):
    """One contract, and by which route it is asked for."""

    name: str
    route: str


@dataclass(frozen=True, slots=True)
class _Question:
    """A page of contracts: those who ask with the same words ask for the same."""

    query: bytes
    given: ContractParameters = field(compare=False)


class Front:
    """Answers GET below `PREFIX` where it can, and hands all else to `app`."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._behind = GZipMiddleware(app, PACKED_BYTES, LEVEL)
        self._services = services
        self._cache = AnswerCache(services.settings.api_cache_bytes)
        self._open: Reading | None = None
        self._states: Together[None, IndexState] = Together(self._look)
        self._pages: Together[_Question, _Made] = Together(self._page, looks=_PAGES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        packed = takes_gzip(scope)
        if _is_read(scope):
            try:
                await self._answer(scope, receive, send, packed=packed)
            except AppError as error:
                response = app_error(Request(scope), error)
                await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, *, packed: bool) -> None:
        """Say again what still holds, or have it made and remember it; `packed` as gzip."""
        given = _known(scope)
        if given == ANY:
            # Whether there is an answer at all is not known before it is made.
            await self._app(scope, receive, send)
            return
        key: Key = (scope["path"], scope["query_string"], packed)
        one = _one(*key[:2])
        if self._cache.has(key) or (given is not None and one is not None):
            etag, unchanged = _unchanged(await self._state(), self._services.now())
            known = self._cache.get(key, etag)
            scope[ROUTE] = known.route if known else one and one.route
            if given is not None and (known or one) and matches(given, etag):
                await _send(send, HTTPStatus.NOT_MODIFIED, unchanged, b"")
                return
            if known is not None:
                await _send(send, HTTPStatus.OK, known.headers, known.body)
                return
            scope.pop(ROUTE)
        made = await self._made(scope)
        if made is None:
            await self._behind(scope, receive, _Remembered(send, self._cache, key, scope))
            return
        etag, headers, body = await _written(made, packed=packed)
        self._cache.put(key, Answer(etag, headers, body, scope[ROUTE]))
        await _send(send, HTTPStatus.OK, headers, body)

    async def _made(self, scope: Scope) -> _Made | None:
        """An answer that is made here; FastAPI makes all others."""
        path, query = scope["path"], scope["query_string"]
        if one := _one(path, query):
            scope[ROUTE] = one.route
            return await self._contract(one)
        if path == _LIST and (given := contract_parameters(query)):
            scope[ROUTE] = _LIST
            return await self._pages.get(_Question(query, given))
        return None

    async def _contract(self, one: _One) -> _Made:
        now = self._services.now()
        if one.route == _SUMMARY:
            state, summary = await self._reading.summary(one.name, now)
            state = _aged(state, now)
            return _Made(state, now, answers.part(state, "contract", summary))
        state, found = await self._reading.contract(one.name, now)
        state = _aged(state, now)
        return _Made(state, now, answers.contract(state, found))

    async def _page(self, asked: Sequence[_Question]) -> dict[_Question, _Made]:
        (question,) = asked
        now = self._services.now()
        state, page = await self._reading.contracts(question.given, now)
        state = _aged(state, now)
        return {question: _Made(state, now, answers.page(state, "contracts", page))}

    async def _state(self) -> IndexState:
        return await self._states.get(None)

    async def _look(self, _: Sequence[None]) -> dict[None, IndexState]:
        return {None: await self._reading.state()}

    @property
    def _reading(self) -> Reading:
        # Connections belong to the event loop that opens them.
        if self._open is None:
            self._open = reading(self._services.database)
        return self._open

    async def close(self) -> None:
        """Close the connections."""
        if self._open is not None:
            await self._open.close()

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            await self.close()


class _Remembered:
    """Sends what comes, and keeps what is a whole answer of a state of the index."""

    def __init__(self, send: Send, cache: AnswerCache, key: Key, scope: Scope) -> None:
        self._send, self._cache, self._key, self._scope = send, cache, key, scope
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif self._start is not None:
            self._keep(self._start, message)
            self._start = None
        await self._send(message)

    def _keep(self, start: Message, message: Message) -> None:
        headers: Headers = start["headers"]
        etag = next((value.decode() for name, value in headers if name == b"etag"), "")
        whole = start["status"] == HTTPStatus.OK and not message.get("more_body", False)
        # What holds for longer than a state is not of the present one.
        of_now = _ASK_EACH_TIME in headers and _PINNED not in self._key[1]
        if whole and of_now and etag.startswith(_WEAK):
            self._cache.put(
                self._key, Answer(etag, headers, message.get("body", b""), template(self._scope))
            )


@lru_cache(maxsize=1)
def _unchanged(state: IndexState, now: datetime) -> tuple[str, Headers]:
    """The ETag of a state and a minute, and the headers of who has it: many ask for the same."""
    headers = validators(state, now)
    return headers["ETag"], _raw(headers | VARY)


@lru_cache(maxsize=1)
def _changed(state: IndexState, now: datetime) -> tuple[str, Headers]:
    """The same for who has it not: the headers that are those of any answer."""
    headers = validators(state, now)
    return headers["ETag"], _raw(headers | {"Content-Type": answers.JSON})


@lru_cache(maxsize=1)
def _aged(state: IndexState, now: datetime) -> IndexState:
    return state.at(now)


async def _written(made: _Made, *, packed: bool) -> tuple[str, Headers, bytes]:
    """The ETag, the headers and the body of an answer."""
    (etag, common), body = _changed(made.state, made.now), made.body
    headers = [*common, *(_VARIES if len(body) >= PACKED_BYTES else ())]
    if packed and len(body) >= PACKED_BYTES:
        body = await pack(body)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(body)).encode()))
    return etag, headers, body


def _is_read(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    path: str = scope["path"]
    # Files come compressed as they are, in parts where that is asked for, and are kept on the disk.
    return path.startswith(PREFIX) and not (path.startswith(_FILES) or path.endswith(_SPREADSHEETS))


def _one(path: str, query: bytes) -> _One | None:
    """The contract that is asked for, if it is one."""
    if query or not path.startswith(_CONTRACTS):
        return None
    name = path[len(_CONTRACTS) :]
    whole = name.removesuffix(_SHORT)
    route = _CONTRACT if whole == name else _SUMMARY
    return None if not whole or "/" in whole else _One(whole, route)


def _known(scope: Scope) -> str | None:
    """Which answer the reader has."""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            known: str = value.decode("latin-1").strip()
            return known
    return None


def _raw(headers: dict[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


_VARIES = _raw(VARY)


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    start: dict[str, Any] = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})
