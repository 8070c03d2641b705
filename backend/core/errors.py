"""The one kind of error that a user is meant to read."""

from __future__ import annotations

from typing import ClassVar


class AppError(Exception):
    """Something that a user can understand and act on.

    `status` is the HTTP status and `title` the short name of the kind, both set by the subclass;
    `detail` is one sentence with the values at hand. Each surface renders these three.
    """

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Unexpected error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
