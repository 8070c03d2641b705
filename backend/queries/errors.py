"""What a question can be wrong about."""

from __future__ import annotations

from backend.core.errors import AppError


class NotFoundError(AppError):
    """The index has nothing by this name."""

    status = 404
    title = "Not found"


class IndexEmptyError(AppError):
    """There are tables, but no block has been indexed yet."""

    status = 503
    title = "The index is empty"


class InvalidCursorError(AppError):
    """`after` is not the end of a page of this list in this order."""

    status = 422
    title = "Not a page of this list"
