"""What a document is, by its first bytes."""

from __future__ import annotations

import json
from typing import Any, NoReturn

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


def parse_object(content: bytes | str) -> dict[str, Any] | None:
    """The JSON object that `content` is; None if it is anything else."""
    try:
        value = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
