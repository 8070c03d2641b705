"""Text as it is searched, sorted and stored."""

from __future__ import annotations

import re
import unicodedata

from backend.db.types import SORTED_LENGTH

LIKE_ESCAPE = "\\"

# Escapes of JSON, each in whole; a half that has no other half next to it is the group.
_ESCAPES = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F]..)|.)")


def fold(text: str) -> str:
    """`text` without case and accents, so that "josé" finds "José" and "JOSE"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def sort_key(text: str) -> str:
    """What a text is sorted by."""
    return fold(text).strip()[:SORTED_LENGTH]


def storable(text: str) -> str:
    """`text` without what a database cannot hold: NUL and halves of surrogate pairs."""
    whole = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return whole.replace("\0", "\\x00")


def storable_json(text: str) -> str:
    """JSON without what no answer can hold: halves of surrogate pairs, as `storable` writes them.

    NUL stays an escape, as it is in answers.
    """
    return _ESCAPES.sub(_without_half, text) if "\\u" in text else text


def _without_half(escape: re.Match[str]) -> str:
    half = escape[1]
    return f"\\\\{half.lower()}" if half else escape[0]


def like_pattern(word: str) -> str:
    """A LIKE pattern, to be used with `LIKE_ESCAPE`, for folded text that contains `word`."""
    escaped = fold(word)
    for special in (LIKE_ESCAPE, "%", "_"):
        escaped = escaped.replace(special, LIKE_ESCAPE + special)
    return f"%{escaped}%"
