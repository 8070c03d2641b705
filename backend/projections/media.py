"""What a document is, by its first bytes."""

from __future__ import annotations

from backend.core.objects import parse_object

JSON = "application/json"

_SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}

MEDIA_TYPES = (JSON, *_SIGNATURES.values())
"""The types that the document store takes."""


def media_type(content: bytes) -> str | None:
    """One of `MEDIA_TYPES`, or None."""
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            return kind
    return JSON if parse_object(content) is not None else None
