"""Documents that the chain names by their hash."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.db.models import Document
from backend.queries.errors import NotFoundError
from backend.queries.values import Source, made_by, when


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document; `state` is "missing", "present" or "erased", `content` what a JSON one says."""

    hash: str
    kind: str
    state: str
    media_type: str | None
    size: int | None
    content: dict[str, Any]
    anchored_at: datetime
    source: Source


def find_document(session: Session, digest: str) -> DocumentRow:
    """The document with this SHA-256, with or without 0x; raises `NotFoundError`."""
    plain = digest.lower().removeprefix("0x")
    known = re.fullmatch(r"[0-9a-f]{64}", plain) is not None
    row = session.get(Document, f"0x{plain}") if known else None
    if row is None:
        raise NotFoundError(f"The chain names no document {digest!r:.80}.")
    return DocumentRow(
        hash=row.hash,
        kind=row.kind,
        state=row.state,
        media_type=row.media_type,
        size=row.size,
        content=json.loads(row.text) if row.text else {},
        anchored_at=when(row.anchored_at),
        source=made_by(row),
    )


def content_of(row: Document | None) -> dict[str, Any]:
    """What a JSON document says; empty if it is missing, erased, or no JSON object."""
    return dict(json.loads(row.text)) if row is not None and row.text else {}
