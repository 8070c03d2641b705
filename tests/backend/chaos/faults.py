"""What a node can do wrong, each as a function from a request and its true answer to a worse one.

All names in `FAULTS` can be drawn by a history and are tried one by one in `test_faults.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from support.faults import forged

Call = dict[str, Any]
Change = Callable[[str, Sequence[Any], Any], Any]

MADE_UP = "0x" + "ab" * 32


@dataclass
class Memory:
    """What the node has truly said: headers by number, and the logs of each block by its hash.

    `headers` are the last ones of each number, `earlier` the first ones.
    """

    headers: dict[int, Any] = field(default_factory=dict)
    earlier: dict[int, Any] = field(default_factory=dict)
    logs: dict[int, dict[str, list[Any]]] = field(default_factory=dict)
    head: int = 0
    hashes: set[str] = field(default_factory=set)

    def note(self, method: str, params: Sequence[Any], result: Any) -> None:
        """Keep what a later fault may bring up again."""
        if method == "eth_getBlockByNumber" and isinstance(result, dict):
            number = int(result["number"], 16)
            self.headers[number] = result
            self.earlier.setdefault(number, result)
            self.hashes.add(result["hash"])
            if params[0] == "latest":
                self.head = number
        elif method == "eth_getLogs" and isinstance(result, list):
            for log in result:
                of_block = self.logs.setdefault(int(log["blockNumber"], 16), {})
                logs = of_block.setdefault(log["blockHash"], [])
                if log not in logs:
                    logs.append(log)


@dataclass(frozen=True)
class Request:
    """What was asked: one call or a batch, and what is known of the node."""

    calls: list[Call]
    batch: bool
    memory: Memory


@dataclass(frozen=True)
class Answer:
    """What goes back. `body` is cut after `sent` bytes, and `pause` seconds pass before it.

    With `endless` the body is repeated for as long as anybody reads; `silent` says nothing at all.
    """

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    sent: int | None = None
    silent: bool = False
    endless: bool = False


Fault = Callable[[Request, Answer], Answer]


class Refusal(Exception):
    """The node's error for one call."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.told = {"code": code, "message": message}


# --- how answers are changed ---


def _each(change: Change) -> Fault:
    def fault(request: Request, answer: Answer) -> Answer:
        return _changed(
            lambda _, call, result: change(call["method"], call["params"], result), request, answer
        )

    return fault


def _changed(change: Callable[[int, Call, Any], Any], request: Request, answer: Answer) -> Answer:
    """Each result as `change` makes it of place in the batch, call and result."""
    answers = msgspec.json.decode(answer.body)
    by_id = {each["id"]: each for each in (answers if request.batch else [answers])}
    found = []
    for place, call in enumerate(request.calls):
        told = by_id[call["id"]]
        if "result" in told:
            try:
                told = told | {"result": change(place, call, told["result"])}
            except Refusal as refusal:
                told = {"jsonrpc": "2.0", "id": call["id"], "error": refusal.told}
        found.append(told)
    return replace(answer, body=msgspec.json.encode(found if request.batch else found[0]))


def _rearranged(
    change: Callable[[list[Any]], list[Any]], request: Request, answer: Answer
) -> Answer:
    if not request.batch:
        return answer
    return replace(answer, body=msgspec.json.encode(change(msgspec.json.decode(answer.body))))


def _oldest(by_hash: dict[str, list[Any]]) -> list[Any]:
    return next(iter(by_hash.values()))


# --- the connection ---


def cut_off(_: Request, answer: Answer) -> Answer:
    """The connection ends without an answer."""
    return replace(answer, sent=-1)


def hang(_: Request, answer: Answer) -> Answer:
    """The connection stays open, and nothing comes."""
    return replace(answer, silent=True)


def slow(_: Request, answer: Answer) -> Answer:
    """The answer is right, and late."""
    return replace(answer, pause=0.4)


