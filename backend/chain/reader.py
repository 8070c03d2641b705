"""Reading the contracts' own answers and logs, through RPC alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backend.chain.contract import contract
from backend.chain.rpc import NodeRefusedError, Rpc

VIEWS_PER_BATCH = 200
BLOCKS_PER_QUERY = 1_000_000


@dataclass(frozen=True, slots=True)
class View:
    """A question to one contract: its kind, address, function and arguments."""

    kind: str
    address: str
    function: str
    arguments: tuple[Any, ...] = ()


def read(rpc: Rpc, view: View) -> Any:
    """One answer; structs as dicts, addresses checksummed."""
    return read_all(rpc, [view])[0]


def read_all(rpc: Rpc, views: Sequence[View], block: str = "latest") -> list[Any]:
    """The answers in the order of the questions, as of a block: "latest" or "0x…".

    Raises `NodeRefusedError` where a contract reverts or none stands, and where the node has not
    kept the state of the block.
    """
    answers: list[Any] = []
    for start in range(0, len(views), VIEWS_PER_BATCH):
        part = views[start : start + VIEWS_PER_BATCH]
        found = rpc.batch([("eth_call", [_request(view), block]) for view in part])
        pairs = zip(part, found, strict=True)
        answers += [_answer(view, data) for view, data in pairs]
    return answers


def has_code(rpc: Rpc, addresses: Sequence[str]) -> list[bool]:
    """For each address whether a contract stands there."""
    found: list[bool] = []
    for start in range(0, len(addresses), VIEWS_PER_BATCH):
        part = addresses[start : start + VIEWS_PER_BATCH]
        codes = rpc.batch([("eth_getCode", [address, "latest"]) for address in part])
        found += [code != "0x" for code in codes]
    return found


def block_times(rpc: Rpc, numbers: Iterable[int]) -> dict[int, int]:
    """For each block number the block's timestamp, Unix seconds."""
    times: dict[int, int] = {}
    ordered = sorted(numbers)
    for start in range(0, len(ordered), VIEWS_PER_BATCH):
        part = ordered[start : start + VIEWS_PER_BATCH]
        headers = rpc.batch([("eth_getBlockByNumber", [hex(each), False]) for each in part])
        pairs = zip(part, headers, strict=True)
        times |= {number: int(header["timestamp"], 16) for number, header in pairs}
    return times


def logs(
    rpc: Rpc, addresses: Sequence[str], topics: Sequence[str | None], from_block: int
) -> Iterator[dict[str, Any]]:
    """Logs of some contracts from a block to the newest, in order.

    A range that the node finds too large is halved.
    """
    head = int(rpc.call("eth_blockNumber"), 16)
    start, size = from_block, BLOCKS_PER_QUERY
    while start <= head:
        end = min(start + size - 1, head)
        query = {
            "address": list(addresses),
            "topics": list(topics),
            "fromBlock": hex(start),
            "toBlock": hex(end),
        }
        try:
            found = rpc.call("eth_getLogs", query)
        except NodeRefusedError:
            if size == 1:
                raise
            size = max(1, min(size, end - start + 1) // 2)
            continue
        yield from found
        start = end + 1


def _request(view: View) -> dict[str, str]:
    data = contract(view.kind).call(view.function, *view.arguments)
    return {"to": view.address, "data": "0x" + data.hex()}


def _answer(view: View, data: Any) -> Any:
    if not isinstance(data, str) or data == "0x":
        raise NodeRefusedError(view.function, f"no {view.kind} answers at {view.address}")
    return contract(view.kind).result(view.function, bytes.fromhex(data[2:]))
