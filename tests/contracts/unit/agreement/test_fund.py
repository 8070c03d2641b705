"""Branches: fund.tree."""

import pytest


def test_reverts_when_caller_is_not_the_treasury(world, law, refused, signed):
    for caller, participant in (
        (world.account["supplier"], world.id["supplier"]),
        (world.account["first"], world.id["first"]),
        (world.stranger, law.NONE),
    ):
        with refused(
            signed.CallerNotParty,
            caller=caller.address,
            participant=participant,
            expected=world.id["treasury"],
        ):
            signed.fund(100_000, sender=caller)


@pytest.mark.parametrize("given", [0, 99_999, 100_001, 2**128 - 1])
def test_reverts_when_the_value_is_another(world, refused, signed, given):
    with refused(signed.AgreementUnexpectedValue, current=100_000, given=given):
        signed.fund(given, sender=world.account["treasury"])


def test_reverts_when_an_amendment_came_between(world, law, refused, active):
    """A treasury with a standing allowance pays what it has seen, and nothing signed since."""
    treasury = world.account["treasury"]
    world.token.approve(active, law.UINT128, sender=treasury)
    world.amend(active, increase=10)
    world.amend(active, increase=1_000_000, number=2)
    with refused(active.AgreementUnexpectedValue, current=1_100_010, given=100_010):
        active.fund(100_010, sender=treasury)
    assert world.held(active) == 100_000


def test_reverts_when_everything_is_funded(world, refused, active):
    with refused(active.NothingToFund, value=100_000, funded=100_000):
        active.fund(100_000, sender=world.account["treasury"])


def test_reverts_when_there_is_no_value(world, refused):
    agreement = world.sign(world.draft(value=0, milestones=()))
    with refused(agreement.NothingToFund, value=0, funded=0):
        agreement.fund(0, sender=world.account["treasury"])


def test_reverts_when_the_agreement_is_closed(world, law, refused, closed):
    with refused(
        closed.AgreementUnexpectedStatus,
        current=law.AgreementStatus.CLOSED,
        expected=law.AgreementStatus.ACTIVE,
    ):
        closed.fund(100_000, sender=world.account["treasury"])


def test_reverts_when_the_treasury_has_not_approved_as_much(world, law, refused, signed):
    treasury = world.account["treasury"]
    world.token.approve(signed, 99_999, sender=treasury)
    with refused(
        world.token.ERC20InsufficientAllowance,
        spender=signed.address,
        allowance=99_999,
        needed=100_000,
    ):
        signed.fund(100_000, sender=treasury)
    assert signed.status() == law.AgreementStatus.SIGNED
    assert world.money(signed) == law.Money(value=100_000, scheduled=80_000)


def test_reverts_when_the_treasury_has_less(world, refused, signed):
    treasury = world.account["treasury"]
    world.token.transfer(
        world.account["supplier"], world.balance("treasury") - 99_999, sender=treasury
    )
    world.token.approve(signed, 100_000, sender=treasury)
    with refused(
        world.token.ERC20InsufficientBalance,
        sender=treasury.address,
        balance=99_999,
        needed=100_000,
    ):
        signed.fund(100_000, sender=treasury)


def test_given_signed_brings_in_the_value_and_activates(world, law, emitted, signed):
    treasury, before = world.account["treasury"], world.balance("treasury")
    receipt = world.fund(signed)
    emitted(
        receipt,
        [
            signed.AgreementFunded(by=world.id["treasury"], amount=100_000, funded=100_000),
            signed.AgreementActivated(),
            world.token.Transfer(
                **{"from": treasury.address, "to": signed.address, "value": 100_000}
            ),
        ],
    )
    assert signed.status() == law.AgreementStatus.ACTIVE
    assert world.money(signed) == law.Money(value=100_000, scheduled=80_000, funded=100_000)
    assert world.held(signed) == 100_000
    assert world.balance("treasury") == before - 100_000
    assert world.token.allowance(treasury, signed) == 0


def test_given_an_amendment_brings_in_what_is_missing(world, law, emitted, active):
    treasury = world.account["treasury"]
    world.amend(active, increase=30_000)
    before = world.balance("treasury")
    receipt = world.fund(active)
    emitted(
        receipt,
        [
            active.AgreementFunded(by=world.id["treasury"], amount=30_000, funded=130_000),
            world.token.Transfer(
                **{"from": treasury.address, "to": active.address, "value": 30_000}
            ),
        ],
    )
    assert world.money(active) == law.Money(value=130_000, scheduled=80_000, funded=130_000)
    assert world.held(active) == 130_000
    assert world.balance("treasury") == before - 30_000


def test_given_a_suspended_treasury_still_funds(world, law, signed):
    world.stand("treasury", law.Standing.SUSPENDED)
    world.fund(signed)
    assert signed.status() == law.AgreementStatus.ACTIVE