def half_an_answer(_: Request, answer: Answer) -> Answer:
    """The connection ends in the middle of the body."""
    return replace(answer, sent=len(answer.body) // 2)


# --- HTTP ---


def _status(status: int, **headers: str) -> Fault:
    def fault(_: Request, answer: Answer) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(answer, status=status, headers=named, body=b"<h1>Not now</h1>")

    return fault


too_many = _status(429)
too_many_for_a_second = _status(429, Retry_After="1")
too_many_until_a_date = _status(429, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT")
unavailable = _status(503)
unavailable_for_a_second = _status(503, Retry_After="1")
failing = _status(500)
bad_gateway = _status(502)


# --- JSON ---


def truncated(_: Request, answer: Answer) -> Answer:
    """Half of the JSON, as a complete answer."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def malformed(_: Request, answer: Answer) -> Answer:
    """No JSON at all."""
    return replace(answer, body=b'{"jsonrpc": "2.0", "id": 1, "result": \xff}')


def empty(_: Request, answer: Answer) -> Answer:
    """Status 200 and nothing."""
    return replace(answer, body=b"")


def of_another_shape(request: Request, answer: Answer) -> Answer:
    """JSON, and each result a number where there should be something else."""
    return _each(lambda *_: 7)(request, answer)


def one_error_for_all(_: Request, answer: Answer) -> Answer:
    """One error where there should be a list."""
    told = {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "batch refused"}}
    return replace(answer, body=msgspec.json.encode(told))


def of_another_order(request: Request, answer: Answer) -> Answer:
    """A batch whose answers are right and come the other way round."""
    return _rearranged(lambda answers: answers[::-1], request, answer)


def one_missing(request: Request, answer: Answer) -> Answer:
    """A batch without its last answer."""
    return _rearranged(lambda answers: answers[:-1], request, answer)


def one_refused(request: Request, answer: Answer) -> Answer:
    """An error for one call of a batch, or for the only one."""
    last = len(request.calls) - 1

    def refuse(place: int, _: Call, result: Any) -> Any:
        if place == last:
            raise Refusal(-32000, "header not found")
        return result

    return _changed(refuse, request, answer)


def endless(_: Request, answer: Answer) -> Answer:
    """An answer that never ends."""
    return replace(answer, endless=True, body=b'{"jsonrpc": "2.0", "result": "' + b"0" * 65_536)


# --- ranges ---


def _range_refused(code: int, message: str) -> Fault:
    def refuse(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getLogs" and params[0]["fromBlock"] != params[0]["toBlock"]:
            raise Refusal(code, message)
        return result

    return _each(refuse)


range_too_large = _range_refused(-32005, "query returned more than 10000 results")
range_too_wide = _range_refused(-32000, "Requested range exceeds maximum RPC range limit")
range_not_allowed = _range_refused(-32602, "block range is too large, max 1 block")


# --- logs ---


def _of_logs(change: Callable[[list[Any]], list[Any]]) -> Fault:
    return _each(lambda method, _, result: change(result) if method == "eth_getLogs" else result)


logs_without_the_last = _of_logs(lambda logs: logs[:-1])
logs_without_the_tail = _of_logs(lambda logs: logs[: len(logs) // 2])
logs_without_one = _of_logs(lambda logs: logs[: len(logs) // 3] + logs[len(logs) // 3 + 1 :])
logs_doubled = _of_logs(lambda logs: [log for log in logs for _ in range(2)])
no_logs = _of_logs(lambda _: [])
logs_of_a_made_up_block = _of_logs(lambda logs: [log | {"blockHash": MADE_UP} for log in logs])
logs_with_other_data = _of_logs(
    lambda logs: [log | {"data": log["data"][:-2] + "77"} for log in logs if len(log["data"]) > 2]
)


def logs_of_another_fork(request: Request, answer: Answer) -> Answer:
    """Logs that the node told of blocks of these numbers before it gave them up."""

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method != "eth_getLogs":
            return result
        first, last = (int(params[0][name], 16) for name in ("fromBlock", "toBlock"))
        spans = sorted(n for n in request.memory.logs if first <= n <= last)
        return [log for n in spans for log in _oldest(request.memory.logs[n])]

    return _each(change)(request, answer)


def receipts_without_the_last(request: Request, answer: Answer) -> Answer:
    """Receipts of a block, not all."""
    return _each(
        lambda method, _, result: result[:-1] if method == "eth_getBlockReceipts" else result
    )(request, answer)


def no_receipts(request: Request, answer: Answer) -> Answer:
    """Nothing where the receipts of a block should be."""
    return _each(lambda method, _, result: None if method == "eth_getBlockReceipts" else result)(
        request, answer
    )


# --- blocks ---


def _of_blocks(change: Callable[[Any, Any], Any]) -> Fault:
    """`change` takes what was asked for and the block."""

    def changed(method: str, params: Sequence[Any], result: Any) -> Any:
        is_block = method == "eth_getBlockByNumber" and isinstance(result, dict)
        return change(params[0], result) if is_block else result

    return _each(changed)


no_filters = _of_blocks(lambda _, block: {k: v for k, v in block.items() if k != "logsBloom"})
empty_filters = _of_blocks(lambda _, block: block | {"logsBloom": "0x" + "00" * 256})
full_filters = _of_blocks(lambda _, block: block | {"logsBloom": "0x" + "ff" * 256})
other_hashes = _of_blocks(
    lambda asked, block: block if asked in ("latest", "0x0") else block | {"hash": MADE_UP}
)
other_blocks = _of_blocks(
    lambda asked, block: block if asked in ("latest", "0x0") else forged(block, extraData="0xab")
)
other_parents = _of_blocks(lambda _, block: block | {"parentHash": MADE_UP})
no_blocks = _of_blocks(lambda asked, block: block if asked in ("latest", "0x0") else None)
another_genesis = _of_blocks(
    lambda asked, block: block | {"hash": MADE_UP} if asked == "0x0" else block
)


def from_behind(request: Request, answer: Answer) -> Answer:
    """A node that lacks the last three blocks, and tells nothing of them."""
    memory = request.memory
    head = max(memory.head - 3, 0)

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getBlockByNumber" and isinstance(result, dict):
            if params[0] == "latest":
                return memory.headers.get(head, result)
            return result if int(result["number"], 16) <= head else None
        if method == "eth_getLogs":
            return [log for log in result if int(log["blockNumber"], 16) <= head]
        return result

    return _each(change)(request, answer)


def blocks_of_another_fork(request: Request, answer: Answer) -> Answer:
    """Blocks as the node told them before it gave them up: it hears of a reorganisation late."""
    earlier = request.memory.earlier
    return _of_blocks(
        lambda asked, block: (
            block if asked == "latest" else earlier.get(int(block["number"], 16), block)
        )
    )(request, answer)


def another_chain(request: Request, answer: Answer) -> Answer:
    """A node of another chain."""
    return _each(lambda method, _, result: "0x1" if method == "eth_chainId" else result)(
        request, answer
    )


def _named(names: Iterable[str]) -> dict[str, Fault]:
    return {name: globals()[name] for name in names}


HARMLESS = _named(("slow", "of_another_order"))
"""The answer is still right."""

PASSING = HARMLESS | _named(
    """
    cut_off hang half_an_answer
    too_many too_many_for_a_second too_many_until_a_date
    unavailable unavailable_for_a_second failing bad_gateway
    truncated malformed empty of_another_shape one_error_for_all one_missing one_refused
    range_too_large range_too_wide range_not_allowed
    logs_without_the_last logs_without_the_tail logs_without_one logs_doubled no_logs
    logs_of_a_made_up_block logs_with_other_data logs_of_another_fork
    receipts_without_the_last no_receipts
    no_filters empty_filters full_filters other_hashes other_blocks other_parents no_blocks
    from_behind blocks_of_another_fork
    """.split()  # noqa: SIM905
)
"""What the index must live through by itself."""

STOPPING = _named(("another_chain", "another_genesis"))
"""What the index must stop at."""

FAULTS = PASSING | STOPPING
