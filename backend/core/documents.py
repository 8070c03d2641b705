"""Documents known by their SHA-256: names, titles, evidence, reasons.

The chain holds the hash only.
JSON documents are canonical (RFC 8785) and carry a salt, so that a hash does not give away what
a document says once the document is erased.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import rfc8785

from backend.core.errors import AppError
from backend.core.objects import parse_object

logger = logging.getLogger(__name__)

NO_DOCUMENT = b"\0" * 32
TOMBSTONE_SUFFIX = ".erased"


class DocumentNotKeptError(AppError):
    """The disk does not take a document."""

    status = 503
    title = "The document was not kept"


class DocumentUnreadableError(AppError):
    """A file cannot be read."""

    status = 422
    title = "The document cannot be read"


def read_file(path: Path) -> bytes:
    """The content of a file; raises `DocumentUnreadableError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DocumentUnreadableError(f"{path}: {error.strerror}") from error


def sha256_of_file(path: Path) -> bytes:
    """Hash a file as `sha256sum` does; raises `DocumentUnreadableError`."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise DocumentUnreadableError(f"{path}: {error.strerror}") from error


class DocumentStore:
    """A folder with one file for each document, named by its hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root = str(folder)

    def path(self, digest: bytes) -> Path:
        """Where a document lies, or would lie."""
        name = digest.hex()
        return self.folder / name[:2] / name

    def write(self, content: bytes) -> bytes:
        """Keep a document and return its hash. Writing it again changes nothing.

        Raises `DocumentNotKeptError`, and keeps nothing, where the disk does not take it.
        """
        digest = hashlib.sha256(content).digest()
        path = self.path(digest)
        if self.is_erased(digest) or self.read(digest) == content:
            return digest
        # A reader must never meet half a document.
        partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(content)
            partial.replace(path)
        except OSError as error:
            with suppress(OSError):
                partial.unlink()
            why = error.strerror or str(error)
            raise DocumentNotKeptError(f"The document cannot be kept here: {why}.") from error
        return digest

    def write_json(self, content: dict[str, Any]) -> bytes:
        """Keep a JSON document, canonical and salted, and return its hash.

        The salt follows from the content and a secret of this store: the same content has the
        same hash here, and another hash in another store.
        """
        salt = hmac.new(self._secret(), rfc8785.dumps(content), hashlib.sha256).hexdigest()[:32]
        return self.write(rfc8785.dumps(content | {"salt": salt}))

    def read(self, digest: bytes) -> bytes | None:
        """The document; None if it is missing or erased, or cannot be read, which is told once."""
        # The index asks for each document that the chain names: `Path` would take most of the time.
        # Most are of others, who keep them elsewhere, and to raise takes longer than to look.
        name = self._name(digest)
        if not _exists(name):
            return None
        try:
            with open(name, "rb") as file:  # noqa: PTH123
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            # One file must not hold up the index, which looks at it again and again.
            _tell_unreadable(name, error.strerror or str(error))
            return None

    def read_json(self, digest: bytes) -> dict[str, Any]:
        """The JSON document; empty if it is missing, erased or not a JSON object."""
        content = self.read(digest) if digest != NO_DOCUMENT else None
        return parse_object(content or b"") or {}

    def read_text(self, digest: bytes, field: str) -> str:
        """A text of a JSON document, on one line and fit for a terminal; empty if there is none."""
        value = self.read_json(digest).get(field)
        text = " ".join(value.split()) if isinstance(value, str) else ""
        return "".join(character for character in text if character.isprintable())

    def erase(self, digest: bytes) -> None:
        """Remove what a document says and leave a tombstone, so that it is not taken in again."""
        tombstone = self._tombstone(digest)
        tombstone.parent.mkdir(parents=True, exist_ok=True)
        tombstone.touch()
        self.path(digest).unlink(missing_ok=True)

    def is_erased(self, digest: bytes) -> bool:
        """Whether the document was here and had to be removed."""
        return _exists(self._name(digest) + TOMBSTONE_SUFFIX)

    def _name(self, digest: bytes) -> str:
        name = digest.hex()
        return f"{self._root}/{name[:2]}/{name}"

    def _tombstone(self, digest: bytes) -> Path:
        path = self.path(digest)
        return path.with_name(path.name + TOMBSTONE_SUFFIX)

    def _secret(self) -> bytes:
        path = self.folder / "salt"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            self.folder.mkdir(parents=True, exist_ok=True)
        # Made whole before it has its name: who finds it never finds a part of it.
        partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(partial, path)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
        return path.read_bytes()


@cache
def _tell_unreadable(name: str, why: str) -> None:
    logger.warning("%s cannot be read and counts as missing: %s", name, why)


def _exists(name: str) -> bool:
    # `os.path.exists` raises within itself for what is not there.
    return os.access(name, os.F_OK)
