"""What Ape finds out anew for every call and transaction, and here never changes.

Its configuration, fees (none) and limits, whether the node mines at once, whether an address has
code, what was logged for debugging; and it waits a tenth of a second where the node needs a few
milliseconds. All that took half of the time of a test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ape
import ape_ethereum.provider
import pytest
from ape.contracts.base import ContractMethodHandler
from web3.eth import Eth

# Seconds: how long to wait for a receipt, and how long between two looks.
TIMEOUT, LATENCY = 120, 0.002


def _constant(value: Any) -> property:
    return property(lambda _: value)


@contextmanager
def haste() -> Iterator[None]:
    """Ape takes for granted what it would ask."""
    node = ape.networks.provider
    network = node.network
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(node), "settings", _constant(node.settings))
        patch.setattr(type(node), "auto_mine", _constant(True))
        patch.setattr(type(node), "max_gas", _constant(node.max_gas))
        for fee in ("base_fee", "priority_fee"):
            patch.setattr(type(node), fee, _constant(0))
        kind = network.ecosystem.default_transaction_type
        patch.setattr(type(network.ecosystem), "default_transaction_type", _constant(kind))
        patch.setattr(Eth.wait_for_transaction_receipt, "__defaults__", (TIMEOUT, LATENCY))
        patch.setattr(type(network), "config", _constant(network.config))
        patch.setattr(ContractMethodHandler, "_validate_is_contract", lambda _: None)
        patch.setattr(ape_ethereum.provider, "_post_send_transaction", lambda *_: None)
        yield
