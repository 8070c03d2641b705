"""Nodes that lie, forget or are on another chain, and an index that is of another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from support.faults import Change, ChangedRpc, forged
from support.indexes import Indexes
from support.works import Works

from backend.chain.contract import contract
from backend.chain.headers import BlockMismatchError
from backend.chain.rpc import NodeRefusedError, Rpc
from backend.db.models import Cursor
from backend.db.session import Database
from backend.verification.differences import Difference, Side
from backend.verification.errors import AgreementUnknownError, NotComparableError
from backend.verification.verifying import verify

from .conftest import checked


def through(works: Works, change: Change) -> Rpc:
    """The node of the works, as somebody wants it seen."""
    return ChangedRpc(works.rpc.url, change)


def at(number: int, method: str, tamper: Callable[[Any], Any]) -> Change:
    """Answers of a method about one block, changed."""

    def change(asked: str, params: Sequence[Any], result: Any) -> Any:
        return tamper(result) if (asked, *params[:1]) == (method, hex(number)) else result

    return change


@pytest.fixture(scope="module")
def paying(works: Works, known: Any) -> int:
    """A block in which a payment was made."""
    return next(f.block for f in known.facts["plant"] if f.name == "PaymentMade")


def without_a_log(receipts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    logs = [receipt["logs"] for receipt in receipts]
    return [r | {"logs": kept[:-1]} for r, kept in zip(receipts, logs, strict=True)]


def without_receipts(_: Any) -> list[Any]:
    return []


def rewritten(header: dict[str, Any]) -> dict[str, Any]:
    """Another block, which has the hash that it must have."""
    return forged(header, timestamp=hex(int(header["timestamp"], 16) + 1))


def test_a_log_that_is_hidden(works: Works, worked: Database, paying: int) -> None:
    change = at(paying, "eth_getBlockReceipts", without_a_log)
    with through(works, change) as rpc, pytest.raises(BlockMismatchError) as raised:
        checked(rpc, works, worked)
    assert raised.value.detail.startswith(f"Block {paying}: the root of its receipts is 0x")
    root = works.rpc.call("eth_getBlockByNumber", hex(paying), False)["receiptsRoot"]
    assert raised.value.expected == root


def test_all_logs_of_a_block_that_are_hidden(works: Works, worked: Database, paying: int) -> None:
    change = at(paying, "eth_getBlockReceipts", without_receipts)
    with through(works, change) as rpc, pytest.raises(BlockMismatchError) as raised:
        checked(rpc, works, worked)
    assert (raised.value.block, raised.value.found) == (paying, [])


def test_receipts_that_are_missing(works: Works, worked: Database, paying: int) -> None:
    change = at(paying, "eth_getBlockReceipts", lambda _: None)
    with through(works, change) as rpc, pytest.raises(NotComparableError, match="no receipts"):
        checked(rpc, works, worked)


def test_a_header_that_hides_its_logs(works: Works, worked: Database, paying: int) -> None:
    bare = {"logsBloom": "0x" + "00" * 256}
    change = at(paying, "eth_getBlockByNumber", lambda header: header | bare)
    with through(works, change) as rpc, pytest.raises(BlockMismatchError) as raised:
        checked(rpc, works, worked)
    assert (raised.value.block, raised.value.what) == (paying, "the hash of its header")


def test_a_block_of_another_chain_in_the_middle(
    works: Works, worked: Database, paying: int
) -> None:
    change = at(paying, "eth_getBlockByNumber", rewritten)
    with through(works, change) as rpc, pytest.raises(NotComparableError) as raised:
        checked(rpc, works, worked)
    assert raised.value.detail.startswith(f"Block {paying + 1} follows 0x")


def test_a_block_that_is_missing_in_the_middle(works: Works, worked: Database, paying: int) -> None:
    change = at(paying, "eth_getBlockByNumber", lambda _: None)
    with through(works, change) as rpc, pytest.raises(NotComparableError) as raised:
        checked(rpc, works, worked)
    assert raised.value.detail == f"The node has no block {paying}."


def test_a_block_in_place_of_another(works: Works, worked: Database, paying: int) -> None:
    before = works.rpc.call("eth_getBlockByNumber", hex(paying - 1), False)
    change = at(paying, "eth_getBlockByNumber", lambda _: before)
    with through(works, change) as rpc, pytest.raises(NotComparableError) as raised:
        checked(rpc, works, worked)
    assert raised.value.detail == f"The node gives block {paying - 1} for block {paying}."


def test_a_node_without_receipts_of_whole_blocks(works: Works, worked: Database) -> None:
    def change(method: str, _: Sequence[Any], result: Any) -> Any:
        if method == "eth_getBlockReceipts":
            raise NodeRefusedError(method, {"code": -32601, "message": "method not found"})
        return result

    with through(works, change) as rpc:
        done, differences = checked(rpc, works, worked)
    assert differences == []
    assert done.receipts > 150


class Small(Rpc):
    """A node that answers only so many requests for receipts at once."""

    def __init__(self, url: str, most: int) -> None:
        super().__init__(url)
        self._most = most

    def batch_as(self, shape: Any, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Many requests, but not too many."""
        asked = sum(method == "eth_getBlockReceipts" for method, _ in calls)
        if asked > self._most:
            raise NodeRefusedError("batch", {"code": -32005, "message": "response too large"})
        return super().batch_as(shape, calls)


