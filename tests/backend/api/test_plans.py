"""query plans
├── no statement of any GET operation scans a table that grows with the contracts
├── but those that must read all of it, each with its reason
├── a list in any order is narrowed by status and year in the index of that order
└── every operation, filter and sort is among those asked
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel
from support.many_rows import CONTRACTS, DIGEST
from support.plans import SMALL, filtered, listening, scanned

from backend.api import parameters
from backend.app import create_app
from backend.core.settings import Settings
from backend.db.session import Database

WHOLE = {
    "/ocds/records": "the answer is all contracts",
    "/downloads": "how much each year has, which is all there is",
    "/totals": "the sums of all contracts and lines of a currency, a year or a buyer",
}
"""Operations that read whole tables because what is asked for is made of all rows."""

LOOKED_THROUGH = {"q": {"participants"}}
"""SQLite has no index of text: for a word it reads the names of all participants, and contracts in
the order of the page until it is full."""

LISTS: dict[str, type[BaseModel]] = {
    "/contracts": parameters.ContractParameters,
    "/payments": parameters.PaymentParameters,
    "/participants": parameters.ParticipantParameters,
    "/budget-lines": parameters.BudgetParameters,
    "/totals": parameters.TotalsParameters,
}
ONES = {
    "/contracts/{name}": ["7", f"0x{7:040x}"],
    "/contracts/{name}/summary": ["7", f"0x{7:040x}"],
    "/contracts/{name}/history": ["7"],
    "/participants/{name}": ["7", f"0x{7:064x}"],
    "/payments/{number}": ["7"],
    "/budget-lines/{name}": ["7", f"0x{7:064x}"],
    "/json-ld/contracts/{name}": ["7"],
    "/json-ld/participants/{name}": ["7"],
    "/json-ld/payments/{number}": ["7"],
    "/ocds/records/{name}": ["7"],
    "/ocds/release-packages/{name}": ["7"],
    "/ocds/releases/{release}": ["ocds-7-1-0123456789ab"],
    "/documents/{digest}": [DIGEST],
    "/reorganizations/{number}": ["1"],
}
UNREAD = {"/healthz", "/readyz", "/metrics", "/openapi.json", "/context.jsonld"}
"""What asks nothing of the tables of contracts."""
FILES = ("/contracts.", "/payments.", "/downloads/")
"""What begins so is made by a process of its own, from all that matches."""
PLAIN = {"/ocds/records", "/ocds/record-packages", "/reorganizations", "/feed", "/downloads"}
VALUES: dict[str, list[str]] = {
    "buyer": ["7", f"0x{7:064x}"],
    "supplier": ["8"],
    "payee": ["8"],
    "recipient": ["9"],
    "organization": ["7"],
    "contract": ["7", f"0x{7:040x}"],
    "currency": ["IDR"],
    "year": ["2024"],
    "q": ["road", "road+000007"],
    "late": ["true", "false"],
    "lateOver": ["30"],
    "valueFrom": ["10&currency=IDR"],
    "valueTo": ["10&currency=IDR"],
    "ocid": ["ocds-7"],
    "contractId": ["C-7"],
    "scheme": ["X"],
    "identifier": ["000007"],
    "limit": ["20"],
}


def choices(model: type[BaseModel], name: str) -> list[str]:
    """The values to ask for: all of those that can be counted."""
    for key, info in model.model_fields.items():
        if (info.alias or key) == name:
            return [str(v) for v in _literals(info.annotation)] or VALUES[name]
    raise KeyError(name)


def _literals(kind: Any) -> list[str]:
    found: list[str] = []
    for inner in get_args(kind):
        found += [inner] if isinstance(inner, str) else _literals(inner)
    return found


def queries(path: str) -> Iterator[tuple[str, str]]:
    """What is asked of a list: each filter in each order, with the filter's name."""
    model = LISTS[path]
    names = [info.alias or key for key, info in model.model_fields.items()]
    filters = [n for n in names if n not in {"sort", "order", "after", "limit"}]
    sorts = choices(model, "sort") if "sort" in names else [""]
    orders = ("asc", "desc") if "order" in names else ("",)
    for sort, order in product(sorts, orders):
        tail = f"sort={sort}&order={order}&limit=20" if sort else ""
        yield "", tail
        for name in filters:
            for value in choices(model, name)[:2]:
                yield name, f"{name}={value}&{tail}"


def urls(operations: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each operation with a filter's name and the whole address; every one must be known here."""
    for path, methods in operations.items():
        if "get" not in methods or path in UNREAD or path.startswith(FILES):
            continue
        if path in LISTS:
            yield from ((path, name, f"{path}?{query}") for name, query in queries(path))
        elif path in PLAIN:
            yield path, "", path
        elif path == "/events/{block}/{log_index}":
            yield path, "", "/events/7/0"
        else:
            start, _, rest = path.partition("{")
            end = rest.partition("}")[2]
            yield from ((path, "", f"{start}{value}{end}") for value in ONES[path])


def test_every_statement_uses_an_index(
    many: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = many.url.render_as_string(hide_password=False)
    here = Settings(rpc_url="http://127.0.0.1:1", database_url=url, data_dir=tmp_path)
    wrong: dict[str, set[str]] = {}
    seen: set[str] = set()
    sqlite = many.engine.dialect.name == "sqlite"
    application = create_app(here)
    served: Database = application.state.services.database
    with TestClient(application) as client, listening(served, monkeypatch) as asked:
        operations = client.get("/api/v1/openapi.json").json()["paths"]
        for path, name, address in urls(operations):
            asked.statements.clear()
            response = client.get(f"/api/v1{address}")
            assert response.status_code in {200, 404}, (address, response.text)
            statements = list(asked.statements)
            assert statements, address
            if path in WHOLE:
                continue
            for statement, values in statements:
                # SQLite plans a statement whatever its values are.
                if statement in seen and sqlite:
                    continue
                seen.add(statement)
                allowed = SMALL | (LOOKED_THROUGH.get(name, set()) if sqlite else set())
                if found := scanned(many, statement, values) - allowed:
                    wrong[address] = found
    assert wrong == {}
    assert CONTRACTS >= 2_000


def test_lists_are_narrowed_in_the_index_of_their_order(
    many_postgres: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = many_postgres.url.render_as_string(hide_password=False)
    here = Settings(rpc_url="http://127.0.0.1:1", database_url=url, data_dir=tmp_path)
    application = create_app(here)
    served: Database = application.state.services.database
    with TestClient(application) as client, listening(served, monkeypatch) as asked:
        for sort, order in product(choices(parameters.ContractParameters, "sort"), ("asc", "desc")):
            asked.statements.clear()
            address = f"/api/v1/contracts?status=active&year=2024&sort={sort}&order={order}"
            assert len(client.get(address).json()["contracts"]) == 50
            (page,) = (each for each in asked.statements if "FROM agreements" in each[0])
            # That of the index's own state.
            assert filtered(many_postgres, *page) == {"Filter: (id = 1)"}, address
