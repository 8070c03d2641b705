"""Calldata, results, events and errors as the ABIs have them, against a real node."""

from __future__ import annotations

import json
import re
from importlib import resources

import pytest
from eth_abi.abi import encode
from eth_abi.exceptions import DecodingError
from support.story import Story
from support.vocabulary import amendment, changed, milestone

from backend.chain.abi import NAMES
from backend.chain.contract import Refusal, contract, refusal


def selector(kind: str, error: str) -> bytes:
    return next(s for s, item in contract(kind).errors.items() if item["name"] == error)


@pytest.mark.parametrize("name", NAMES)
def test_the_package_carries_abi_and_bytecode(name: str) -> None:
    found = contract(name)
    assert len(found.bytecode) > 100
    assert found.functions
    assert found.errors
    text = resources.files("backend.chain").joinpath("artifacts", f"{name}.json").read_text()
    assert set(json.loads(text)) >= {"abi", "bytecode"}


def test_selectors_are_those_of_the_standards() -> None:
    token = contract("SettlementToken")
    assert token.selector("transfer").hex() == "a9059cbb"
    assert token.selector("approve").hex() == "095ea7b3"
    assert token.topic("Transfer") == (
        "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    )


def test_calldata_of_plain_arguments() -> None:
    data = contract("SettlementToken").call("approve", "0x" + "11" * 20, 7)
    assert data.hex() == "095ea7b3" + "11".rjust(26, "0") + "11" * 19 + f"{7:064x}"


def test_structs_are_given_by_name_or_by_position() -> None:
    kind = contract("Agreement")
    terms = amendment(
        increase=1,
        changes=[changed(2, 3, 4, b"\5" * 32)],
        milestones=[milestone(5, 6, b"\1" * 32, b"\2" * 32)],
        reason=b"\3" * 32,
        document=b"\4" * 32,
    )
    changes = [(2, 3, 4, b"\5" * 32, False)]
    milestones = [(5, 6, b"\1" * 32, b"\2" * 32)]
    positional = (1, 0, 0, changes, milestones, b"\3" * 32, b"\0" * 32, b"\4" * 32, 0)
    assert kind.call("proposeAmendment", terms) == kind.call("proposeAmendment", positional)
    backwards = dict(reversed(list(terms.items())))
    assert kind.call("proposeAmendment", backwards) == kind.call("proposeAmendment", terms)


def test_too_few_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        contract("SettlementToken").call("approve", "0x" + "11" * 20)
    with pytest.raises(KeyError, match="decrease"):
        contract("Agreement").call("proposeAmendment", {"increase": 1})


def test_results_and_events_of_a_real_contract(story: Story) -> None:
    agreement = next(iter(story.contracts.values()))
    world = story.world
    parties = world.view("Agreement", agreement.address, "parties")
    people = ["buyer", "supplier", "treasury", "arbiter", "committee", "quorum", "inspectors"]
    assert list(parties) == people
    assert parties["committee"] == sorted(parties["committee"])
    log = story.rpc.call(
        "eth_getLogs",
        {
            "fromBlock": "0x0",
            "toBlock": "latest",
            "address": agreement.address,
            "topics": [contract("Agreement").topic("MilestonesScheduled")],
        },
    )[0]
    name, values = contract("Agreement").event(log) or ("", {})
    assert name == "MilestonesScheduled"
    assert list(values) == ["first", "milestones"]
    assert list(values["milestones"][0]) == ["amount", "dueAt", "payee", "document"]
    assert contract("Budget").event(log) is None
    assert contract("Agreement").event(log | {"topics": []}) is None
    with pytest.raises(DecodingError):
        contract("Agreement").event(log | {"data": log["data"][:66]})


def test_a_refusal_carries_its_arguments_by_name() -> None:
    holder = "0x" + "ab" * 20
    data = selector("SettlementToken", "ERC20InsufficientBalance") + encode(
        ["address", "uint256", "uint256"], [holder, 5, 2**255]
    )
    found = refusal(data)
    assert found is not None
    assert found.name == "ERC20InsufficientBalance"
    address = found.arguments.pop("sender")
    assert re.fullmatch("0x[0-9a-fA-F]{40}", address)
    assert address.lower() == holder
    assert address != holder  # checksummed
    assert found.arguments == {"balance": 5, "needed": 2**255}


@pytest.mark.parametrize("data", [b"", b"\x08", b"\x08\xc3\x79\xa0", b"\xde\xad\xbe\xef" * 9])
def test_what_no_contract_of_ours_declares_is_no_refusal(data: bytes) -> None:
    assert refusal(data) is None


def test_an_error_that_is_cut_off_is_no_refusal() -> None:
    whole = selector("Budget", "LineUnknown") + b"\7" * 32
    assert refusal(whole) == Refusal("LineUnknown", {"line": b"\7" * 32})
    assert refusal(whole[:20]) is None


def test_errors_of_the_same_name_have_the_same_arguments_everywhere() -> None:
    shapes: dict[str, set[str]] = {}
    for name in NAMES:
        for item in contract(name).errors.values():
            shapes.setdefault(item["name"], set()).add(json.dumps(item["inputs"], sort_keys=True))
    assert {name for name, found in shapes.items() if len(found) > 1} == set()
