"""The hash of a contract's state, against what the node says of the same blocks."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from support.story import Story

from backend.chain.rpc import Rpc
from backend.db.session import Database
from backend.queries.contracts import find_agreement
from backend.queries.history import contract_history
from backend.queries.states import ContractState, states

NUMBERS = range(1, 9)


def states_of(database: Database, number: int) -> tuple[str, list[ContractState]]:
    """The address of a contract, and every state that it was in."""
    with database.reading() as session:
        address = find_agreement(session, str(number)).address
        return address, states(address, contract_history(session, address))


def logs_of(rpc: Rpc, address: str) -> list[dict[str, Any]]:
    """What a node says that an agreement emitted."""
    asked = {"address": address, "fromBlock": "0x0", "toBlock": "latest"}
    return list(rpc.call("eth_getLogs", asked))


def hash_of(address: str, logs: list[dict[str, Any]]) -> str:
    """The text that is hashed, as the documents describe it."""
    lines = [address, *(f"{log['blockHash']} {int(log['logIndex'], 16)}" for log in logs)]
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


@pytest.mark.parametrize("number", NUMBERS)
def test_every_state_follows_from_the_logs_of_a_node(
    told: Database, story: Story, number: int
) -> None:
    address, found = states_of(told, number)
    logs = logs_of(story.rpc, address)
    assert logs
    assert [state.hash for state in found] == [
        hash_of(address, logs[:count]) for count in range(len(logs) + 1)
    ]
    assert [state.events for state in found] == list(range(len(logs) + 1))


def test_states_count_payments_and_say_since_when(told: Database) -> None:
    _, found = states_of(told, 1)
    assert (found[0].payments, found[0].since) == (0, None)
    assert found[-1].payments == 1
    moments = [state.since for state in found[1:] if state.since]
    assert len(moments) == len(found) - 1
    assert moments == sorted(moments)


def test_no_two_contracts_have_a_state_in_common(told: Database) -> None:
    hashes = [state.hash for number in NUMBERS for state in states_of(told, number)[1]]
    assert len(set(hashes)) == len(hashes)
