"""Receipts and headers of blocks of every size, as they are and changed in each part."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import rlp as rlp_library
from hypothesis import given, settings
from hypothesis import strategies as st
from support.node import anvil
from support.story import Story
from trie import HexaryTrie

from backend.chain.headers import BlockMismatchError, header_hash, require_header
from backend.chain.receipts import (
    Receipt,
    ReceiptLog,
    encode_receipt,
    logs_of,
    require_receipts,
    trie_root,
)
from backend.chain.rlp import rlp
from backend.chain.rpc import Rpc

Block = tuple[dict[str, Any], list[dict[str, Any]]]

SIZES = (0, 1, 2, 17, 130, 300)
# Emits one log of 32 bytes with one topic, and ends.
EMITTING = "0x7f" + "ab" * 32 + "60206000a100"
EMPTY_ROOT = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
MAINNET_1 = {
    "number": "0x1",
    "hash": "0x88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6",
    "parentHash": "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
    "sha3Uncles": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
    "miner": "0x05a56e2d52c817161883f50c441c3228cfe54d9f",
    "stateRoot": "0xd67e4d450343046425ae4271474353857ab860dbc0a1dde64b41b5cd3a532bf3",
    "transactionsRoot": EMPTY_ROOT,
    "receiptsRoot": EMPTY_ROOT,
    "logsBloom": "0x" + "00" * 256,
    "difficulty": "0x3ff800000",
    "gasLimit": "0x1388",
    "gasUsed": "0x0",
    "timestamp": "0x55ba4224",
    "extraData": "0x476574682f76312e302e302f6c696e75782f676f312e342e32",
    "mixHash": "0x969b900de27b6ac6a67742365dd65f55a0526c41fd18e1b16f1a1215c2e66f59",
    "nonce": "0x539bd4979fef1ec4",
    "transactions": [],
}


@pytest.fixture(scope="module")
def blocks() -> Iterator[dict[int, Block]]:
    """A block of each size, by size; old and new kinds of transactions, each with a log."""
    with anvil() as url, Rpc(url) as rpc:
        yield _mined(rpc)


def _mined(rpc: Rpc) -> dict[int, Block]:
    sender = rpc.call("eth_accounts")[0]
    rpc.call("evm_setAutomine", False)
    found: dict[int, Block] = {}
    nonce = 0
    for number, size in enumerate(SIZES, 1):
        for _ in range(size):
            request = {"from": sender, "data": EMITTING, "nonce": hex(nonce), "gas": "0xffff"}
            rpc.call("eth_sendTransaction", request | ({"gasPrice": "0x1"} if nonce % 3 else {}))
            nonce += 1
        rpc.call("evm_mine")
        header = rpc.call("eth_getBlockByNumber", hex(number), False)
        found[size] = header, rpc.call("eth_getBlockReceipts", hex(number))
    return found


@pytest.mark.parametrize("size", SIZES)
def test_blocks_of_every_size(blocks: dict[int, Block], size: int) -> None:
    header, receipts = blocks[size]
    assert len(receipts) == size
    require_receipts(header, receipts)
    assert [log["logIndex"] for log in logs_of(receipts)] == [hex(i) for i in range(size)]


def test_nothing_is_kept_but_what_is_needed(blocks: dict[int, Block]) -> None:
    header, receipts = blocks[17]
    much = {"much": [[[]] * 10] * 10, "more": {"a": {}}}
    logs = [[log | much for log in each["logs"]] for each in receipts]
    told = [each | much | {"logs": its} for each, its in zip(receipts, logs, strict=True)]
    kept = msgspec.json.decode(msgspec.json.encode(told), type=list[Receipt])
    require_receipts(header, kept)
    assert all(each.keys() <= Receipt.__annotations__.keys() for each in kept)
    assert all(log.keys() == ReceiptLog.__annotations__.keys() for log in logs_of(kept))


def test_both_kinds_of_receipts_were_met(blocks: dict[int, Block]) -> None:
    assert {receipt["type"] for receipt in blocks[17][1]} == {"0x0", "0x2"}
    assert encode_receipt(blocks[17][1][0])[0] == 2
    assert encode_receipt(blocks[17][1][1])[0] >= 0xC0


def test_all_blocks_of_the_story(story: Story) -> None:
    head = int(story.rpc.call("eth_blockNumber"), 16)
    count = 0
    for number in range(head + 1):
        header = story.rpc.call("eth_getBlockByNumber", hex(number), False)
        receipts = story.rpc.call("eth_getBlockReceipts", hex(number))
        require_receipts(header, receipts)
        count += len(logs_of(receipts))
    assert count > 150


Tamper = Callable[[dict[str, Any], list[dict[str, Any]]], object]


def _drop_log(_: dict[str, Any], receipts: list[dict[str, Any]]) -> None:
    # The last one: nothing else moves.
    receipts[-1]["logs"] = []


def _hide(header: dict[str, Any], receipts: list[dict[str, Any]]) -> None:
    receipts.pop()
    header["transactions"].pop()


ROOT = "the root of its receipts"
PLACE = "the place of log 1"
TAMPERED: dict[str, tuple[Tamper, str]] = {
    "log left out": (_drop_log, ROOT),
    "receipt and transaction left out": (_hide, ROOT),
    "receipt left out": (lambda h, r: r.pop(0), "the list of its receipts' transactions"),
    "all left out": (lambda h, r: r.clear(), "the list of its receipts' transactions"),
    "other order": (lambda h, r: r.reverse(), "the list of its receipts' transactions"),
    "data changed": (lambda h, r: r[1]["logs"][0].update(data="0x" + "01" * 32), ROOT),
    "data cut": (lambda h, r: r[1]["logs"][0].update(data="0x00"), ROOT),
    "topic changed": (lambda h, r: r[1]["logs"][0].update(topics=["0x" + "ac" * 32]), ROOT),
    "topic left out": (lambda h, r: r[1]["logs"][0].update(topics=[]), ROOT),
    "address changed": (lambda h, r: r[1]["logs"][0].update(address="0x" + "11" * 20), ROOT),
    "outcome changed": (lambda h, r: r[0].update(status="0x0"), ROOT),
    "gas changed": (lambda h, r: r[0].update(cumulativeGasUsed="0x1"), ROOT),
    "bloom changed": (lambda h, r: r[0].update(logsBloom="0x" + "00" * 256), ROOT),
    "kind changed": (lambda h, r: r[1].update(type="0x1"), ROOT),
    "not hexadecimal": (lambda h, r: r[1]["logs"][0].update(data="zz"), "a receipt"),
    "outcome below zero": (lambda h, r: r[0].update(status="-0x1"), "a receipt"),
    "no gas": (lambda h, r: r[1].pop("cumulativeGasUsed"), "a receipt"),
    "index changed": (lambda h, r: r[1]["logs"][0].update(logIndex="0x7"), PLACE),
    "other block": (lambda h, r: r[1]["logs"][0].update(blockNumber="0x7"), PLACE),
    "other hash": (lambda h, r: r[1]["logs"][0].update(blockHash="0x7"), PLACE),
    "other transaction": (lambda h, r: r[1]["logs"][0].update(transactionHash="0x7"), PLACE),
    "root changed": (lambda h, r: h.update(receiptsRoot=EMPTY_ROOT), "the hash of its header"),
    "time changed": (lambda h, r: h.update(timestamp="0x7"), "the hash of its header"),
    "hash changed": (lambda h, r: h.update(hash="0x7"), "the hash of its header"),
    "gas below zero": (lambda h, r: h.update(gasLimit="-0x1"), "the header"),
    "part of the header left out": (lambda h, r: h.pop("stateRoot"), "the header"),
}


@pytest.mark.parametrize("name", TAMPERED)
@pytest.mark.parametrize("size", [2, 17, 130])
def test_a_lie_is_found(blocks: dict[int, Block], size: int, name: str) -> None:
    header, receipts = copy.deepcopy(blocks[size])
    tamper, what = TAMPERED[name]
    tamper(header, receipts)
    with pytest.raises(BlockMismatchError) as raised:
        require_receipts(header, receipts)
    assert raised.value.what == what
    assert raised.value.found != raised.value.expected


def test_an_error_names_block_found_and_expected(blocks: dict[int, Block]) -> None:
    header, receipts = copy.deepcopy(blocks[1])
    receipts[0]["logs"] = []
    found = "0x" + trie_root([encode_receipt(receipts[0])]).hex()
    with pytest.raises(BlockMismatchError) as raised:
        require_receipts(header, receipts)
    expected = f"Block 2: the root of its receipts is {found}, expected {header['receiptsRoot']}"
    assert raised.value.detail == expected
    assert (raised.value.block, raised.value.found) == (2, found)


def test_a_block_of_the_main_network() -> None:
    require_receipts(MAINNET_1, [])
    with pytest.raises(BlockMismatchError):
        require_header(MAINNET_1 | {"nonce": "0x539bd4979fef1ec5"})


def test_old_receipts_carry_the_root_of_the_state(blocks: dict[int, Block]) -> None:
    receipt = {k: v for k, v in blocks[17][1][1].items() if k not in {"status", "type"}}
    log = receipt["logs"][0]
    plain = [bytes.fromhex(each[2:]) for each in (log["address"], *log["topics"], log["data"])]
    expected = [
        b"\x12" * 32,
        int(receipt["cumulativeGasUsed"], 16),
        bytes.fromhex(receipt["logsBloom"][2:]),
        [[plain[0], [plain[1]], plain[2]]],
    ]
    found = encode_receipt(receipt | {"root": "0x" + "12" * 32})
    assert found == rlp_library.encode(expected)


@pytest.mark.parametrize("vote", [[], [b"\x03" * 20, b"\xff"]])
@pytest.mark.parametrize("validators", [1, 4])
def test_a_qbft_block_leaves_out_round_and_seals(validators: int, vote: list[bytes]) -> None:
    mark = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"

    def header(round_: int, seals: int) -> dict[str, Any]:
        addresses = [bytes([i]) * 20 for i in range(validators)]
        signed = [bytes([i]) * 65 for i in range(seals)]
        extra = rlp_library.encode([b"\0" * 32, addresses, vote, round_, signed])
        return MAINNET_1 | {"mixHash": mark, "extraData": "0x" + extra.hex()}

    plain = header(0, 0)
    expected = header_hash(plain | {"mixHash": "0x00"})
    assert header_hash(header(3, 4)) == header_hash(header(0, 3)) == header_hash(plain) != expected
    # The first block is hashed as it stands.
    first = [header_hash(header(0, seals) | {"number": "0x0"}) for seals in (0, 1)]
    assert first[0] != first[1]


ITEMS = st.recursive(st.binary(max_size=70), lambda below: st.lists(below, max_size=6))


@given(ITEMS)
def test_rlp_is_that_of_the_library(item: Any) -> None:
    assert rlp(item) == rlp_library.encode(item)


@pytest.mark.parametrize("size", [0, 1, 55, 56, 255, 256, 65535, 65536])
def test_rlp_of_long_values(size: int) -> None:
    assert rlp(b"\x81" * size) == rlp_library.encode(b"\x81" * size)
    assert rlp([b"\x01"] * size) == rlp_library.encode([b"\x01"] * size)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=40), max_size=300))
def test_roots_are_those_of_the_library(values: list[bytes]) -> None:
    whole = HexaryTrie({})
    for index, value in enumerate(values):
        whole[rlp_library.encode(index)] = value
    assert trie_root(values) == whole.root_hash


def test_nothing_has_the_root_of_the_empty_trie() -> None:
    assert "0x" + trie_root([]).hex() == EMPTY_ROOT
