"""Where things are: options before the environment before defaults."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from backend.core.settings import Settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TERMIN_{name.upper()}", raising=False)


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = Settings()
    assert found.rpc_url == "http://127.0.0.1:8545"
    assert found.data_dir == Path(".termin/data")
    assert found.documents_dir == Path(".termin/data/documents")
    assert found.database == f"sqlite:///{tmp_path}/.termin/data/termin.db"
    assert found.api == "http://127.0.0.1:8000"
    assert found.time_zone == "Asia/Jakarta"
    assert found.document_max_bytes == 10 * 1024 * 1024


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_each_is_taken_from_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"time_zone": "America/Monterrey", "log_level": "DEBUG", "log_format": "json"}
    values |= {"trusted_proxies": "127.0.0.1, 10.0.0.0/8"}
    values["ocid_prefix"] = "ocds-213czf"
    values |= {name: "81" for name, field in Settings.model_fields.items() if "int" in str(field)}
    values |= {"rpc_url": "http://node:1", "nodes": "http://node:2"}
    value = values.get(name, f"/some/{name}")
    monkeypatch.setenv(f"TERMIN_{name.upper()}", value)
    found = getattr(Settings(), name)
    assert str(*found if name == "nodes" else [found]) == value


def test_what_is_given_counts_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMIN_RPC_URL", "http://127.0.0.1:1")
    assert Settings(rpc_url="http://127.0.0.1:2").rpc_url == "http://127.0.0.1:2"


@pytest.mark.parametrize(
    ("rpc_url", "nodes", "expected"),
    [
        ("http://a:1", "", ("http://a:1",)),
        ("http://a:1", " , ", ("http://a:1",)),
        ("http://a:1", "https://u:p@b/key", ("http://a:1", "https://u:p@b/key")),
        (
            "http://a:1",
            "http://b:2, http://[::1]:3 ,",
            ("http://a:1", "http://b:2", "http://[::1]:3"),
        ),
        ("http://a:1,http://b:2", "", ("http://a:1", "http://b:2")),
        ("http://a:1 , http://b:2,", "http://c:3", ("http://a:1", "http://b:2", "http://c:3")),
    ],
)
def test_nodes_are_separated_by_commas(
    monkeypatch: pytest.MonkeyPatch, rpc_url: str, nodes: str, expected: tuple[str, ...]
) -> None:
    monkeypatch.setenv("TERMIN_RPC_URL", rpc_url)
    monkeypatch.setenv("TERMIN_NODES", nodes)
    found = Settings()
    assert found.node_urls == expected
    assert (found.rpc_url, *found.nodes) == expected
    assert found.websocket == "ws://a:1"


def test_the_database_and_the_api_as_given() -> None:
    found = Settings(
        database_url="postgresql+psycopg://db/termin", api_url="https://termin.example/base/"
    )
    assert found.database == "postgresql+psycopg://db/termin"
    assert found.api == "https://termin.example/base"
    assert Settings(host="0.0.0.0", port=81).api == "http://0.0.0.0:81"


def test_they_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("port", "0", "greater than or equal to 1"),
        ("port", "65536", "less than or equal to 65535"),
        ("port", "http", "valid integer"),
        ("time_zone", "Jakarta", "a time zone such as Asia/Jakarta"),
        ("time_zone", "", "a time zone such as Asia/Jakarta"),
        ("time_zone", "../etc/passwd", "a time zone such as Asia/Jakarta"),
        ("ocid_prefix", "213czf", "ocds- and six small letters or digits such as ocds-213czf"),
        ("ocid_prefix", "ocds-213CZF", "six small letters or digits"),
        ("ocid_prefix", "ocds-213czf-", "six small letters or digits"),
        ("ocid_prefix", "ocds-213czf\n", "six small letters or digits"),
        ("ocid_prefix", "", "six small letters or digits"),
        ("document_max_bytes", "10 MB", "valid integer"),
        ("rpc_url", "", "the address of a node such as http://127.0.0.1:8545"),
        ("rpc_url", "127.0.0.1:8545", "the address of a node such as"),
        ("rpc_url", "http://", "the address of a node such as"),
        ("rpc_url", "http://a:port", "the address of a node such as"),
        ("rpc_url", "http://a,b", "the address of a node such as"),
        ("rpc_url", "http://a:1,b", "the address of a node such as"),
        ("nodes", "ws://a:1", "the address of a node such as"),
        ("nodes", "http://a:1;http://b:2", "the address of a node such as"),
        ("api_cache_bytes", "-1", "greater than or equal to 0"),
        ("downloads_bytes", "0", "greater than or equal to 1"),
        ("downloads_at_once", "0", "greater than or equal to 1"),
    ],
)
def test_what_cannot_be(
    name: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"TERMIN_{name.upper()}", value)
    with pytest.raises(ValidationError, match=expected):
        Settings()
