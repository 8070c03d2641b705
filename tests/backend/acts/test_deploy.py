"""Deploying: who may do what afterwards, and once only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from support.acting import VALUE, Scene
from support.faults import ChangedRpc
from support.loading import Place

from backend.acts.accounts import find_signer
from backend.acts.agreements import ACTIVE
from backend.acts.deploy import (
    BUDGET_OFFICER,
    CALENDAR_KEEPER,
    ISSUER,
    PERMISSIONS,
    REGISTRAR,
    WITNESS,
    deploy_currency,
    ensure_deployment,
    token_of,
)
from backend.chain.contract import contract
from backend.chain.deployment import find_deployment, genesis_hash, load_deployment
from backend.chain.reader import View, read
from backend.chain.rpc import NodeRefusedError, NodeUnreachableError


def test_it_is_written_and_found_again(place: Place) -> None:
    made, head = place.made, place.head
    assert load_deployment(place.folder) == made
    assert (made.chain_id, made.start_block) == (2026, 1)
    assert made.genesis_hash == genesis_hash(place.rpc)
    assert ensure_deployment(place.sender, place.admin, place.folder) == made
    assert place.head == head


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (7, NodeUnreachableError, "Expected `object \\| null`, got `int`"),
        ({"number": "0x0"}, NodeUnreachableError, "Object missing required field `hash`"),
        (None, NodeRefusedError, "eth_getBlockByNumber: there is no first block"),
    ],
)
def test_a_node_whose_first_block_is_none_is_said_to_be_of_no_use(
    place: Place, answer: Any, error: type[Exception], words: str
) -> None:
    def change(method: str, _: Sequence[Any], result: Any) -> Any:
        return answer if method == "eth_getBlockByNumber" else result

    with ChangedRpc(place.rpc.url, change) as rpc, pytest.raises(error, match=words):
        find_deployment(rpc, place.folder)


def test_the_first_block_of_the_deployment_holds_its_first_event(place: Place) -> None:
    assert min(int(log["blockNumber"], 16) for log in place.log) == place.made.start_block


def test_the_administrator_has_every_office_but_that_of_a_witness(place: Place) -> None:
    def has(role: int, account: str) -> bool:
        answer = read(
            place.rpc, View("Authority", place.made.authority, "hasRole", (role, account))
        )
        return bool(answer[0])

    stranger = find_signer("TEST::9").address
    for role in (REGISTRAR, ISSUER, BUDGET_OFFICER, CALENDAR_KEEPER):
        assert has(role, place.admin.address)
        assert not has(role, stranger)
    # Who proposes a succession must not confirm it as well.
    assert not has(WITNESS, place.admin.address)


def test_each_function_is_permitted_to_its_role_only(place: Place) -> None:
    token = deploy_currency(place.sender, place.admin, place.made, "KWD")
    where = {
        "ParticipantRegistry": place.made.registry,
        "Budget": place.made.budget,
        "WorkCalendar": place.made.calendar,
        "SettlementToken": token,
    }
    for kind, roles in PERMISSIONS.items():
        for role, functions in roles.items():
            for function in functions:
                arguments = (where[kind], contract(kind).selector(function))
                view = View("Authority", place.made.authority, "getTargetFunctionRole", arguments)
                assert read(place.rpc, view) == role, function


def test_a_currency_has_the_digits_of_its_minor_unit(place: Place) -> None:
    for currency, digits in (("JPY", 0), ("IDR", 2), ("KWD", 3)):
        assert token_of(place.rpc, place.made, currency) is None
        token = deploy_currency(place.sender, place.admin, place.made, currency)
        assert token_of(place.rpc, place.made, currency) == token
        assert read(place.rpc, View("SettlementToken", token, "decimals")) == digits
        assert read(place.rpc, View("SettlementToken", token, "currency")) == currency


def test_the_calendar_is_that_of_western_indonesia(place: Place) -> None:
    assert read(place.rpc, View("WorkCalendar", place.made.calendar, "utcOffset")) == 7 * 3600


def test_agreements_of_the_factory_may_hold_money(scene: Scene) -> None:
    holder = View("ParticipantRegistry", scene.made.registry, "holder", (scene.agreement,))
    escrow = 2
    assert read(scene.rpc, holder) == escrow
    balance = View("SettlementToken", scene.token, "balanceOf", (scene.agreement,))
    assert read(scene.rpc, balance) == VALUE
    assert read(scene.rpc, View("Agreement", scene.agreement, "status")) == ACTIVE
