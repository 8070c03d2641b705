"""JSON-RPC over HTTP to one Ethereum node."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any, Self

import httpx

from backend.core.errors import AppError

TIMEOUT_SECONDS = 30.0
NO_ANSWER: dict[str, Any] = {"error": {"code": -32603, "message": "no answer in the batch"}}


class NodeUnreachableError(AppError):
    """No node answered at the address."""

    status = 503
    title = "The chain cannot be reached"


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


class Rpc:
    """A connection that stays open between requests.

    Raises `NodeUnreachableError` when nobody answers and `NodeRefusedError` when the node says no.
    """

    def __init__(self, url: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self.url = url
        # Without TLS there are no certificates to load, which takes longer than most requests.
        self._client = httpx.Client(timeout=timeout, verify=url.startswith("https:"))
        self._ids = count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def call(self, method: str, *params: Any) -> Any:
        """Send one request and return its result."""
        answer = self._post(self._request(method, params))
        return _result(method, answer)

    def batch(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Send many requests at once and return their results in the order of the calls.

        The node may execute them in any order.
        """
        if not calls:
            return []
        requests = [self._request(method, params) for method, params in calls]
        answers = self._post(requests)
        if not isinstance(answers, list):
            _result("batch", answers)
            raise NodeRefusedError("batch", {"message": f"expected a list, found {answers!r:.80}"})
        by_id = {
            answer["id"]: answer
            for answer in answers
            if isinstance(answer, dict) and isinstance(answer.get("id"), int)
        }
        return [
            _result(request["method"], by_id.get(request["id"], NO_ANSWER)) for request in requests
        ]

    def _request(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}

    def _post(self, body: Any) -> Any:
        try:
            response = self._client.post(self.url, json=body)
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise NodeUnreachableError(
                f"No usable answer from the node at {self.url}: {error!r}. "
                "Is the chain running (`termin chain`), and is --rpc-url right?"
            ) from error


def _bytes(data: Any) -> bytes:
    """Hexadecimal data; empty for anything else."""
    try:
        return bytes.fromhex(data[2:]) if isinstance(data, str) and data[:2] == "0x" else b""
    except ValueError:
        return b""


def _result(method: str, answer: Any) -> Any:
    if not isinstance(answer, dict):
        raise NodeRefusedError(method, {"message": f"expected an object, found {answer!r:.80}"})
    if answer.get("error") is not None:
        raise NodeRefusedError(method, answer["error"])
    return answer.get("result")
