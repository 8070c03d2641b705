"""Nodes that behave badly: a real one, seen through an `Rpc` that changes its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from backend.chain.headers import header_hash
from backend.chain.rpc import NodeRefusedError, Rpc, Within

Change = Callable[[str, Sequence[Any], Any], Any]


class ChangedRpc(Rpc):
    """Passes each result through `change(method, params, result)` before anybody reads it.

    What the change raises as `NodeRefusedError` is the node's answer to that one request; all else
    that it raises, the request raises.
    """

    def __init__(self, url: str, change: Change) -> None:
        super().__init__(url)
        self._change = change

    def _send(self, body: bytes, within: Within) -> bytes:
        asked, answered = (
            msgspec.json.decode(body),
            msgspec.json.decode(super()._send(body, within)),
        )
        if isinstance(asked, dict):
            return msgspec.json.encode(self._changed(asked, answered))
        requests = {each["id"]: each for each in asked}
        return msgspec.json.encode([self._changed(requests[each["id"]], each) for each in answered])

    def _changed(self, request: Any, answer: Any) -> Any:
        if "error" in answer:
            return answer
        try:
            result = self._change(request["method"], request["params"], answer["result"])
        except NodeRefusedError as error:
            told = {"code": error.code, "message": error.message}
            return {"jsonrpc": "2.0", "id": answer["id"], "error": told}
        return answer | {"result": result}


def forged(block: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Another block, which has the hash that it must have."""
    changed = block | changes
    return changed | {"hash": header_hash(changed)}


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
    """A node whose logs do not carry the time of their block."""
    if method != "eth_getLogs":
        return result
    return [{k: v for k, v in log.items() if k != "blockTimestamp"} for log in result]
