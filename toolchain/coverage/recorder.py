"""What a node executed: which instructions of which code ran, and which way each jump went.

A tracer runs in Anvil for every transaction, every call and every refused estimate. It returns, for
each code that ran, a bit set for each place in it; here they are united by the code itself, since an
address may hold another code after a snapshot is restored.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Request = Callable[..., Any]

# What a place can have seen. RAN stands for any instruction, the others for conditional jumps.
RAN, WENT_ON, JUMPED = 1, 2, 4
SAVE_SECONDS = 2
CHANGING_HISTORY = ("evm_revert", "anvil_reset", "anvil_setCode", "hardhat_setCode", "anvil_rollback")
# Frames are named by the address whose code runs; "" is the outermost one.
TRACER = """{
  codes: {}, frames: [], names: [""], created: {},
  setup: function () { this.codes[""] = {}; this.here = this.codes[""]; },
  enter: function (frame) {
    var creates = frame.getType().indexOf("CREATE") == 0;
    var name = (creates ? "create:" : "") + toHex(frame.getTo());
    if (creates) this.created[name] = toHex(frame.getInput());
    if (!this.codes[name]) this.codes[name] = {};
    this.names.push(name);
    this.here = this.codes[name];
  },
  exit: function (result) { this.names.pop(); this.here = this.codes[this.names[this.names.length - 1]]; },
  step: function (log, db) {
    var place = log.getPC();
    var bits = 1;
    if (log.op.toNumber() == 0x57) bits |= log.stack.peek(1) != 0 ? 4 : 2;
    this.here[place] = (this.here[place] | 0) | bits;
  },
  fault: function (log) {},
  result: function (context) {
    var creates = context.type.indexOf("CREATE") == 0;
    return {codes: this.codes, created: this.created, input: creates ? toHex(context.input) : null,
      to: creates ? null : toHex(context.to)};
  }
}"""


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
        os.replace(draft, self.file)
        self.saved = time.monotonic()

    def _trace(self, method: str, *params: Any) -> None:
        answer = self.ask(method, *params, {"tracer": TRACER})
        if "result" not in answer:
            self.refused.append(f"{method}: {json.dumps(answer.get('error'))[:200]}")
            return
        self.traces += 1
        traced = answer["result"]
        for name, places in traced["codes"].items():
            code = self._code(name, traced)
            if code and places:
                self._unite(code, places)

    def _code(self, name: str, traced: dict[str, Any]) -> str:
        if name.startswith("create:"):
            return str(traced["created"][name])
        if name == "" and traced["input"]:
            return str(traced["input"])
        address = name or traced["to"]
        if address not in self.at:
            self.at[address] = self.ask("eth_getCode", address, "latest").get("result", "")
        return self.at[address]

    def _unite(self, code: str, places: dict[str, int]) -> None:
        key = hashlib.sha256(code.encode()).hexdigest()
        self.codes.setdefault(key, code)
        known = self.places.setdefault(key, {})
        for place, bits in places.items():
            known[int(place)] = known.get(int(place), 0) | bits


def _named_hash(answer: dict[str, Any]) -> str | None:
    """Anvil mines a transaction that reverts and answers with an error; some versions name its hash."""
    data = (answer.get("error") or {}).get("data")
    return data.get("txHash") if isinstance(data, dict) else None
