"""query plans of the portal
├── no statement of any page scans a table that grows with the contracts
├── but those that must read all of it, each with its reason
└── every page, filter and sort is among those asked
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from support.plans import SMALL, counts, listening, scanned

from backend.app import create_app
from backend.core.settings import Settings
from backend.db.session import Database
from backend.web.parameters import ContractChoice
from backend.web.routes import lists, pictures, plain

ONES = {
    "/contracts/{name}": "/contracts/7",
    "/participants/{name}": "/participants/7",
    "/budget/{number}": "/budget/7",
    "/facts/{place}": "/facts/999999-0",
    "/contracts/{name}/timeline.svg": "/contracts/7/timeline.svg",
    "/charts/payments.svg": "/charts/payments.svg?currency=IDR&year=2024",
}
WHOLE = {
    "/": "the sums of all contracts, of all lines and of what was paid in the last months",
    "/data": "how much each year has, which is all there is",
    "/charts/payments.svg": "what was paid in all of a year may be most of what was ever paid",
}
FILTERS: dict[str, list[str]] = {
    "status": ["active"],
    "late": ["yes", "30", "no"],
    "year": ["2024"],
    "least": ["10"],
    "most": ["10"],
    "currency": ["IDR"],
    "buyer": ["7"],
    "supplier": ["8"],
}
SEARCH = "q"
LOOKED_THROUGH = {"participants"}
"""SQLite has no index of text: for a word it reads the names of all participants."""
COUNTED = {"/contracts", "/waiting"}
"""These pages say how many match: to count them all may be read, but not to list them."""
MANY_HERE = {"/waiting": {"agreements"}}
"""A fifth of the made-up contracts waits for the treasury: PostgreSQL rightly reads them all."""
FEW = SMALL | {"batches"}
"""Batches are the latest blocks, which can be taken back."""


def contract_lists() -> Iterator[str]:
    """The list of contracts in each order, and with each filter in two of them."""
    names = set(ContractChoice.model_fields) - {"after", "before", "sort", "order"}
    assert names == {*FILTERS, SEARCH}
    sorts = ("date", "updated", "value", "paid", "title")
    for sort, order in product(sorts, ("asc", "desc")):
        yield f"/contracts?sort={sort}&order={order}"
        yield f"/contracts?sort={sort}&order={order}&{SEARCH}=road"
        yield f"/contracts?sort={sort}&order={order}&{SEARCH}=road+000007"
    for name, values in FILTERS.items():
        for value, order in product(values, ("date&order=desc", "value&order=asc")):
            yield f"/contracts?sort={order}&{name}={value}"


def addresses() -> Iterator[tuple[str, str]]:
    """Each page with an address of it."""
    for route in (*plain.routes, *lists.routes, *pictures.routes):
        path = str(getattr(route, "path", ""))
        if path == "/contracts":
            yield from ((path, address) for address in contract_lists())
        elif path == "/payments":
            yield from (
                (path, f"{path}?{query}") for query in ("", "sort=net", "payee=8", "buyer=7")
            )
        elif path == "/budget":
            yield from ((path, f"{path}?{query}") for query in ("", "year=2024", "buyer=7"))
        else:
            yield path, ONES.get(path, path)


def test_every_statement_of_every_page_uses_an_index(
    many: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = many.url.render_as_string(hide_password=False)
    here = Settings(rpc_url="http://127.0.0.1:1", database_url=url, data_dir=tmp_path)
    application = create_app(here)
    served: Database = application.state.services.database
    wrong: dict[str, set[str]] = {}
    seen: set[str] = set()
    with TestClient(application) as client, listening(served, monkeypatch) as asked:
        for path, address in addresses():
            asked.statements.clear()
            response = client.get(f"/en{address}")
            assert response.status_code in {200, 404}, (address, response.text)
            statements = list(asked.statements)
            assert statements or path in {"/glossary"}, address
            if path in WHOLE:
                continue
            for statement, values in statements:
                if counts(statement) and path in COUNTED:
                    continue
                if statement in seen and many.engine.dialect.name == "sqlite":
                    continue
                seen.add(statement)
                allowed = FEW | MANY_HERE.get(path, set())
                if f"{SEARCH}=" in address and many.engine.dialect.name == "sqlite":
                    allowed = allowed | LOOKED_THROUGH
                if found := scanned(many, statement, values) - allowed:
                    wrong.setdefault(address, set()).update(found)
    assert wrong == {}
