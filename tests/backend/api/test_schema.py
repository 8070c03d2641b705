"""the OpenAPI description
├── is what the server does, whatever it is asked: schemathesis, on both databases
│   ├── no 500, no status, header, type or body that is not described
│   └── what the description does not allow is refused
├── every operation says what can become of a request
└── TERMIN_CASES says how many cases in all, of each database (`make fuzz`: 10,000)
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from support.node import free_port
from support.story import Story

from backend.api.application import create_api
from backend.api.services import Services
from backend.app import create_app
from backend.cli.server import serving
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import index_once

CASES = int(os.environ.get("TERMIN_CASES", "92"))
DESCRIPTION = create_api(Services(Settings())).openapi()
OPERATIONS = [
    (path, method.upper()) for path, item in DESCRIPTION["paths"].items() for method in item
]
PATIENCE_SECONDS = 60
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served(
    request: pytest.FixtureRequest, story: Story, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of a server on the story, without limits."""
    folder = tmp_path_factory.mktemp("schema")
    database = Database(f"sqlite:///{folder / 'termin.db'}")
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        database = Database(f"{server}/postgres")
    index_once(database, story.rpc, story.world.deployment, story.store)
    (folder / "documents").symlink_to(story.store.folder)
    here = Settings(
        rpc_url=story.rpc.url,
        database_url=database.url.render_as_string(hide_password=False),
        data_dir=folder,
        api_requests_per_minute=0,
    )
    port = free_port()
    with serving(create_app(here), "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"
    database.close()


@pytest.fixture(scope="module")
def described(served: str) -> Any:
    """The description as the server gives it."""
    return schemathesis.openapi.from_url(f"{served}/api/v1/openapi.json")


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_the_server_does_what_is_described(described: Any, path: str, method: str) -> None:
    operation = described[path][method]
    kinds = [operation.as_strategy(generation_mode=GenerationMode.POSITIVE)]
    if list(operation.iter_parameters()):
        kinds.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))

    @settings(
        max_examples=-(-CASES // len(OPERATIONS)),
        phases=[Phase.explicit, Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(kinds))
    def ask(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, timeout=PATIENCE_SECONDS)

    ask()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_says_what_can_become_of_a_request(path: str, method: str) -> None:
    operation = DESCRIPTION["paths"][path][method.lower()]
    statuses = set(operation["responses"])
    watching = path in {"/healthz", "/readyz"}
    assert {"422", "500", "503"} <= statuses
    assert ("429" in statuses) != watching
    assert ("304" in statuses) == (method == "GET" and not watching and path != "/feed")
    for status, answer in operation["responses"].items():
        assert "X-Request-Id" in answer["headers"]
        if status in {"404", "422", "429", "500"}:
            schema = answer["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}
    if "429" in statuses:
        expected = {"X-Request-Id", "Retry-After", "RateLimit-Policy", "RateLimit"}
        assert set(operation["responses"]["429"]["headers"]) == expected
    for parameter in operation.get("parameters", []):
        assert parameter["description"], parameter["name"]


def test_the_description_is_served_as_it_is(served: str) -> None:
    found = httpx.get(f"{served}/api/v1/openapi.json").json()
    assert found["paths"] == DESCRIPTION["paths"]
    assert found["servers"] == [{"url": "/api/v1"}]
