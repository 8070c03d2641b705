"""How far a reader of the feed has come, as a text that only the feed reads."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

from backend.queries.errors import InvalidCursorError
from backend.queries.index import IndexState

HASH_DIGITS = 16
"""How much of a block's hash a cursor keeps."""
_FORM = 1
_LARGEST_BLOCK = 2**63 - 1
_LARGEST = 2**31 - 1
"""Of what is counted within a block, and of changes of documents: the columns have 32 bits."""
_HEXADECIMAL = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """The last event that a reader has and the chain had not taken back, by block, log index and
    block hash; and the last change of a document. `block` is -1 before the first event.

    `index` tells indexes of different chains, deployments and versions apart.
    """

    index: str
    block: int
    log_index: int
    block_hash: str
    document: int

    def encode(self) -> str:
        """The text that readers keep."""
        values = [_FORM, self.index, self.block, self.log_index, self.block_hash, self.document]
        text = json.dumps(values, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def start(state: IndexState) -> FeedCursor:
    """The cursor of a reader that has nothing yet."""
    return FeedCursor(index_name(state), -1, 0, "", 0)


def decode_cursor(text: str) -> FeedCursor:
    """The cursor that a reader kept; raises `InvalidCursorError`."""
    try:
        padded = text + "=" * (-len(text) % 4)
        form, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        index, block, log_index, block_hash, document = values
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise _wrong(text) from None
    whole = (
        _is_whole(form, _FORM, _FORM),
        _is_whole(block, -1, _LARGEST_BLOCK),
        _is_whole(log_index, 0, _LARGEST),
        _is_whole(document, 0, _LARGEST),
    )
    if not (all(whole) and _is_digits(index) and _is_digits(block_hash)):
        raise _wrong(text)
    return FeedCursor(index, block, log_index, block_hash, document)


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
