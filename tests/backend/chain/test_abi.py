"""abi
└── of each contract
    ├── topics and selectors are those of eth_utils
    └── is that which calldata is made with
"""

from __future__ import annotations

import pytest
from eth_utils.abi import event_abi_to_log_topic, function_abi_to_4byte_selector

from backend.chain.abi import NAMES, abi
from backend.chain.contract import contract


@pytest.mark.parametrize("name", NAMES)
def test_topics_and_selectors_are_those_of_others(name: str) -> None:
    found = abi(name)
    assert found.functions
    for function, item in found.functions.items():
        assert found.selector(function) == function_abi_to_4byte_selector(item)
    for topic, item in found.events.items():
        assert topic == event_abi_to_log_topic(item)
        assert found.topic(item["name"]) == f"0x{topic.hex()}"
    for selector, item in found.errors.items():
        assert selector == function_abi_to_4byte_selector(item)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_that_which_calldata_is_made_with(name: str) -> None:
    found, whole = abi(name), contract(name)
    assert (found.functions, found.events, found.errors) == (
        whole.functions,
        whole.events,
        whole.errors,
    )
