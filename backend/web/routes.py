"""The pages, each below the path of its language, and what leads to them."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from backend.queries.errors import NotFoundError
from backend.web.assets import by_path
from backend.web.contexts.budget_line import budget_line_page
from backend.web.contexts.contract import contract_page
from backend.web.contexts.data import data_page
from backend.web.contexts.fact import fact_page, how_to_check_page
from backend.web.contexts.lists import budget_list, contract_list, payment_list
from backend.web.contexts.overview import overview_page
from backend.web.contexts.participant import participant_page
from backend.web.contexts.waiting import waiting_page
from backend.web.errors import NoParameterError
from backend.web.languages import LANGUAGES
from backend.web.parameters import (
    BudgetChoice,
    ContractChoice,
    ContractView,
    OverviewChoice,
    PaymentChoice,
)
from backend.web.pictures import pictures
from backend.web.visit import Visiting, desk

# As many digits as the columns hold.
_PLACE = re.compile(r"([0-9]{1,18})-([0-9]{1,9})")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_KEPT_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def _no_parameters(request: Request) -> None:
    if request.query_params:
        raise NoParameterError(list(request.query_params))


plain = APIRouter(dependencies=[Depends(_no_parameters)])
lists = APIRouter()


@lists.get("/")
def overview(visit: Visiting, choice: Annotated[OverviewChoice, Query()]) -> Response:
    """Totals of a year, what happened lately, and the contracts."""
    page = overview_page(visit.session, choice, visit.now, visit.desk.formats)
    return visit.page("overview.html", page)


@lists.get("/contracts")
def contracts(visit: Visiting, choice: Annotated[ContractChoice, Query()]) -> Response:
    """The list of contracts."""
    return visit.page("contracts.html", contract_list(visit.session, choice, visit.now))


@lists.get("/contracts/{name}")
def contract(visit: Visiting, name: str, view: Annotated[ContractView, Query()]) -> Response:
    """One contract, by number or address."""
    page = contract_page(visit.session, name, visit.now, visit.desk.formats, visit.desk.site, view)
    return visit.page("contract.html", page)


@lists.get("/payments")
def payments(visit: Visiting, choice: Annotated[PaymentChoice, Query()]) -> Response:
    """The list of payments."""
    return visit.page("payments.html", payment_list(visit.session, choice))


@lists.get("/budget")
def budget(visit: Visiting, choice: Annotated[BudgetChoice, Query()]) -> Response:
    """The list of budget lines."""
    return visit.page("budget.html", budget_list(visit.session, choice))


@plain.get("/budget/{number}")
def one_budget_line(visit: Visiting, number: str) -> Response:
    """One budget line, by number."""
    if not _NUMBER.fullmatch(number):
        raise NotFoundError(f"There is no budget line {number!r:.60}; expected its number.")
    return visit.page("budget_line.html", budget_line_page(visit.session, int(number), visit.now))


@plain.get("/participants/{name}")
def participant(visit: Visiting, name: str) -> Response:
    """One participant, by number or id."""
    return visit.page("participant.html", participant_page(visit.session, name, visit.now))


@plain.get("/waiting")
def waiting(visit: Visiting) -> Response:
    """What waits for somebody."""
    return visit.page("waiting.html", waiting_page(visit.session, visit.now))


@plain.get("/facts/{place}")
def fact(visit: Visiting, place: str) -> Response:
    """One event on the chain, by block and entry: `133-4`."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise NotFoundError(f"{place!r:.60} is no place on the chain; expected e.g. 133-4.")
    return visit.page("fact.html", fact_page(visit.session, int(found[1]), int(found[2])))


@plain.get("/glossary")
def glossary(visit: Visiting) -> Response:
    """The terms of the trade."""
    return visit.page("glossary.html", None)


@plain.get("/how-to-check")
def how_to_check(visit: Visiting) -> Response:
    """How anyone can check what stands here."""
    return visit.page("how_to_check.html", how_to_check_page(visit.session, visit.state))


@plain.get("/data")
def data(visit: Visiting) -> Response:
    """What can be taken away, and where programs ask."""
    page = data_page(visit.session, visit.state, visit.desk.services.settings)
    return visit.page("data.html", page)


def _language_of(request: Request) -> Response:
    """Lead an address without a language to the one that the reader's browser prefers."""
    path, query = request.url.path, request.url.query
    target = f"/{desk(request).language.code}{path}" + (f"?{query}" if query else "")
    headers = {"Vary": "Accept-Language", "Cache-Control": "no-cache"}
    return RedirectResponse(target, HTTPStatus.FOUND, headers)


def _slash(request: Request) -> Response:
    """Lead `/en` to `/en/`."""
    return RedirectResponse(f"{request.url.path}/", HTTPStatus.MOVED_PERMANENTLY)


def _static(name: str) -> Response:
    """A static file; its name changes with its content."""
    asset = by_path().get(f"/static/{name}")
    if asset is None:
        raise NotFoundError(f"There is no file {name!r:.80}.")
    return Response(asset.content, headers=_KEPT_FOR_EVER, media_type=asset.media_type)


def _router() -> APIRouter:
    """All addresses: each page in each language, without one, and what pages are made with."""
    router = APIRouter()
    for code in LANGUAGES:
        router.add_api_route(f"/{code}", _slash)
        for pages in (plain, lists, pictures):
            router.include_router(pages, prefix=f"/{code}")
    for route in (*plain.routes, *lists.routes, *pictures.routes):
        router.add_api_route(cast(APIRoute, route).path, _language_of)
    router.add_api_route("/static/{name}", _static)
    return router


router = _router()
