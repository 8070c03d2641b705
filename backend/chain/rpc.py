"""JSON-RPC over HTTP to one Ethereum node."""

from __future__ import annotations

import reprlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any, Self

import msgspec
from urllib3 import BaseHTTPResponse

from backend.chain.answers import Answer, answer_type, batch_type, decoder
from backend.chain.transport import HTTPError, Transport
from backend.core.errors import AppError
from backend.core.secrets import place_of

TIMEOUT_SECONDS = 30.0
LONGEST_PATIENCE_SECONDS = 300.0
"""A node that asks for more is asked again after this; clocks do not take every number."""
LARGEST_ANSWER = 128 * 1024 * 1024
"""Bytes of one answer; whoever asks for more has to ask for less at a time."""

LARGEST_BATCH = 32 * 1024 * 1024
"""Bytes of the answers to several requests, of which each takes memory, be it next to nothing; what
is more is asked for in halves."""

LARGEST_GLANCE = 4 * 1024 * 1024
"""Bytes of an answer that is to tell of a few blocks."""

_LARGEST_ERROR = 64 * 1024
_LONGEST_MESSAGE = 1_000

METHOD_NOT_FOUND = -32601
LIMIT_EXCEEDED = -32005
"""EIP-1474."""
_LEFT_OUT = -32003
"""go-ethereum's, for what is too much beside the other answers of a batch."""

