"""ABIs as built by Ape: functions, events and errors of each contract, by what stands for them.

What reads events needs no more than this; calldata and results are in `contract`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from backend.chain.hashing import keccak

NAMES = (
    "Authority",
    "ParticipantRegistry",
    "SettlementToken",
    "Budget",
    "WorkCalendar",
    "AgreementFactory",
    "Agreement",
    "AgreementChanges",
    "AgreementConflicts",
    "AgreementEnding",
    "AgreementReading",
)

AbiItem = dict[str, Any]


class Abi:
    """One kind of contract: functions by name, events by topic, errors by selector."""

    def __init__(self, items: Sequence[AbiItem]) -> None:
        self.functions = {i["name"]: i for i in items if i["type"] == "function"}
        self.events = {_hash(i): i for i in items if i["type"] == "event"}
        self.errors = {_hash(i)[:4]: i for i in items if i["type"] == "error"}

    def selector(self, function: str) -> bytes:
        """The 4 bytes that calldata of a function starts with."""
        return _hash(self.functions[function])[:4]

    def topic(self, event: str) -> str:
        """The first topic of an event's logs, "0x…"."""
        return next("0x" + t.hex() for t, item in self.events.items() if item["name"] == event)


@cache
def abi(name: str) -> Abi:
    """That of one of `NAMES`."""
    return Abi(load(name)["abi"])


def load(name: str) -> dict[str, Any]:
    """One of `NAMES` as the package has it: `abi`, a list of items, and `bytecode`, "0x…"."""
    path = resources.files("backend.chain").joinpath("artifacts", f"{name}.json")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def types(parameters: Sequence[AbiItem]) -> list[str]:
    """Canonical type strings, e.g. "(bytes32,uint128)[]"."""
    return [type_of(parameter) for parameter in parameters]


def type_of(parameter: AbiItem) -> str:
    """That of one parameter."""
    kind: str = parameter["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(types(parameter['components']))}){kind.removeprefix('tuple')}"


def _hash(item: AbiItem) -> bytes:
    """What the Contract ABI Specification makes selectors and topics from."""
    return keccak(f"{item['name']}({','.join(types(item['inputs']))})".encode())
