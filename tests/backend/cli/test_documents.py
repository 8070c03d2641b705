"""`termin document`: brought to a portal that serves, and erased."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from support.node import free_port

from backend.app import create_app
from backend.cli.server import serving
from backend.core.documents import DocumentStore
from backend.core.settings import Settings

from .conftest import Termin


@pytest.fixture
def portal(signed: Termin, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A portal that knows the city's chain and has documents of its own."""
    port = free_port()
    report = signed.folder / "report.pdf"
    report.write_bytes(b"%PDF-1.7\nreport\n%%EOF\n")
    signed.act("mitra", "milestone", "submit", "1", "--evidence", str(report))
    folder = signed.folder / "portal"
    signed.ok("index", "--once", "--database-url", f"sqlite:///{folder / 'termin.db'}")
    settings = Settings(data_dir=folder, rpc_url=signed.rpc.url, database_url="")
    url = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("TERMIN_API_URL", url)
    with serving(create_app(settings), "127.0.0.1", port):
        yield url


def test_evidence_is_published_and_erased(portal: str, signed: Termin) -> None:
    report = signed.folder / "report.pdf"
    digest = sha256(report.read_bytes()).hexdigest()
    url = f"{portal}/api/v1/documents/{digest}"
    assert httpx.get(url).status_code == 404
    assert signed.ok("document", "publish", str(report)).out == f"Published as {url}\n"
    found = httpx.get(url)
    assert (found.status_code, found.content) == (200, report.read_bytes())
    assert found.headers["content-type"] == "application/pdf"
    signed.ok("document", "publish", str(report))

    store = ("--data-dir", str(signed.folder / "portal"))
    said = signed.ok("document", "erase", digest, *store)
    assert said.out == f"Erased {digest}\n"
    assert httpx.get(url).status_code == 410
    title, sentence = signed.refused("document", "publish", str(report))
    assert title == "The document was not taken."
    assert "was removed and is not taken in again" in sentence


def test_what_the_chain_does_not_name_is_not_taken(portal: str, signed: Termin) -> None:
    other = signed.folder / "other.json"
    other.write_text(json.dumps({"a": 1}))
    title, sentence = signed.refused("document", "publish", str(other))
    digest = sha256(other.read_bytes()).hexdigest()
    assert title == "The document was not taken."
    assert sentence.startswith(f"{portal}/api/v1/documents/{digest}: 404 ")


def test_the_portal_is_not_there(signed: Termin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMIN_API_URL", f"http://127.0.0.1:{free_port()}")
    title, sentence = signed.refused("document", "publish", str(signed.folder / "report.pdf"))
    assert title == "The document was not taken."
    assert "ConnectError" in sentence


def test_a_file_that_cannot_be_read(termin: Termin, tmp_path: Path) -> None:
    assert termin.refused("document", "publish", str(tmp_path / "none.pdf")) == (
        "The document cannot be read.",
        f"{tmp_path / 'none.pdf'}: No such file or directory",
    )


def test_what_is_no_hash_erases_nothing(termin: Termin) -> None:
    for digest in ("", "ab", "g" * 64, "../" * 22, "a" * 65, "0x" + "a" * 62):
        title, sentence = termin.refused("document", "erase", digest)
        assert title == "Not the hash of a document."
        assert sentence.endswith("expected the 64 hexadecimal digits of a SHA-256")
    assert not (termin.folder / "data" / "documents").exists()


def test_erasing_leaves_a_tombstone(termin: Termin) -> None:
    store = DocumentStore(termin.folder / "data" / "documents")
    digest = store.write(b"private")
    termin.ok("document", "erase", digest.hex().upper())
    assert store.is_erased(digest)
    assert store.read(digest) is None
