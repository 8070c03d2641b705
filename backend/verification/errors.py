"""Why nothing can be compared."""

from __future__ import annotations

from backend.core.errors import AppError


class NotComparableError(AppError):
    """The node has another chain than the index was made from, or does not tell it whole."""

    status = 409
    title = "Index and chain cannot be compared"


class AgreementUnknownError(AppError):
    """The chain has no agreement of this number."""

    status = 404
    title = "No such agreement"
