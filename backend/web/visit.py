"""One request of a reader: the index in one state, a language, and the page that comes of it."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any, Protocol
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy.orm import Session

from backend.core.settings import Settings
from backend.db.session import Database
from backend.queries.feed import head
from backend.queries.index import IndexState, index_state
from backend.queries.pages_portal import is_example
from backend.web.assets import asset_path
from backend.web.contexts.frame import Choice, Frame, Notice
from backend.web.formats import Formats, clip, has_cents, one_currency, percent, plain
from backend.web.glossary import glossary
from backend.web.languages import LANGUAGES, Language, of_path, preferred, translations
from backend.web.reasons import Reasons
from backend.web.words import Words

LAG_BLOCKS = 3
"""How far the index may be behind the chain without a word about it."""

PICTURE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"
}
"""A chart has styles of its own, and may do nothing else."""


class Probe(Protocol):
    """Says where the chain is."""

    def head(self) -> int | None:
        """The number of its latest block; None while the node does not answer."""


class Services(Protocol):
    """What the portal needs of the server that it is part of."""

    @property
    def settings(self) -> Settings:
        """Where things are."""

    @property
    def database(self) -> Database:
        """The index."""

    @property
    def probe(self) -> Probe:
        """The chain's head."""

    @property
    def index_problem(self) -> str | None:
        """Why the index stands still, if it does."""

    def doubtful(self) -> bool:
        """Whether the chain, as far as it answers, has not the blocks that the index has."""

    def now(self) -> datetime:
        """The present minute."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A reader's language and the means to write a page in it, with or without an index."""

    request: Request
    services: Services
    language: Language
    formats: Formats
    words: Words

    @property
    def site(self) -> str:
        """Where the pages of this language are reached from outside, without a slash at the end."""
        base = self.services.settings.api_url or str(self.request.base_url)
        return f"{base.rstrip('/')}/{self.language.code}"

    def page(
        self,
        template: str,
        page: Any,
        *,
        state: IndexState | None,
        notices: list[Notice],
        feed: str = "",
        status: int = HTTPStatus.OK,
    ) -> Response:
        """The page that `template` makes of `page`, a dataclass of `contexts`."""
        frame = Frame(
            language=self.language.code,
            languages=self._choices(),
            notices=notices,
            index=state,
            query=self.request.query_params.get("q", "")[:200],
            feed=feed,
        )
        texts = translations(self.language.code)
        text = (
            _environment(self.language.code)
            .get_template(template)
            .render(
                page=page,
                frame=frame,
                f=self.formats,
                words=self.words,
                reasons=Reasons(texts, self.formats),
                terms=glossary(texts),
            )
        )
        return _answer(self.request, text, status)

    def _choices(self) -> list[Choice]:
        path, query = self.request.url.path, self.request.url.query
        here = of_path(path)
        rest = path.removeprefix(f"/{here.code}") if here else path
        tail = f"{rest}?{query}" if query else rest
        return [
            Choice(code, language.name, f"/{code}{tail}", language is self.language)
            for code, language in LANGUAGES.items()
        ]


@dataclass(frozen=True, slots=True)
class Visit:
    """A desk with one state of the index, for the length of one request."""

    desk: Desk
    session: Session
    state: IndexState

    @property
    def now(self) -> datetime:
        """The present minute: it decides what is late."""
        return self.desk.formats.now

    def page(self, template: str, page: Any) -> Response:
        """The page that `template` makes of `page`."""
        feed = head(self.session, self.state).encode()
        return self.desk.page(template, page, state=self.state, notices=self._notices(), feed=feed)

    def picture(self, svg: bytes) -> Response:
        """A chart, in a file of its own."""
        return tagged(self.desk.request, svg, "image/svg+xml", PICTURE_HEADERS)

    def _notices(self) -> list[Notice]:
        services, notices = self.desk.services, []
        if services.settings.notice:
            notices.append(Notice("notice", services.settings.notice))
        if is_example(self.session):
            notices.append(Notice("example"))
        head = services.probe.head()
        if head is None:
            notices.append(Notice("unreachable"))
        elif head - self.state.block > LAG_BLOCKS:
            notices.append(Notice("behind", blocks=head - self.state.block))
        if services.doubtful():
            notices.append(Notice("doubtful"))
        if services.index_problem is not None:
            notices.append(Notice("stopped"))
        return notices


def desk(request: Request) -> Desk:
    """The desk of the language that the path, or else the reader's browser, names."""
    services: Services = request.app.state.services
    accepted = request.headers.get("accept-language", "")
    language = of_path(request.url.path) or preferred(accepted)
    texts = translations(language.code)
    formats = Formats(language, texts, ZoneInfo(services.settings.time_zone), services.now())
    return Desk(request, services, language, formats, Words(texts))


def visit(request: Request) -> Iterator[Visit]:
    """Open the index; raises what says that there is none."""
    found = desk(request)
    with found.services.database.reading() as session:
        yield Visit(found, session, index_state(session, found.services.now()))


Visiting = Annotated[Visit, Depends(visit)]


@cache
def _environment(code: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("backend.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    texts = translations(code)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        texts.gettext, texts.ngettext, newstyle=True
    )
    environment.filters |= {
        "cents": has_cents,
        "clip": clip,
        "one_currency": one_currency,
        "percent": percent,
        "plain": plain,
        "shell": shlex.quote,
    }
    environment.globals |= {"asset": asset_path, "to": lambda path: f"/{code}{path}"}
    return environment


def _answer(request: Request, text: str, status: int) -> Response:
    content = text.encode()
    if status != HTTPStatus.OK:
        return HTMLResponse(content, status, {"Cache-Control": "no-store"})
    return tagged(request, content, "text/html", {})


def tagged(request: Request, content: bytes, kind: str, more: dict[str, str]) -> Response:
    """`content`, or only that it is as it was."""
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {"Cache-Control": "no-cache", "ETag": etag} | more
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, headers=headers, media_type=kind)
