"""JSON-RPC over HTTP to one Ethereum node."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from itertools import count
from typing import Any, Generic, Self, TypeVar

import msgspec
from urllib3 import BaseHTTPResponse

from backend.chain.transport import HTTPError, Transport
from backend.core.errors import AppError

TIMEOUT_SECONDS = 30.0
LONGEST_PATIENCE_SECONDS = 300.0
"""A node that asks for more is asked again after this; clocks do not take every number."""
LARGEST_ANSWER = 128 * 1024 * 1024
"""Bytes of one answer; whoever asks for more has to ask for less at a time."""

METHOD_NOT_FOUND = -32601

T = TypeVar("T")


class NodeUnreachableError(AppError):
    """No node answered at the address, or not in a way that can be used."""

    status = 503
    title = "The chain cannot be reached"


class NodeBusyError(NodeUnreachableError):
    """The node asks for patience; `retry_after` is for how many seconds, as it says."""

    title = "The node is busy"

    def __init__(self, detail: str, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class NodeRefusedError(AppError):
    """The node answered with an error.

    `code` and `message` are the node's own; `data` is what a reverted call returned, or empty.
    """

    status = 502
    title = "The node refused the request"

    def __init__(self, method: str, error: Any) -> None:
        found = error if isinstance(error, dict) else {"message": error}
        code = found.get("code")
        self.code = code if isinstance(code, int) else 0
        self.message = str(found.get("message", ""))
        self.data = _bytes(found.get("data"))
        super().__init__(f"{method}: {self.message} (code {self.code})")


class _Answer(msgspec.Struct, Generic[T]):
    id: Any = None
    result: T | None = None
    error: Any = None


class Rpc:
    """A connection that stays open between requests.

    Raises `NodeUnreachableError` when nobody answers or the answer has not the shape that was
    expected, and `NodeRefusedError` when the node says no.
    """

    def __init__(self, url: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self.url = url
        self._transport = Transport(url, timeout)
        self._ids = count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def call(self, method: str, *params: Any) -> Any:
        """Send one request and return its result."""
        return self.call_as(Any, method, *params)

    def call_as(self, shape: Any, method: str, *params: Any) -> Any:
        """Send one request and return its result, which must have the shape of a msgspec type."""
        return self.call_within(LARGEST_ANSWER, shape, method, *params)

    def call_within(self, most: int, shape: Any, method: str, *params: Any) -> Any:
        """Do so; an answer of more than `most` bytes is taken for a refusal."""
        request = self._request(method, params)
        found = self._post(request, _answer_type(shape), most)
        return _result(method, found)

    def batch(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Send many requests at once and return their results in the order of the calls.

        The node may execute them in any order.
        """
        return self.batch_as(Any, calls)

    def batch_as(self, shape: Any, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Do so where each result must have the shape of a msgspec type."""
        answers = self._batch(shape, calls)
        return [_result(call[0], answer) for call, answer in zip(calls, answers, strict=True)]

    def batch_leniently(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Do so with None for what the node refuses."""
        return [answer.result for answer in self._batch(Any, calls)]

    def _batch(self, shape: Any, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[_Answer[Any]]:
        if not calls:
            return []
        requests = [self._request(method, params) for method, params in calls]
        found = self._post(requests, _batch_type(shape), LARGEST_ANSWER)
        if isinstance(found, _Answer):
            _result("batch", found)
            raise NodeRefusedError("batch", {"message": "expected a list, found one answer"})
        by_id = {answer.id: answer for answer in found if isinstance(answer.id, int)}
        try:
            return [by_id[request["id"]] for request in requests]
        except KeyError:
            raise self._unusable(
                f"{len(requests)} answers expected in the batch, found {len(by_id)}"
            ) from None

    def _request(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}

    def _post(self, body: Any, shape: Any, most: int) -> Any:
        try:
            content = self._send(msgspec.json.encode(body), most)
            return _decoder(shape).decode(content)
        except (HTTPError, OSError, ValueError) as error:
            raise self._unusable(repr(error)) from error

    def _unusable(self, what: str) -> NodeUnreachableError:
        return NodeUnreachableError(
            f"No usable answer from the node at {self.url}: {what}. "
            "Is the chain running (`termin chain`), and is --rpc-url right?"
        )

    def _send(self, body: bytes, most: int) -> bytes | bytearray:
        with self._transport.post(body) as response:
            self._require_patience(response)
            if response.status // 100 != 2:
                raise HTTPError(f"{response.status} {response.reason}")
            content = bytearray()
            for chunk in response.stream(decode_content=True):
                content += chunk
                if len(content) > most:
                    message = f"the answer has more than {most} bytes"
                    raise NodeRefusedError("answer", {"code": -32005, "message": message})
            return content

    def _require_patience(self, response: BaseHTTPResponse) -> None:
        wait = response.headers.get("retry-after", "")
        if response.status == HTTPStatus.TOO_MANY_REQUESTS or (
            response.status == HTTPStatus.SERVICE_UNAVAILABLE and wait
        ):
            seconds = min(float(wait), LONGEST_PATIENCE_SECONDS) if wait.isdecimal() else 0.0
            raise NodeBusyError(
                f"No usable answer from the node at {self.url}: {response.status}, "
                f"Retry-After: {wait or 'not said'}.",
                seconds,
            )


@cache
def _answer_type(shape: Any) -> Any:
    return _Answer[shape]


@cache
def _batch_type(shape: Any) -> Any:
    return list[_Answer[shape]] | _Answer[shape]


@cache
def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


def _bytes(data: Any) -> bytes:
    """Hexadecimal data; empty for anything else."""
    try:
        return bytes.fromhex(data[2:]) if isinstance(data, str) and data[:2] == "0x" else b""
    except ValueError:
        return b""


def _result(method: str, answer: _Answer[Any]) -> Any:
    if answer.error is not None:
        raise NodeRefusedError(method, answer.error)
    return answer.result
