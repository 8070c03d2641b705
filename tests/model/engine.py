"""The chain as the histories use it: each act in a block of its own, at a given second.

It speaks to Anvil without `backend.chain.rpc`: a history has hundreds of requests, and with that
client most of its time would be spent in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

GAS = hex(100_000_000)
JSON = {"Content-Type": "application/json"}
Call = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class Outcome:
    """What became of an act: its logs, or what the contract reverted with."""

    logs: list[dict[str, Any]]
    refusal: bytes | None = None


class Engine:
    """An Anvil node, which lets anybody send."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._connection = HTTPConnection(place.hostname or "", place.port)
        self._ask(("anvil_autoImpersonateAccount", [True]))

    def create(self, sender: str, code: bytes) -> str:
        """Deploy a contract and give its address."""
        transaction = _transaction({"from": sender, "data": f"0x{code.hex()}"})
        (receipt,) = self._ask(transaction)
        return str(receipt["contractAddress"])

    def act(self, sender: str, to: str, data: bytes, at: int) -> Outcome:
        """Call a function in a block of this second."""
        call = {"from": sender, "to": to, "data": f"0x{data.hex()}"}
        # Anvil begins the requests of a batch in their order: the block is of that second.
        _, receipt = self._ask(("evm_setNextBlockTimestamp", [at]), _transaction(call))
        if receipt["status"] == "0x1":
            assert all(int(log["blockTimestamp"], 16) == at for log in receipt["logs"])
            return Outcome(receipt["logs"])
        # What was refused is refused once more, for nothing has changed, the time neither.
        (again,) = self._post(("eth_call", [call, "latest"]))
        return Outcome([], bytes.fromhex(again["error"]["data"][2:]))

    def read(self, calls: Sequence[tuple[str, bytes]]) -> list[bytes]:
        """What views return, in the second of the latest act."""
        batch = [{"to": to, "data": f"0x{data.hex()}"} for to, data in calls]
        answers = self._ask(*(("eth_call", [call, "latest"]) for call in batch))
        return [bytes.fromhex(answer[2:]) for answer in answers]

    def snapshot(self) -> Any:
        """Remember the chain as it stands."""
        return self._ask(("evm_snapshot", []))[0]

    def revert(self, snapshot: Any) -> None:
        """Go back, once."""
        assert self._ask(("evm_revert", [snapshot])) == [True]

    def _ask(self, *calls: Call) -> list[Any]:
        """Results of several requests."""
        answers = self._post(*calls)
        assert all("result" in answer for answer in answers), answers
        return [answer["result"] for answer in answers]

    def _post(self, *calls: Call) -> list[dict[str, Any]]:
        """Answers to several requests, in their order."""
        requests = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
            for number, (method, params) in enumerate(calls)
        ]
        self._connection.request("POST", "/", json.dumps(requests), JSON)
        answers: list[dict[str, Any]] = json.loads(self._connection.getresponse().read())
        return sorted(answers, key=lambda answer: int(answer["id"]))


def _transaction(call: dict[str, str]) -> Call:
    return "eth_sendTransactionSync", [call | {"gas": GAS, "gasPrice": "0x0"}]
