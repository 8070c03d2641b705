"""Transactions and views on a node that signs for everybody."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from eth_keys.datatypes import PrivateKey
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from backend.chain.contract import contract, refusal
from backend.chain.rpc import Rpc

_KEYS: dict[str, PrivateKey] = {}


def account_of(name: str) -> str:
    """The address of an account whose key follows from a name."""
    key = PrivateKey(keccak(text=name))
    address = key.public_key.to_checksum_address()
    _KEYS[address] = key
    return address


def key_of(address: str) -> PrivateKey:
    """The key of one that `account_of` gave."""
    return _KEYS[address]


ADMIN = account_of("admin")


@dataclass
class Chain:
    """A node with impersonated accounts."""

    rpc: Rpc
    now: int | None
    """Time of the blocks to come; None for the node's own clock."""

    def send(self, sender: str, to: str | None, data: bytes) -> Any:
        """Send one transaction in a block of its own and return the receipt."""
        if self.now is not None:
            self.rpc.call("evm_setNextBlockTimestamp", hex(self.now))
        receipt = self.wait(self.post(sender, to, data))
        assert receipt["status"] == "0x1", self.why(sender, to, data)
        return receipt

    def post(self, sender: str, to: str | None, data: bytes) -> str:
        """Send one transaction and return its hash."""
        values = {"from": sender, "data": f"0x{data.hex()}", "gas": hex(30_000_000)}
        values["gasPrice"] = "0x0"
        if to is not None:
            values["to"] = to
        return str(self.rpc.call("eth_sendTransaction", values))

    def wait(self, transaction: str) -> Any:
        """The receipt of a transaction."""
        deadline = time.monotonic() + 10
        while (receipt := self.rpc.call("eth_getTransactionReceipt", transaction)) is None:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        return receipt

    def why(self, sender: str, to: str | None, data: bytes) -> Any:
        """Why a call is refused."""
        try:
            values = {"from": sender, "to": to, "data": f"0x{data.hex()}"}
            return self.rpc.call("eth_call", values, "latest")
        except Exception as error:
            return refusal(getattr(error, "data", b"")) or error

    def act(self, sender: str, name: str, to: str, function: str, *arguments: Any) -> Any:
        """Call a function of a contract called `name` in a transaction."""
        return self.send(sender, to, contract(name).call(function, *arguments))

    def view(self, name: str, to: str, function: str, *arguments: Any) -> Any:
        """Call a function and return its result."""
        data = contract(name).call(function, *arguments)
        answer = self.rpc.call("eth_call", {"to": to, "data": f"0x{data.hex()}"}, "latest")
        return contract(name).result(function, bytes.fromhex(answer[2:]))

    def deploy(self, name: str, *arguments: Any) -> str:
        """Deploy a contract."""
        receipt = self.send(ADMIN, None, contract(name).deployment(*arguments))
        return str(to_checksum_address(receipt["contractAddress"]))
