"""the filter of a block
├── is what stands in its header, for blocks of no log, one and many
├── of no log is empty
├── does not depend on the order or the number of equal logs
└── shows any address or topic that sets a bit which nothing else sets
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from eth_utils.crypto import keccak
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.story import Story

from backend.chain.blooms import bloom_of
from backend.chain.logs import Log

ADDRESSES = st.binary(min_size=20, max_size=20).map(lambda value: f"0x{value.hex()}")
TOPICS = st.binary(min_size=32, max_size=32).map(lambda value: f"0x{value.hex()}")


def log(address: str, topics: list[str]) -> Log:
    """A log, of which only this counts."""
    return Log(address, topics, "0x", "0x1", "0x", "0x", "0x0", "0x0")


LOGS = st.lists(st.builds(log, ADDRESSES, st.lists(TOPICS, max_size=4)), min_size=1, max_size=8)


def test_is_what_stands_in_the_header(story: Story) -> None:
    head = int(story.rpc.call("eth_blockNumber"), 16)
    sizes = set()
    for number in range(head + 1):
        block = story.rpc.call("eth_getBlockByNumber", hex(number), False)
        answer: Any = story.rpc.call("eth_getLogs", {"blockHash": block["hash"]})
        logs = msgspec.convert(answer, list[Log])
        assert bloom_of(logs) == int(block["logsBloom"], 16), number
        sizes.add(len(logs))
    assert head > 100
    assert {0, 1, 2, 3} <= sizes


def test_of_nothing_is_empty() -> None:
    assert bloom_of([]) == 0


def test_sets_three_bits_for_a_value() -> None:
    # Yellow Paper, 4.3.1: the low eleven bits of the first three pairs of bytes of the hash.
    address = "0x" + "ab" * 20
    digest = keccak(hexstr=address)
    bits = {int.from_bytes(digest[i : i + 2]) % 2048 for i in (0, 2, 4)}
    assert bloom_of([log(address, [])]) == sum(1 << bit for bit in bits)


@given(LOGS, st.randoms())
def test_does_not_depend_on_order_or_number(logs: list[Log], random: Any) -> None:
    shuffled = logs * 2
    random.shuffle(shuffled)
    assert bloom_of(shuffled) == bloom_of(logs)


def without(logs: list[Log], place: int, topic: int | None) -> list[Log]:
    """The logs without one, or without one topic of it."""
    if topic is None:
        return logs[:place] + logs[place + 1 :]
    left = [each for i, each in enumerate(logs[place].topics) if i != topic]
    return [*logs[:place], replace(logs[place], topics=left), *logs[place + 1 :]]


@given(LOGS, st.data())
def test_shows_what_is_missing(logs: list[Log], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(logs) - 1))
    choices = [None, *range(len(logs[place].topics))]
    topic = data.draw(st.sampled_from(choices))
    left = without(logs, place, topic)
    gone = [logs[place]] if topic is None else [log(logs[place].topics[topic], [])]
    # Three of 2048 bits may all be set by others; then the filter cannot show it.
    assume(bloom_of(gone) & ~bloom_of(left))
    assert bloom_of(left) != bloom_of(logs)


@pytest.mark.parametrize(("address", "topics"), [("0xzz", []), ("0x" + "ab" * 20, ["0x1"])])
def test_what_is_not_hexadecimal_is_refused(address: str, topics: list[str]) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        bloom_of([log(address, topics)])
