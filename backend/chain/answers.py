"""Answers of JSON-RPC 2.0, of which nothing is believed before it has its shape."""

from __future__ import annotations

from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

_LONGEST_ERROR = 8 * 1024 * 1024

T = TypeVar("T")


class Answer(msgspec.Struct, Generic[T]):
    """The answer to one request. Anything may stand where an error is, and would take up to twenty
    times its length in memory: it stays as it came until somebody asks for it."""

    id: int | float | str | None = None
    result: T | None = None
    error: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def refusal(self) -> Any:
        """The error, or None; of a long one, how long it is."""
        if len(self.error) > _LONGEST_ERROR:
            return f"an error of {len(self.error)} bytes"
        try:
            return msgspec.json.decode(self.error)
        except (ValueError, RecursionError):
            return "an error that cannot be read"


@cache
def answer_type(shape: Any) -> Any:
    """An answer whose result has the shape of a msgspec type."""
    return Answer[shape]


@cache
def batch_type(shape: Any) -> Any:
    """Several of them, or one in place of all."""
    return list[Answer[shape]] | Answer[shape]


@cache
def decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    """Decodes JSON of this shape."""
    return msgspec.json.Decoder(shape)
