"""What a node executed: which instructions of which code ran, and which way each jump went.

Anvil traces every transaction, every call and every refused estimate. What ran is united by the
code itself, since an address may hold another code after a snapshot is restored.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Request = Callable[..., Any]

# What a place can have seen. RAN stands for any instruction, the others for conditional jumps.
RAN, WENT_ON, JUMPED = 1, 2, 4
SAVE_SECONDS = 2
CHANGING_HISTORY = (
    "evm_revert",
    "anvil_reset",
    "anvil_setCode",
    "hardhat_setCode",
    "anvil_rollback",
)
STEPS = {"disableStack": True, "disableStorage": True, "enableMemory": False}
FRAMES = {"tracer": "callTracer"}
CONDITIONAL_JUMP = "JUMPI"


class Recorder:
    """Collects places by code, and keeps a file of them up to date."""

    def __init__(self, ask: Request, file: Path) -> None:
        self.ask = ask
        self.file = file
        self.codes: dict[str, str] = {}
        self.places: dict[str, dict[int, int]] = {}
        self.waiting: list[str] = []
        self.at: dict[str, str] = {}
        self.saved = time.monotonic()
        self.traces = 0
        self.refused: list[str] = []

    def before(self, method: str) -> None:
        """Take what would be lost with the history that this request changes."""
        if method in CHANGING_HISTORY:
            self.take_waiting()
            self.at.clear()

    def after(self, method: str, params: list[Any], answer: dict[str, Any]) -> None:
        """Trace what this request executed, if anything."""
        result = answer.get("result")
        if method in ("eth_sendRawTransaction", "eth_sendTransaction"):
            hash_ = result or _named_hash(answer)
            if hash_:
                self.waiting.append(hash_)
        elif method == "eth_call" or (method == "eth_estimateGas" and "error" in answer):
            self._trace("debug_traceCall", params[0], *(params[1:2] or ["latest"]))
        elif method == "eth_getTransactionReceipt" and result and params[0] in self.waiting:
            self.waiting.remove(params[0])
            self._trace("debug_traceTransaction", params[0])
        if time.monotonic() - self.saved > SAVE_SECONDS:
            self.save()

    def take_waiting(self) -> None:
        """Trace transactions that are mined and that nobody has asked for."""
        hashes, self.waiting = self.waiting, []
        for hash_ in hashes:
            if self.ask("eth_getTransactionReceipt", hash_).get("result"):
                self._trace("debug_traceTransaction", hash_)

    def save(self) -> None:
        """Write what there is so far, all or nothing."""
        content = {
            "traces": self.traces,
            "refused": self.refused[:20],
            "codes": [
                {"code": self.codes[key], "places": places} for key, places in self.places.items()
            ],
        }
        draft = self.file.with_suffix(".part")
        draft.write_text(json.dumps(content))
        draft.replace(self.file)
        self.saved = time.monotonic()

    def _trace(self, method: str, *params: Any) -> None:
        answers = [self.ask(method, *params, options) for options in (FRAMES, STEPS)]
        for answer in answers:
            if "result" not in answer:
                self.refused.append(f"{method}: {json.dumps(answer.get('error'))[:200]}")
                return
        self.traces += 1
        codes = filter(None, map(self._code, frames(answers[0]["result"])))
        for code, places in executed(answers[1]["result"]["structLogs"], codes):
            self._unite(code, places)

    def _code(self, frame: dict[str, Any]) -> str:
        if frame["type"].startswith("CREATE"):
            return str(frame["input"])
        address = frame.get("to", "")
        if address not in self.at:
            code = self.ask("eth_getCode", address, "latest").get("result", "0x")
            self.at[address] = "" if code == "0x" else code
        return self.at[address]

    def _unite(self, code: str, places: dict[int, int]) -> None:
        key = hashlib.sha256(code.encode()).hexdigest()
        self.codes.setdefault(key, code)
        known = self.places.setdefault(key, {})
        for place, bits in places.items():
            known[place] = known.get(place, 0) | bits


def frames(outermost: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All frames in the order in which they begin."""
    yield outermost
    for inner in outermost.get("calls", []):
        yield from frames(inner)


def executed(
    steps: list[dict[str, Any]], codes: Iterator[str]
) -> Iterator[tuple[str, dict[int, int]]]:
    """The places of each frame. Frames without code take no step, and are not among the codes."""
    begun: list[tuple[str, dict[int, int]]] = []
    jump = None
    for step in steps:
        place = step["pc"]
        while len(begun) > step["depth"]:
            yield begun.pop()
        if len(begun) < step["depth"]:
            begun.append((next(codes), {}))
        places = begun[-1][1]
        if jump is not None:
            places[jump] |= WENT_ON if place == jump + 1 else JUMPED
        places[place] = places.get(place, 0) | RAN
        jump = place if step["op"] == CONDITIONAL_JUMP else None
    yield from begun


def _named_hash(answer: dict[str, Any]) -> str | None:
    """The hash in an error: Anvil mines a transaction that reverts, and answers with an error."""
    data = (answer.get("error") or {}).get("data")
    return data.get("txHash") if isinstance(data, dict) else None
