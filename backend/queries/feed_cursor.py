"""How far a reader of the feed has come, as a text that only the feed reads."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import astuple, dataclass

from backend.queries.errors import InvalidCursorError
from backend.queries.index import IndexState

HASH_DIGITS = 16
"""How much of a block's hash a cursor keeps."""
UNKNOWN = -1
"""Stands for the number of a reorganisation that another database has counted."""
_FORM_BEFORE, _FORM = 1, 2
_TAG_DIGITS = 8
_LARGEST_BLOCK = 2**63 - 1
_LARGEST = 2**31 - 1
"""Of what is counted within a block, of reorganisations, and of changes of documents: the columns
have 32 bits."""
_HEXADECIMAL = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """The last event that a reader has and the chain had not taken back, by block, log index and
    block hash. `block` is -1 before the first event.

    `reorganization` is the last one that there was then, and `document` the last change of a
    document that was told: each with a tag of its row, since each database counts its own.
    `index` tells indexes of different chains, deployments and versions apart.
    """

    index: str
    block: int
    log_index: int
    block_hash: str
    reorganization: int = 0
    reorganization_tag: str = ""
    document: int = 0
    document_tag: str = ""

    def encode(self) -> str:
        """The text that readers keep."""
        text = json.dumps([_FORM, *astuple(self)], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def start(state: IndexState) -> FeedCursor:
    """The cursor of a reader that has nothing yet."""
    return FeedCursor(index_name(state), -1, 0, "")


def decode_cursor(text: str) -> FeedCursor:
    """The cursor that a reader kept; raises `InvalidCursorError`."""
    try:
        padded = text + "=" * (-len(text) % 4)
        form, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if form == _FORM_BEFORE:
            # It does not say enough: it leads nowhere, as that of another version.
            return FeedCursor("", -1, 0, "")
        index, block, log_index, block_hash, reorganization, seen, document, told = values
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise _wrong(text) from None
    whole = (
        _is_whole(form, _FORM, _FORM),
        _is_whole(block, -1, _LARGEST_BLOCK),
        _is_whole(log_index, 0, _LARGEST),
        _is_whole(reorganization, UNKNOWN, _LARGEST),
        _is_whole(document, 0, _LARGEST),
    )
    if not (all(whole) and all(map(_is_digits, (index, block_hash, seen, told)))):
        raise _wrong(text)
    return FeedCursor(index, block, log_index, block_hash, reorganization, seen, document, told)


def tag(*values: object) -> str:
    """What tells a row from that of the same number in another database."""
    return hashlib.sha256("/".join(map(str, values)).encode()).hexdigest()[:_TAG_DIGITS]


def index_name(state: IndexState) -> str:
    """What tells an index from those of other chains, deployments and versions."""
    parts = (state.chain_id, state.genesis_hash, state.factory, state.projection_version)
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:HASH_DIGITS]


def _is_whole(value: object, least: int, largest: int) -> bool:
    # True is an int besides.
    return type(value) is int and least <= value <= largest


def _is_digits(value: object) -> bool:
    return isinstance(value, str) and len(value) <= HASH_DIGITS and set(value) <= _HEXADECIMAL


def _wrong(text: str) -> InvalidCursorError:
    return InvalidCursorError(
        f"{text!r:.60} is no cursor of the feed; expected `next` of an answer or `cursor` of an "
        "item, or nothing to begin at the start."
    )
