"""Signing, sending and waiting. Nonces are counted here, so that nothing waits for a receipt."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from backend.acts.accounts import Signer
from backend.chain.contract import Refusal, contract, refusal
from backend.chain.hashing import checksum_address
from backend.chain.rpc import NodeRefusedError, Rpc
from backend.core.errors import AppError

RECEIPT_SECONDS = 60.0
GAS_MARGIN = 1.25


class RefusedError(AppError):
    """A contract refused an act. `refusal` is its custom error, if it is one of ours."""

    status = 409
    title = "The contract refuses"

    def __init__(self, refused: Refusal | None, message: str) -> None:
        self.refusal = refused
        super().__init__(refused.name if refused else message)


class NotMinedError(AppError):
    """A transaction was sent and no block took it in time."""

    status = 504
    title = "The transaction is not in a block yet"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one function; `to` is None for a deployment."""

    to: str | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction; `logs` are the node's own."""

    transaction: str
    block: int
    succeeded: bool
    contract_address: str | None
    logs: tuple[dict[str, Any], ...]


def call(kind: str, address: str, function: str, *arguments: Any) -> Call:
    """A call of a function of one of our contracts."""
    return Call(address, contract(kind).call(function, *arguments))


def deployment(kind: str, *arguments: Any) -> Call:
    """The deployment of one of our contracts."""
    return Call(None, contract(kind).deployment(*arguments))


class Sender:
    """Sends for any number of signers over one connection."""

    def __init__(self, rpc: Rpc) -> None:
        self.rpc = rpc
        self.chain_id = int(rpc.call("eth_chainId"), 16)
        self._gas_price = _gas_price(rpc)
        self._nonces: dict[str, int] = {}

    def send(self, signer: Signer, what: Call, gas: int) -> str:
        """Sign and send without waiting; the transaction's hash."""
        nonce = self._nonce(signer.address)
        raw = signer.sign(
            to=what.to,
            data=what.data,
            nonce=nonce,
            gas=gas,
            gas_price=self._gas_price,
            chain_id=self.chain_id,
        )
        transaction: str = self.rpc.call("eth_sendRawTransaction", "0x" + raw.hex())
        self._nonces[signer.address] = nonce + 1
        return transaction

    def transact(self, signer: Signer, what: Call) -> Receipt:
        """Ask the contract first, then sign, send and wait for the block.

        Raises `RefusedError` with the contract's own error and `NotMinedError`.
        """
        gas = self.check(signer.address, what)
        receipt = self.wait(self.send(signer, what, gas))
        if not receipt.succeeded:
            self.check(signer.address, what)
            raise RefusedError(None, f"Transaction {receipt.transaction} failed in its block.")
        return receipt

    def check(self, address: str, what: Call) -> int:
        """The gas that a call needs; raises `RefusedError` if the contract would refuse it."""
        request = {
            "from": address,
            "data": "0x" + what.data.hex(),
            "gasPrice": hex(self._gas_price),
        }
        if what.to is not None:
            request["to"] = what.to
        try:
            return int(int(self.rpc.call("eth_estimateGas", request), 16) * GAS_MARGIN)
        except NodeRefusedError as error:
            raise RefusedError(refusal(error.data), error.message) from error

    def wait(self, transaction: str) -> Receipt:
        """Poll for the receipt of a transaction; raises `NotMinedError`."""
        deadline = time.monotonic() + RECEIPT_SECONDS
        pause = 0.005
        while time.monotonic() < deadline:
            found = self.rpc.call("eth_getTransactionReceipt", transaction)
            if found is not None:
                return _receipt(found)
            time.sleep(pause)
            pause = min(2 * pause, 0.5)
        raise NotMinedError(
            f"{transaction} was sent; no block has taken it in {RECEIPT_SECONDS:.0f} s."
        )

    def forget_nonces(self) -> None:
        """Ask the node again, after transactions were dropped."""
        self._nonces.clear()

    def _nonce(self, address: str) -> int:
        if address not in self._nonces:
            self._nonces[address] = int(
                self.rpc.call("eth_getTransactionCount", address, "pending"), 16
            )
        return self._nonces[address]


def _gas_price(rpc: Rpc) -> int:
    # A permissioned chain with a base fee of zero takes transactions from accounts without a
    # balance; Anvil suggests a price all the same.
    if rpc.call("eth_getBlockByNumber", "latest", False).get("baseFeePerGas") == "0x0":
        return 0
    return int(rpc.call("eth_gasPrice"), 16)


def _receipt(found: dict[str, Any]) -> Receipt:
    created = found.get("contractAddress")
    return Receipt(
        transaction=found["transactionHash"],
        block=int(found["blockNumber"], 16),
        succeeded=int(found["status"], 16) == 1,
        contract_address=checksum_address(created) if created else None,
        logs=tuple(found["logs"]),
    )
