"""Nodes that behave badly: a real one, seen through an `Rpc` that changes its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from backend.chain.rpc import NodeRefusedError, Rpc

Change = Callable[[str, Sequence[Any], Any], Any]


class ChangedRpc(Rpc):
    """Passes each answer through `change(method, params, result)`, which may raise."""

    def __init__(self, url: str, change: Change) -> None:
        super().__init__(url)
        self._change = change

    def call(self, method: str, *params: Any) -> Any:
        """One request."""
        return self._change(method, params, super().call(method, *params))

    def batch(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Many requests."""
        results = super().batch(calls)
        pairs = zip(calls, results, strict=True)
        return [self._change(method, params, result) for (method, params), result in pairs]


def limited(blocks: int) -> Change:
    """A node that refuses log ranges of more than some blocks."""

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getLogs":
            span = params[0]
            if int(span["toBlock"], 16) - int(span["fromBlock"], 16) >= blocks:
                raise NodeRefusedError(method, {"code": -32005, "message": "range too large"})
        return result

    return change


def bare_logs(method: str, _: Sequence[Any], result: Any) -> Any:
    """A node whose logs do not carry the time of their block, and come in any order."""
    if method != "eth_getLogs":
        return result
    return [{k: v for k, v in log.items() if k != "blockTimestamp"} for log in reversed(result)]
