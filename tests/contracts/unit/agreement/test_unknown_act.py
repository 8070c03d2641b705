"""Branches: unknown_act.tree."""

import pytest
from ape.exceptions import ContractLogicError
from eth_utils import keccak

from ...vocabulary import NONE


@pytest.mark.parametrize("state", ["signed", "active", "closed"])
def test_reverts_and_names_it(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    for text in ("withdraw()", "transfer(address,uint256)", "upgradeToAndCall(address,bytes)"):
        selector = keccak(text=text)[:4]
        with refused(agreement.ActUnknown, act=selector):
            agreement(data=selector + bytes(64), sender=world.stranger)


def test_reverts_without_a_name_when_nothing_is_asked(world, refused, active):
    for data in (b"", b"\x12", b"\x12\x34\x56"):
        with refused(active.ActUnknown, act=data.ljust(4, b"\0")):
            active(data=data, sender=world.stranger)


def test_reverts_when_money_of_the_chain_itself_is_sent(world, active):
    for data in (b"", bytes(active.status.encode_input())):
        with pytest.raises(ContractLogicError):
            active(data=data, value=1, sender=world.stranger)
    assert active.balance == 0


def test_reverts_for_the_parts_of_it_that_it_does_not_hand_on_to(world, refused):
    """Each part knows its own acts and those of the parts behind it."""
    for part, act, arguments in (
        ("AgreementChanges", "submit", (0, NONE)),
        ("AgreementConflicts", "payAdvance", ()),
        ("AgreementEnding", "resume", ()),
        ("AgreementReading", "close", ()),
    ):
        alone = world.agreement(world.parts[part])
        method = getattr(alone, act)
        with refused(alone.ActUnknown, act=bytes(method.encode_input(*arguments))[:4]):
            method(*arguments, sender=world.stranger)
