"""Answers that are all contracts, made while they are sent."""

from __future__ import annotations

from backend.core.errors import AppError

STREAMS = 8
"""How many are sent at once: each keeps a connection to the database until its reader has it."""


class StreamsBusyError(AppError):
    """As many readers take in all records as may at once."""

    status = 503
    title = "Other readers take in all records"


def streams_busy(taken: int, whose: str) -> StreamsBusyError:
    """The error where so many do already."""
    return StreamsBusyError(
        f"{taken} readers take in all records {whose}, and no more may. Try again in a minute, "
        "take them page by page, or as a file from /api/v1/downloads."
    )
