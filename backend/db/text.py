"""Text as it is searched, sorted and stored."""

from __future__ import annotations

import unicodedata

from backend.db.types import SORTED_LENGTH

LIKE_ESCAPE = "\\"


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


def like_pattern(word: str) -> str:
    """A LIKE pattern, to be used with `LIKE_ESCAPE`, for folded text that contains `word`."""
    escaped = fold(word)
    for special in (LIKE_ESCAPE, "%", "_"):
        escaped = escaped.replace(special, LIKE_ESCAPE + special)
    return f"%{escaped}%"
