"""The chain as the histories use it: each act in a block of its own, at a given second."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.chain.rpc import Rpc

GAS = 100_000_000


@dataclass(frozen=True)
class Outcome:
    """What became of an act: its logs, or what the contract reverted with."""

    logs: list[dict[str, Any]]
    refusal: bytes | None = None


class Engine:
    """An Anvil node, which lets anybody send."""

    def __init__(self, rpc: Rpc) -> None:
        self.rpc = rpc
        rpc.call("anvil_autoImpersonateAccount", True)

    def create(self, sender: str, code: bytes) -> str:
        """Deploy a contract and give its address."""
        return str(self._send({"from": sender, "data": f"0x{code.hex()}"})["contractAddress"])

    def act(self, sender: str, to: str, data: bytes, at: int) -> Outcome:
        """Call a function in a block of this second."""
        call = {"from": sender, "to": to, "data": f"0x{data.hex()}"}
        self.rpc.call("evm_setNextBlockTimestamp", at)
        receipt = self._send(call)
        if receipt["status"] == "0x1":
            return Outcome(receipt["logs"])
        return Outcome([], self._why(call))

    def read(self, calls: Sequence[tuple[str, bytes]]) -> list[bytes]:
        """What views return."""
        batch = [({"to": to, "data": f"0x{data.hex()}"}, "latest") for to, data in calls]
        answers = self.rpc.batch([("eth_call", call) for call in batch])
        return [bytes.fromhex(answer[2:]) for answer in answers]

    def snapshot(self) -> Any:
        """Remember the chain as it stands."""
        return self.rpc.call("evm_snapshot")

    def revert(self, snapshot: Any) -> None:
        """Go back, once."""
        assert self.rpc.call("evm_revert", snapshot)

    def _send(self, call: dict[str, str]) -> dict[str, Any]:
        call = call | {"gas": hex(GAS), "gasPrice": "0x0"}
        transaction = self.rpc.call("eth_sendTransaction", call)
        deadline = time.monotonic() + 10
        while (receipt := self.rpc.call("eth_getTransactionReceipt", transaction)) is None:
            assert time.monotonic() < deadline
        found: dict[str, Any] = receipt
        return found

    def _why(self, call: dict[str, str]) -> bytes:
        """What the same call reverts with once more: nothing has changed, the time neither."""
        from backend.chain.rpc import NodeRefusedError

        try:
            self.rpc.call("eth_call", call, "latest")
        except NodeRefusedError as error:
            return error.data
        raise AssertionError("refused as a transaction, and not as a call")