def test_a_node_that_refuses_large_answers(works: Works, worked: Database) -> None:
    with Small(works.rpc.url, 3) as rpc:
        assert checked(rpc, works, worked)[1] == []
    with Small(works.rpc.url, 0) as rpc, pytest.raises(NodeRefusedError, match="too large"):
        checked(rpc, works, worked)


def test_a_node_that_has_not_kept_the_state(works: Works, worked: Database) -> None:
    """The logs alone are used, and everything is found all the same."""

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_call" and params[1] != "latest":
            raise NodeRefusedError(method, {"code": -32602, "message": "block out of range"})
        return result

    with through(works, change) as rpc:
        done, differences = checked(rpc, works, worked)
    assert (differences, done.views, done.payments) == ([], False, 20)


@pytest.mark.parametrize(
    ("kind", "function", "column", "key"),
    [
        ("Agreement", "status", "status", None),
        ("Agreement", "money", "interestOwed", None),
        ("Agreement", "owedTo", "amount", "claim"),
        ("SettlementToken", "balanceOf", "balance", None),
    ],
)
def test_a_view_that_says_something_else(
    works: Works, worked: Database, kind: str, function: str, column: str, key: str | None
) -> None:
    selector = "0x" + contract(kind).selector(function).hex()

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_call" and params[0]["data"].startswith(selector):
            # The last word is the last figure.
            last = int(result[-64:], 16) + 1
            return result[:-64] + f"{last:064x}"
        return result

    with through(works, change) as rpc:
        done, differences = checked(rpc, works, worked, only=1)
    assert done.views
    found = [(each.side, each.table, each.column) for each in differences]
    assert found == [(Side.VIEW, function, column)]
    assert differences[0].found == differences[0].expected + 1
    assert (differences[0].key == works.contracts["plant"].address) == (key is None)


def test_milestones_that_say_something_else(works: Works, worked: Database) -> None:
    kind = contract("Agreement")
    selector = "0x" + kind.selector("milestones").hex()
    words = len(kind.functions["milestones"]["outputs"][0]["components"])

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_call" and params[0]["data"].startswith(selector):
            # Offset and length come first, and the amount first of each milestone.
            start = 2 + 64 * (2 + words)
            amount = int(result[start : start + 64], 16) + 1
            return result[:start] + f"{amount:064x}" + result[start + 64 :]
        return result

    with through(works, change) as rpc:
        _, differences = checked(rpc, works, worked, only=1)
    plant = works.contracts["plant"].address
    assert differences == [
        Difference(Side.VIEW, 1, "milestones", plant, "1.amount", 300_000, 300_001)
    ]


# --- another chain ---


def set_cursor(database: Database, **values: Any) -> None:
    with database.transaction() as session:
        session.execute(update(Cursor).values(**values))


@pytest.mark.parametrize(
    ("values", "detail"),
    [
        ({"block_hash": "0x" + "7" * 64}, "The index has seen block {block} as 0x777"),
        ({"block": 999_999}, "The index stands at block 999999, 0x"),
        ({"chain_id": 7}, "The index is of (7, '0x"),
        ({"genesis_hash": "0x" + "7" * 64}, "The index is of (2026, '0x777"),
        ({"factory": "0x" + "7" * 40}, "The index is of (2026, '0x"),
    ],
)
def test_an_index_of_another_chain(
    works: Works, database: Database, indexes: Indexes, values: dict[str, Any], detail: str
) -> None:
    indexes.fill(database, works)
    set_cursor(database, **values)
    block = int(works.rpc.call("eth_blockNumber"), 16)
    with pytest.raises(NotComparableError) as raised:
        checked(works.rpc, works, database)
    assert raised.value.detail.startswith(detail.format(block=block))


def test_a_node_of_another_chain(works: Works, worked: Database, own_rpc: Rpc) -> None:
    with (
        through(works, at_all("eth_chainId", "0x7")) as rpc,
        pytest.raises(NotComparableError, match=r"The node is on chain \(7, '0x"),
    ):
        checked(rpc, works, worked)
    # The same first block, and nothing after it.
    with pytest.raises(NotComparableError, match="the node has no such block"):
        checked(own_rpc, works, worked)


def at_all(method: str, answer: Any) -> Change:
    """One answer to all questions of a kind."""
    return lambda asked, _, result: answer if asked == method else result


def test_an_empty_index(works: Works, database: Database) -> None:
    database.migrate()
    with pytest.raises(NotComparableError, match="No block has been indexed yet"):
        checked(works.rpc, works, database)


@pytest.mark.parametrize("number", [0, 7])
def test_an_agreement_that_is_not_there(works: Works, worked: Database, number: int) -> None:
    with pytest.raises(AgreementUnknownError, match=f"No agreement {number}: there are 6"):
        checked(works.rpc, works, worked, only=number)


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("registry", "The factory relies on the registry 0x"),
        ("budget", "The factory relies on the budget 0x"),
        ("calendar", "No calendar answers at 0x"),
    ],
)
def test_a_deployment_that_names_other_contracts(
    works: Works, worked: Database, name: str, detail: str
) -> None:
    made = works.world.deployment
    other = replace(made, **{name: made.authority})
    with worked.reading() as session:
        _, found = verify(works.rpc, other, session)
        with pytest.raises(NotComparableError, match=detail):
            list(found)
