"""`termin document`: bring documents to the portal, or erase them here."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from backend.cli.options import located
from backend.core.documents import DocumentStore, read_file
from backend.core.errors import AppError
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)

SHA256 = re.compile("[0-9a-fA-F]{64}")
MEDIA_TYPES = {
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}


class NotTakenError(AppError):
    """The portal did not take a document."""

    status = 502
    title = "The document was not taken"


class NotADigestError(AppError):
    """What was typed is not a hash."""

    status = 422
    title = "Not the hash of a document"


@app.command()
@located
def publish(
    settings: Settings,
    file: Annotated[Path, typer.Argument(help="JSON, PDF, JPEG or PNG.")],
) -> None:
    """Bring a document whose hash stands on the chain to the portal, for everybody to read.

    Example: `termin document publish report.pdf`
    """
    content = read_file(file)
    digest = hashlib.sha256(content).hexdigest()
    url = f"{settings.api}/api/v1/documents/{digest}"
    kind = MEDIA_TYPES.get(file.suffix.lower(), "application/json")
    try:
        answer = httpx.put(url, content=content, headers={"Content-Type": kind}, timeout=60)
    except httpx.HTTPError as error:
        raise NotTakenError(f"{url}: {error!r}") from error
    if not answer.is_success:
        raise NotTakenError(f"{url}: {answer.status_code} {answer.text:.300}")
    Console(soft_wrap=True, highlight=False).print(f"Published as {url}")


@app.command()
@located
def erase(
    settings: Settings,
    digest: Annotated[str, typer.Argument(help="SHA-256 of the document.")],
) -> None:
    """Remove a document from the store in the data folder, and leave a tombstone.

    Example: `termin document erase $(sha256sum report.pdf | cut -c1-64)`
    """
    if not SHA256.fullmatch(digest):
        raise NotADigestError(f"{digest!r:.80}: expected the 64 hexadecimal digits of a SHA-256")
    DocumentStore(settings.documents_dir).erase(bytes.fromhex(digest))
    Console(soft_wrap=True, highlight=False).print(f"Erased {digest}")
