"""Whether what a node tells of blocks is borne out by their headers, and these by each other.

All raise `ChainInconsistentError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import to_builtins

from backend.chain.blooms import bloom_of
from backend.chain.headers import BlockMismatchError, Header, RawBlock
from backend.chain.logs import Log
from backend.chain.receipts import logs_of, require_receipts
from backend.indexer.errors import ChainInconsistentError

_TOLD = ("topics", "data", "transactionHash", "transactionIndex")


def require_following(headers: Sequence[Header], parent_hash: str | None) -> None:
    """Each block names the one before."""
    for header in headers:
        if parent_hash is not None and header.parent_hash != parent_hash:
            raise ChainInconsistentError(
                f"Block {header.number} does not follow {parent_hash}, but {header.parent_hash}."
            )
        parent_hash = header.hash


def require_logs(header: Header, logs: Sequence[Log]) -> None:
    """The logs are those of this block, and of the whole block as far as its filter tells."""
    for index, log in enumerate(logs):
        if log.block_hash != header.hash or log.removed:
            raise ChainInconsistentError(
                f"Block {header.number} is {header.hash}, its log {index} is of {log.block_hash}."
            )
        if int(log.log_index, 16) != index:
            raise ChainInconsistentError(
                f"Block {header.number}: log {index} expected, found {int(log.log_index, 16)}."
            )
    if bloom_of(logs) != header.bloom:
        raise ChainInconsistentError(
            f"Block {header.number}: the {len(logs)} logs that the node told are not those that "
            "its header was made from."
        )


def require_block(header: Header, raw: Any, receipts: Any, logs: Sequence[Log]) -> None:
    """The logs are those of the block's receipts, and these are those of its header."""
    if not isinstance(raw, RawBlock) or raw.hash != header.hash:
        raise ChainInconsistentError(f"Block {header.number} changed while it was read.")
    if not isinstance(receipts, list):
        raise ChainInconsistentError(f"The node tells no receipts of block {header.number}.")
    try:
        require_receipts(to_builtins(raw), receipts)
    except BlockMismatchError as error:
        raise ChainInconsistentError(error.detail) from error
    real = [(log["address"].lower(), *[log[name] for name in _TOLD]) for log in logs_of(receipts)]
    if [_told(log) for log in logs] != real:
        raise ChainInconsistentError(
            f"Block {header.number} has {len(real)} logs by its receipts, and the node told "
            f"{len(logs)}, or others."
        )


def _told(log: Log) -> tuple[Any, ...]:
    """What receipts tell as well."""
    address = log.address.lower()
    return address, log.topics, log.data, log.transaction_hash, log.transaction_index
