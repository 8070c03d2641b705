"""The agreements of a factory, in the order of their creation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.reader import logs
from backend.chain.rpc import Rpc


def list_agreements(rpc: Rpc, made: Deployment) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Number, address and terms (as signed) of every agreement."""
    kind = contract("AgreementFactory")
    created = logs(rpc, [made.factory], [kind.topic("AgreementCreated")], made.start_block)
    for number, log in enumerate(created, 1):
        _, values = kind.event(log) or ("", {})
        yield number, values["agreement"], values["terms"]
