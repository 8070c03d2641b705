"""Reading views, codes, times and logs through RPC alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from support.faults import ChangedRpc, limited
from support.story import Story

from backend.chain import reader
from backend.chain.agreements import list_agreements
from backend.chain.contract import contract
from backend.chain.reader import View, block_times, has_code, logs, read, read_all
from backend.chain.rpc import NodeRefusedError, Rpc


@pytest.fixture
def addresses(story: Story) -> list[str]:
    return [each.address for each in story.contracts.values()]


def test_one_view(story: Story) -> None:
    made = story.world.deployment
    assert (
        read(story.rpc, View("AgreementFactory", made.factory, "tokenOf", ("MXN",)))
        == (story.world.tokens["MXN"])
    )


def test_views_as_of_a_block(story: Story) -> None:
    made = story.world.deployment
    view = View("AgreementFactory", made.factory, "tokenOf", ("MXN",))
    topic = contract("AgreementFactory").topic("TokenAdmitted")
    first = next(logs(story.rpc, [made.factory], [topic], made.start_block))
    admitted = int(first["blockNumber"], 16)
    token = story.world.tokens["MXN"]
    assert read_all(story.rpc, [view], hex(admitted)) == [token]
    assert read_all(story.rpc, [view], hex(admitted - 1)) == ["0x" + "0" * 40]
    with pytest.raises(NodeRefusedError):
        read_all(story.rpc, [view], hex(10**9))


@pytest.mark.parametrize("per_batch", [1, 3, 200])
def test_many_views_come_in_order_over_any_number_of_batches(
    story: Story, addresses: list[str], monkeypatch: pytest.MonkeyPatch, per_batch: int
) -> None:
    monkeypatch.setattr(reader, "VIEWS_PER_BATCH", per_batch)
    listed = list(list_agreements(story.rpc, story.world.deployment))
    factory = story.world.deployment.factory
    names = [(terms["ocid"], terms["contractId"]) for _, _, terms in listed]
    found = read_all(story.rpc, [View("AgreementFactory", factory, "addressOf", n) for n in names])
    assert found == [address for _, address, _ in listed] == addresses
    codes = has_code(story.rpc, [*addresses, "0x" + "9" * 40, story.world.deployment.budget])
    assert codes == [True] * len(addresses) + [False, True]
    head = int(story.rpc.call("eth_blockNumber"), 16)
    times = block_times(story.rpc, {0, head, 1, 2})
    assert list(times) == [0, 1, 2, head]
    assert times[0] == 631_152_000
    assert block_times(story.rpc, set()) == {}


@pytest.mark.parametrize("most", [1, 2, 7, 1000])
def test_logs_are_the_same_however_few_blocks_the_node_allows(
    story: Story, node_url: str, addresses: list[str], most: int
) -> None:
    start = story.world.deployment.start_block
    whole = list(logs(story.rpc, addresses, [], start))
    assert len(whole) > 50
    with ChangedRpc(node_url, limited(most)) as strict:
        assert list(logs(strict, addresses, [], start)) == whole


def test_logs_begin_where_asked_and_may_be_none(story: Story, addresses: list[str]) -> None:
    head = int(story.rpc.call("eth_blockNumber"), 16)
    whole = list(logs(story.rpc, addresses, [], 0))
    middle = int(whole[len(whole) // 2]["blockNumber"], 16)
    later = [each for each in whole if int(each["blockNumber"], 16) >= middle]
    assert list(logs(story.rpc, addresses, [], middle)) == later
    assert list(logs(story.rpc, addresses, [], head + 1)) == []


class Stubborn(Rpc):
    """Refuses every request for logs."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.asked: list[tuple[str, str]] = []

    def call(self, method: str, *params: Any) -> Any:
        if method == "eth_getLogs":
            self.asked.append((params[0]["fromBlock"], params[0]["toBlock"]))
            raise NodeRefusedError(method, {"code": -32005, "message": "too many results"})
        return super().call(method, *params)


def test_a_node_that_refuses_even_one_block_is_believed(story: Story, node_url: str) -> None:
    with Stubborn(node_url) as rpc, pytest.raises(NodeRefusedError, match="too many results"):
        list(logs(rpc, [], [], 0))
    assert rpc.asked[-1] == ("0x0", "0x0")
    assert len(rpc.asked) < 20


def test_a_view_of_an_address_without_a_contract_is_said(story: Story) -> None:
    nowhere = "0x" + "9" * 40
    with pytest.raises(NodeRefusedError) as caught:
        read(story.rpc, View("Agreement", nowhere, "money"))
    assert nowhere in caught.value.detail


def test_a_view_that_reverts_is_a_refusal_with_data(story: Story, addresses: list[str]) -> None:
    views: Sequence[View] = [View("Agreement", addresses[0], "payeeOf", (99,))]
    with pytest.raises(NodeRefusedError) as caught:
        read_all(story.rpc, views)
    assert len(caught.value.data) >= 4
    assert json.dumps(caught.value.data.hex())
