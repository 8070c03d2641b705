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
    values |= {name: "81" for name, field in Settings.model_fields.items() if "int" in str(field)}
    value = values.get(name, f"/some/{name}")
    monkeypatch.setenv(f"TERMIN_{name.upper()}", value)
    assert str(getattr(Settings(), name)) == value


def test_what_is_given_counts_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMIN_RPC_URL", "http://127.0.0.1:1")
    assert Settings(rpc_url="http://127.0.0.1:2").rpc_url == "http://127.0.0.1:2"


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
        ("document_max_bytes", "10 MB", "valid integer"),
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