Call = tuple[str, Sequence[Any]]
"""A method and its parameters."""


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

    `code` and `message` are the node's own, of the message the beginning; `data` is what a reverted
    call returned, or empty.
    """

    status = 502
    title = "The node refused the request"

    def __init__(self, method: str, error: Any) -> None:
        found = error if isinstance(error, dict) else {"message": error}
        code = found.get("code")
        self.code = code if isinstance(code, int) else 0
        message = found.get("message", "")
        # Anything may stand there, at any depth.
        text = message if isinstance(message, str) else reprlib.repr(message)
        self.message = text[:_LONGEST_MESSAGE]
        self.data = _bytes(found.get("data"))
        super().__init__(f"{method}: {self.message} (code {self.code})")


@dataclass(frozen=True, slots=True)
class Within:
    """What an answer has to keep to: so many bytes, complete after so many seconds."""

    most: int
    seconds: float


class Rpc:
    """A connection that stays open between requests.

    Raises `NodeUnreachableError` when nobody answers or the answer has not the shape that was
    expected, and `NodeRefusedError` when the node says no.
    """

    def __init__(self, url: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self.url = url
        self._timeout = timeout
        self._transport = Transport(url)
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
        within = Within(most, self._timeout)
        return _result(method, self._post(request, answer_type(shape), within))

    def batch(self, calls: Sequence[Call]) -> list[Any]:
        """Send many requests at once and return their results in the order of the calls.

        The node may execute them in any order.
        """
        return self.batch_as(Any, calls)

    def batch_as(self, shape: Any, calls: Sequence[Call]) -> list[Any]:
        """Do so where each result must have the shape of a msgspec type."""
        answers = self._batch(shape, calls, Within(LARGEST_ANSWER, self._timeout))
        return [_result(call[0], answer) for call, answer in zip(calls, answers, strict=True)]

    def glance(self, calls: Sequence[Call], seconds: float | None = None) -> list[Any]:
        """Do so with None for what the node refuses, where the results are small.

        `seconds` are for the answer, if it is to be there sooner than others.
        """
        within = Within(LARGEST_GLANCE, seconds or self._timeout)
        return [answer.result for answer in self._batch(Any, calls, within)]

    def _batch(
        self,
        shape: Any,
        calls: Sequence[Call],
        within: Within,
        refused: NodeRefusedError | None = None,
    ) -> list[Answer[Any]]:
        """An answer for each call. Nodes limit how many they answer at once, and how much: what is
        too many is asked for in halves, what was left out of an answer is asked for again.

        `refused` says how the batch was refused that these calls are the half of; raised where
        one alone is refused so too.
        """
        if len(calls) < 2:
            shaped = answer_type(shape)
            found = [self._post(self._request(*call), shaped, within) for call in calls]
            if refused is not None and any(_code(answer) == refused.code for answer in found):
                raise refused
            return found
        try:
            answers = self._answers(shape, calls, within)
        except NodeRefusedError as error:
            half = len(calls) // 2
            parts = calls[:half], calls[half:]
            halves = (self._batch(shape, part, within, error) for part in parts)
            return [answer for half_of_them in halves for answer in half_of_them]
        left_out = [place for place, answer in enumerate(answers) if _code(answer) == _LEFT_OUT]
        again = self._batch(shape, [calls[place] for place in left_out], within)
        for place, answer in zip(left_out, again, strict=True):
            answers[place] = answer
        return answers

    def _answers(self, shape: Any, calls: Sequence[Call], within: Within) -> list[Answer[Any]]:
        """In the order of the calls; raises `NodeRefusedError` where none is answered."""
        requests = [self._request(*call) for call in calls]
        within = Within(min(within.most, LARGEST_BATCH), within.seconds)
        found = self._post(requests, batch_type(shape), within)
        several = found if isinstance(found, list) else [found]
        by_id = {answer.id: answer for answer in several if isinstance(answer.id, int)}
        answers = [by_id[request["id"]] for request in requests if request["id"] in by_id]
        if _is_refusal(several, len(calls)):
            _result("batch", several[0])
        if len(answers) < len(calls):
            raise self._unusable(
                f"{len(calls)} answers expected in the batch, found {len(answers)}"
            )
        return answers

    def _request(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}

    def _post(self, body: Any, shape: Any, within: Within) -> Any:
        try:
            content = self._send(msgspec.json.encode(body), within)
            return decoder(shape).decode(content)
        except (HTTPError, OSError, ValueError, RecursionError) as error:
            raise self._unusable(repr(error)) from error

    def _unusable(self, what: str) -> NodeUnreachableError:
        return NodeUnreachableError(
            f"No usable answer from the node at {place_of(self.url)}: {what}. "
            "Is the chain running (`termin chain`), and is --rpc-url right?"
        )

    def _send(self, body: bytes, within: Within) -> bytes | bytearray:
        with self._transport.post(body, within.seconds) as response:
            self._require_patience(response)
            if response.status // 100 != 2:
                raise _failure(response)
            return _read(response, within.most)

    def _require_patience(self, response: BaseHTTPResponse) -> None:
        wait = response.headers.get("retry-after", "")
        if response.status == HTTPStatus.TOO_MANY_REQUESTS or (
            response.status == HTTPStatus.SERVICE_UNAVAILABLE and wait
        ):
            seconds = min(float(wait), LONGEST_PATIENCE_SECONDS) if wait.isdecimal() else 0.0
            raise NodeBusyError(
                f"No usable answer from the node at {place_of(self.url)}: {response.status}, "
                f"Retry-After: {wait or 'not said'}.",
                seconds,
            )


def _read(response: BaseHTTPResponse, most: int) -> bytearray:
    content = bytearray()
    for chunk in response.stream(decode_content=True):
        content += chunk
        if len(content) > most:
            message = f"the answer has more than {most} bytes"
            raise NodeRefusedError("answer", {"code": LIMIT_EXCEEDED, "message": message})
    return content


def _failure(response: BaseHTTPResponse) -> Exception:
    """What it means that there is no result: some nodes say no by the status as well."""
    status = f"{response.status} {response.reason}"
    if response.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return NodeRefusedError("request", {"code": LIMIT_EXCEEDED, "message": status})
    if response.status == HTTPStatus.BAD_REQUEST:
        with suppress(ValueError, RecursionError, NodeRefusedError):
            told = decoder(answer_type(Any)).decode(_read(response, _LARGEST_ERROR))
            if told.refusal is not None:
                return NodeRefusedError("request", told.refusal)
    return HTTPError(status)


def _is_refusal(answers: Sequence[Answer[Any]], asked: int) -> bool:
    """Whether so many were asked for and none came: one error stands for all, by itself or in a
    list, or each is too large beside others."""
    if len(answers) < asked:
        return bool(answers) and all(answer.refusal is not None for answer in answers)
    return all(_code(answer) == _LEFT_OUT for answer in answers)


def _code(answer: Answer[Any]) -> int | None:
    """That of its error; None where there is none."""
    refusal = answer.refusal
    return None if refusal is None else NodeRefusedError("", refusal).code


def _bytes(data: Any) -> bytes:
    """Hexadecimal data; empty for anything else."""
    try:
        return bytes.fromhex(data[2:]) if isinstance(data, str) and data[:2] == "0x" else b""
    except ValueError:
        return b""


def _result(method: str, answer: Answer[Any]) -> Any:
    if (refusal := answer.refusal) is not None:
        raise NodeRefusedError(method, refusal)
    return answer.result
