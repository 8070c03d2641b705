"""Documents known by their SHA-256: kept whole, salted, erased for good."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import stat
import threading
import time
from pathlib import Path

import pytest
import rfc8785

from backend.core.documents import (
    NO_DOCUMENT,
    DocumentNotKeptError,
    DocumentStore,
    DocumentUnreadableError,
    read_file,
    sha256_of_file,
)

CONTENT = {"type": "participant", "name": "CV Mitra"}


def test_a_document_is_found_by_its_hash(store: DocumentStore) -> None:
    digest = store.write(b"report")
    assert digest == hashlib.sha256(b"report").digest()
    assert store.read(digest) == b"report"
    assert store.path(digest).name == digest.hex()
    assert store.write(b"report") == digest
    assert [each.name for each in store.folder.rglob("*") if each.is_file()] == [digest.hex()]


def test_what_is_not_here(store: DocumentStore) -> None:
    digest = b"\7" * 32
    assert store.read(digest) is None
    assert store.read_json(digest) == {}
    assert store.read_text(digest, "name") == ""
    assert store.read_json(NO_DOCUMENT) == {}
    assert not store.is_erased(digest)


def test_json_is_canonical_and_salted(store: DocumentStore) -> None:
    digest = store.write_json(CONTENT)
    content = store.read(digest)
    assert content is not None
    found = json.loads(content)
    assert content == rfc8785.dumps(found)
    salt = found.pop("salt")
    assert len(bytes.fromhex(salt)) == 16
    assert found == CONTENT
    assert store.read_json(digest) == {**CONTENT, "salt": salt}


def test_the_same_content_has_one_hash_here_and_another_elsewhere(
    store: DocumentStore, tmp_path: Path
) -> None:
    digest = store.write_json(CONTENT)
    assert store.write_json(dict(reversed(CONTENT.items()))) == digest
    assert DocumentStore(store.folder).write_json(CONTENT) == digest
    assert DocumentStore(tmp_path / "other").write_json(CONTENT) != digest
    assert store.write_json({**CONTENT, "name": "CV Mitr"}) != digest
    assert digest != hashlib.sha256(rfc8785.dumps(CONTENT)).digest()


def test_the_salt_is_secret(store: DocumentStore) -> None:
    store.write_json(CONTENT)
    secret = store.folder / "salt"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(secret.read_bytes()) == 32


def test_many_at_once_agree_on_one_salt(
    store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[bytes] = []
    made = secrets.token_bytes

    def slowly(length: int) -> bytes:
        time.sleep(0.02)
        return made(length)

    monkeypatch.setattr(secrets, "token_bytes", slowly)
    threads = [
        threading.Thread(
            target=lambda: found.append(DocumentStore(store.folder).write_json(CONTENT))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {store.write_json(CONTENT)}
    assert not list(store.folder.rglob("*.part"))


def test_what_is_erased_is_gone_and_not_taken_in_again(store: DocumentStore) -> None:
    digest = store.write_json(CONTENT)
    store.erase(digest)
    assert store.is_erased(digest)
    assert store.read(digest) is None
    assert store.write_json(CONTENT) == digest
    assert store.read(digest) is None
    store.erase(digest)
    assert store.is_erased(digest)
    left = b"".join(each.read_bytes() for each in store.folder.rglob("*") if each.is_file())
    assert b"Mitra" not in left


def test_what_was_never_here_can_be_erased_before_it_comes(store: DocumentStore) -> None:
    digest = hashlib.sha256(b"late").digest()
    store.erase(digest)
    store.write(b"late")
    assert store.read(digest) is None


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"[1]", b'"text"', b"\xff\xfe", b"{", b"7"])
def test_what_is_no_json_object_reads_as_empty(store: DocumentStore, content: bytes) -> None:
    digest = store.write(content)
    assert store.read(digest) == content
    assert store.read_json(digest) == {}
    assert store.read_text(digest, "name") == ""


def test_a_folder_in_its_place_is_told_of_once(
    store: DocumentStore, caplog: pytest.LogCaptureFixture
) -> None:
    digest = hashlib.sha256(b"report").digest()
    store.path(digest).mkdir(parents=True)
    for _ in range(3):
        assert store.read(digest) is None
    assert DocumentStore(store.folder).read_json(digest) == {}
    assert caplog.messages == [
        f"{store.path(digest)} cannot be read and counts as missing: Is a directory"
    ]


def test_what_is_written_again_takes_the_place_of_what_is_damaged(store: DocumentStore) -> None:
    digest = store.write(b"report")
    store.path(digest).write_bytes(b"rep")
    assert store.write(b"report") == digest
    assert store.read(digest) == b"report"


def test_what_cannot_be_written_is_not_said_to_be(store: DocumentStore) -> None:
    store.path(hashlib.sha256(b"report").digest()).mkdir(parents=True)
    with pytest.raises(DocumentNotKeptError) as caught:
        store.write(b"report")
    assert caught.value.detail == "The document cannot be kept here: Is a directory."
    assert caught.value.status == 503
    assert list(store.folder.rglob("*.part")) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ELOOP])
def test_what_cannot_be_read_counts_as_missing(
    store: DocumentStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    number: int,
) -> None:
    kept = [store.write(content) for content in (b"one", b"other")]

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr("builtins.open", refuse)
        assert [store.read(digest) for digest in kept * 2] == [None] * 4
    assert [store.read(digest) for digest in kept] == [b"one", b"other"]
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("WARNING", f"{path} cannot be read and counts as missing: {os.strerror(number)}")
        for path in map(store.path, kept)
    ]


def test_json_nested_too_deep_reads_as_empty(store: DocumentStore) -> None:
    assert store.read_json(store.write(b"[" * 100_000)) == {}
    assert store.read_json(store.write(b'{"a":' * 100_000)) == {}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("CV Mitra", "CV Mitra"),
        (" two\n lines\t", "two lines"),
        ("\x1b[31mred\x1b[0m\x07", "[31mred[0m"),
        ("\u202eabc\u2066", "abc"),
        ("Ünïcode 日本 🏗", "Ünïcode 日本 🏗"),
        ("\ud800half", "half"),
        (7, ""),
        (None, ""),
        (["x"], ""),
    ],
)
def test_a_text_is_fit_for_a_terminal(store: DocumentStore, value: object, text: str) -> None:
    digest = store.write(json.dumps({"name": value}).encode())
    assert store.read_text(digest, "name") == text


def test_no_half_documents_are_left(store: DocumentStore) -> None:
    for number in range(20):
        store.write(b"%d" % number)
    assert list(store.folder.rglob("*.part")) == []


def test_files_are_hashed_as_sha256sum_does(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"x" * 3_000_000)
    assert sha256_of_file(path) == hashlib.sha256(b"x" * 3_000_000).digest()
    assert read_file(path) == b"x" * 3_000_000


@pytest.mark.parametrize("read", [sha256_of_file, read_file])
def test_files_that_cannot_be_read(tmp_path: Path, read: object) -> None:
    for path, why in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(DocumentUnreadableError) as caught:
            read(path)  # type: ignore[operator]
        assert caught.value.detail.startswith(f"{path}: {why}")
