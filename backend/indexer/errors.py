"""What can be wrong between index and chain."""

from __future__ import annotations

from backend.core.errors import AppError

_REBUILD = "Run `termin index --rebuild` to drop the index and build it again from the chain."


class IndexMismatchError(AppError):
    """The index was built from another chain, or the chain has changed below it.

    What is served may not be what the chain says, so nothing is added until it is rebuilt.
    """

    status = 503
    title = "The index does not fit the chain"

    def __init__(self, fact: str, *, advice: str = _REBUILD) -> None:
        super().__init__(f"{fact} {advice}")


class IndexOutdatedError(IndexMismatchError):
    """The index was made by another version of the program; it is to be built anew."""


class ChainInconsistentError(AppError):
    """The node's answers do not belong together, as happens while its chain reorganises."""

    status = 502
    title = "The node contradicts itself"


class NodeBehindError(ChainInconsistentError):
    """The node lacks blocks that the index has seen: it lags, or keeps no old ones."""

    title = "The node is behind"
