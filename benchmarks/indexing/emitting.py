"""Logs as the emitting contracts take them, and blocks of exactly as many as one wants."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_abi.abi import encode
from eth_utils.abi import event_abi_to_log_topic
from eth_utils.address import to_canonical_address, to_checksum_address
from eth_utils.crypto import keccak

from backend.chain.abi import AbiItem, types
from backend.chain.contract import contract
from backend.chain.events import EVENTS
from backend.chain.rpc import Rpc
from benchmarks.indexing.assembler import ECHO, ECHO_CREATION, stage

STAGE = to_checksum_address("0x" + "57a9e".rjust(40, "0"))
DATA = to_checksum_address("0x" + "da7a".rjust(40, "0"))
PLAYER = to_checksum_address("0x" + "91a7e5".rjust(40, "0"))
GAS = 30_000_000
SELECTOR_AND_ARGUMENTS = 68
"""Bytes of calldata of a usual act, e.g. `submit(uint256,bytes32)`."""
_CODE_BYTES = 1_000_000
"""How much the data account holds before it is written anew."""


@dataclass(frozen=True, slots=True)
class Told:
    """One log: which contract's event, by which account, with which arguments in ABI order.

    `emitter` is an address, or the salt of an agreement.
    """

    kind: str
    event: str
    emitter: bytes
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """One transaction: how many events of the index it has, and what it emits when it is played."""

    events: int
    logs: Callable[[], Sequence[Told]]


def agreement_address(salt: bytes) -> str:
    """Where the stage creates what emits with this salt."""
    sender = to_canonical_address(STAGE)
    return to_checksum_address(keccak(b"\xff" + sender + salt + keccak(ECHO_CREATION))[12:])


class Stage:
    """Plays acts on a node whose clock it sets; blocks are mined by it alone."""

    def __init__(self, rpc: Rpc, emitters: Iterable[str]) -> None:
        """`emitters` are the contracts whose code gives way to an echo."""
        self._rpc = rpc
        self._nonce = int(rpc.call("eth_getTransactionCount", PLAYER, "latest"), 16)
        self._waiting: list[list[tuple[int, int]]] = []
        self._code = bytearray()
        self._times: list[int] = []
        rpc.call("anvil_impersonateAccount", PLAYER)
        rpc.call("evm_setAutomine", False)
        rpc.call("anvil_setCode", STAGE, "0x" + stage(to_canonical_address(DATA)).hex())
        for address in emitters:
            rpc.call("anvil_setCode", address, "0x" + ECHO.hex())

    def add(self, acts: Iterable[Act], timestamp: int) -> None:
        """Play acts in one block of the given time, not before `flush`."""
        plays = []
        for act in acts:
            play = _play(act.logs())
            plays.append((len(self._code), len(play)))
            self._code += play
        self._waiting.append(plays)
        self._times.append(timestamp)
        if len(self._code) > _CODE_BYTES:
            self.flush()

    def flush(self) -> float:
        """Mine all that was added; `time.perf_counter` when the last block was asked for."""
        asked = time.perf_counter()
        if self._code:
            self._rpc.call("anvil_setCode", DATA, "0x" + self._code.hex())
        for plays, timestamp in zip(self._waiting, self._times, strict=True):
            self._rpc.batch([self._transaction(*play) for play in plays])
            asked = time.perf_counter()
            self._rpc.call("evm_mine", {"timestamp": timestamp})
        self._code.clear()
        self._waiting.clear()
        self._times.clear()
        return asked

    def _transaction(self, offset: int, size: int) -> tuple[str, list[Any]]:
        data = offset.to_bytes(32, "big") + size.to_bytes(32, "big")
        values = {
            "from": PLAYER,
            "to": STAGE,
            "data": "0x" + data.ljust(SELECTOR_AND_ARGUMENTS, b"\0").hex(),
            "gas": hex(GAS),
            "gasPrice": "0x0",
            "nonce": hex(self._nonce),
        }
        self._nonce += 1
        return "eth_sendTransaction", [values]


def count_events(logs: Iterable[Told]) -> int:
    """How many of the logs the index reads."""
    return sum((told.kind, told.event) in _read_events() for told in logs)


def _play(logs: Sequence[Told]) -> bytes:
    parts: list[tuple[bytes, bytearray]] = []
    created: set[bytes] = set()
    before = None
    for told in logs:
        if told.emitter != before:
            parts.append((_word(told.emitter, created), bytearray()))
            before = told.emitter
        parts[-1][1].extend(_log(told))
    return b"".join(word + len(body).to_bytes(4, "big") + bytes(body) for word, body in parts)


def _word(emitter: bytes, created: set[bytes]) -> bytes:
    if len(emitter) == 32 and emitter not in created:
        created.add(emitter)
        return emitter
    address = to_canonical_address(agreement_address(emitter)) if len(emitter) == 32 else emitter
    return address.rjust(32, b"\0")


def _log(told: Told) -> bytes:
    topics, data = _shape(told.kind, told.event)(told.arguments)
    head = bytes([len(topics)]) + len(data).to_bytes(2, "big")
    return head + b"".join(topics) + data


Encoder = Callable[[Sequence[Any]], tuple[list[bytes], bytes]]


@cache
def _shape(kind: str, event: str) -> Encoder:
    items = contract(kind).events
    topic, item = next((t, i) for t, i in items.items() if i["name"] == event)
    assert topic == event_abi_to_log_topic(_abi(item))
    inputs = item["inputs"]
    indexed = [place for place, each in enumerate(inputs) if each["indexed"]]
    plain = [place for place, each in enumerate(inputs) if not each["indexed"]]
    kinds = types([inputs[place] for place in plain])
    hashed = types([inputs[place] for place in indexed])
    simple = all("[" not in each and "(" not in each and each != "string" for each in kinds)

    def encoder(arguments: Sequence[Any]) -> tuple[list[bytes], bytes]:
        values = [arguments[place] for place in plain]
        data = b"".join(map(_packed, kinds, values)) if simple else encode(kinds, values)
        return [topic, *map(_packed, hashed, (arguments[place] for place in indexed))], data

    return encoder


def _packed(kind: str, value: Any) -> bytes:
    """A value of one word; eth_abi does the same, thirty times slower."""
    if kind == "address":
        return to_canonical_address(value).rjust(32, b"\0")
    if isinstance(value, bytes):
        return value.ljust(32, b"\0")
    return int(value).to_bytes(32, "big")


@cache
def _read_events() -> frozenset[tuple[str, str]]:
    return frozenset((name, kind.__name__) for name, kinds in EVENTS.items() for kind in kinds)


def _abi(item: AbiItem) -> Any:
    return item
