"""Downloads: lists as they are filtered, and the open data in whole or by year."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from backend.api import answers, patterns
from backend.api.parameters import ContractQuestion, PaymentQuestion, nothing_else, only
from backend.api.problems import responses
from backend.api.schemas.downloads import DownloadList
from backend.api.sending import send_file
from backend.api.services import Given, ReadNow, Services
from backend.api.wanted import wanted_contracts, wanted_payments
from backend.downloads.catalogue import all_downloads
from backend.downloads.files import (
    XLSX,
    ContractsFile,
    File,
    PaymentsFile,
    RecordsFile,
    Spreadsheet,
    TablesFile,
)
from backend.queries.errors import NotFoundError
from backend.queries.index import IndexState, index_state
from backend.queries.years import has_contracts

router = APIRouter(tags=["downloads"])

Period = Annotated[
    str,
    Path(
        pattern=patterns.PERIOD,
        description="A year in which contracts were signed (UTC), or `all`.",
        examples=["2026"],
    ),
]
Name = Annotated[
    Literal["records.jsonl.gz", "tables.csv.zip", "tables.xlsx"],
    Path(
        description="`records.jsonl.gz`: OCDS records, one on each line. `tables.csv.zip` and "
        "`tables.xlsx`: their compiled releases as flattentool makes tables of them.",
        examples=["tables.csv.zip"],
    ),
]


def _answers(*kinds: str) -> dict[int | str, dict[str, Any]]:
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {
        200: {"description": "The file; `ETag` and name say its block.", "content": content},
        206: {"description": "The part of it that `Range` asks for.", "content": content},
        304: {"description": "The reader has it already."},
    }


@router.get(
    "/downloads",
    response_model=DownloadList,
    summary="List downloads",
    dependencies=[nothing_else()],
    responses=responses(422),
)
def list_downloads(read: ReadNow, given: Given) -> Response:
    """Every file there is, in whole and by year, with its rows and where it is."""
    found = all_downloads(read.session, given.settings.api)
    return read.answer(answers.part(read.state, "downloads", found))


@router.get(
    "/downloads/{period}/{name}",
    summary="Download the open data",
    dependencies=[nothing_else()],
    response_class=Response,
    responses=_answers("application/gzip", "application/zip", XLSX) | responses(404, 416, 422),
)
async def get_download(period: Period, name: Name, request: Request, given: Given) -> Response:
    """All contracts, or those of a year, with all that belongs to them.

    A file that is not there yet is made: what can be sent meanwhile is. One that is made may be
    given for five minutes more, if its block is final and no document came or went.
    """
    year = None if period == "all" else int(period)
    state = await run_in_threadpool(_state_with, given, year)
    return await send_file(request, given.workshop, _file(year, name), state)


@router.get(
    "/contracts.csv",
    summary="Download contracts as CSV",
    dependencies=[Depends(only(ContractQuestion))],
    response_class=Response,
    responses=_answers("text/csv") | responses(416, 422),
)
async def get_contracts_csv(
    question: Annotated[ContractQuestion, Query()], request: Request, given: Given
) -> Response:
    """All contracts that match, one on each row, for spreadsheets: see docs/open-data.md."""
    return await _contracts(question, "csv", request, given)


@router.get(
    "/contracts.xlsx",
    summary="Download contracts as XLSX",
    dependencies=[Depends(only(ContractQuestion))],
    response_class=Response,
    responses=_answers(XLSX) | responses(416, 422),
)
async def get_contracts_xlsx(
    question: Annotated[ContractQuestion, Query()], request: Request, given: Given
) -> Response:
    """All contracts that match, one on each row, as a workbook."""
    return await _contracts(question, "xlsx", request, given)


@router.get(
    "/payments.csv",
    summary="Download payments as CSV",
    dependencies=[Depends(only(PaymentQuestion))],
    response_class=Response,
    responses=_answers("text/csv") | responses(416, 422),
)
async def get_payments_csv(
    question: Annotated[PaymentQuestion, Query()], request: Request, given: Given
) -> Response:
    """All payments that match, one on each row, for spreadsheets: see docs/open-data.md."""
    return await _payments(question, "csv", request, given)


@router.get(
    "/payments.xlsx",
    summary="Download payments as XLSX",
    dependencies=[Depends(only(PaymentQuestion))],
    response_class=Response,
    responses=_answers(XLSX) | responses(416, 422),
)
async def get_payments_xlsx(
    question: Annotated[PaymentQuestion, Query()], request: Request, given: Given
) -> Response:
    """All payments that match, one on each row, as a workbook."""
    return await _payments(question, "xlsx", request, given)


async def _contracts(
    question: ContractQuestion, form: Spreadsheet, request: Request, given: Services
) -> Response:
    def asked() -> tuple[ContractsFile, IndexState]:
        with given.database.reading() as session:
            wanted = wanted_contracts(session, question)
            file = ContractsFile(
                wanted=wanted,
                now=given.now(),
                sort=question.sort,
                order=question.order,
                format=form,
            )
            return file, index_state(session)

    return await send_file(request, given.workshop, *await run_in_threadpool(asked))


async def _payments(
    question: PaymentQuestion, form: Spreadsheet, request: Request, given: Services
) -> Response:
    def asked() -> tuple[PaymentsFile, IndexState]:
        with given.database.reading() as session:
            wanted = wanted_payments(session, question)
            file = PaymentsFile(
                wanted=wanted, sort=question.sort, order=question.order, format=form
            )
            return file, index_state(session)

    return await send_file(request, given.workshop, *await run_in_threadpool(asked))


def _state_with(given: Services, year: int | None) -> IndexState:
    with given.database.reading() as session:
        state = index_state(session)
        if year is not None and not has_contracts(session, year):
            raise NotFoundError(
                f"No contract was signed in {year}; /api/v1/downloads names the years there are."
            )
        return state


def _file(year: int | None, name: str) -> File:
    if name == "records.jsonl.gz":
        return RecordsFile(year=year)
    return TablesFile(year=year, format="csv" if name == "tables.csv.zip" else "xlsx")
