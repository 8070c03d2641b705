"""Branches: fund.tree."""

import pytest


@pytest.mark.parametrize("state", ["active", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_signed(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.SIGNED),
    ):
        agreement.fund(100_000, sender=world.account["treasury"])


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


def test_reverts_when_everything_is_funded(world, refused, signed):
    world.fund(signed)
    with refused(signed.NothingToFund, value=100_000, funded=100_000):
        signed.fund(100_000, sender=world.account["treasury"])
    assert world.held(signed) == 100_000


def test_reverts_when_there_is_no_value(world, refused):
    agreement = world.sign(world.draft(value=0, milestones=()))
    with refused(agreement.NothingToFund, value=0, funded=0):
        agreement.fund(0, sender=world.account["treasury"])


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


def test_given_no_signature_of_the_supplier_brings_in_the_value_and_waits(
    world, law, emitted, told, signed
):
    treasury, before = world.account["treasury"], world.balance("treasury")
    receipt = world.fund(signed)
    funded = signed.AgreementFunded(by=world.id["treasury"], amount=100_000, funded=100_000)
    emitted(receipt, [funded, told(signed).brought(100_000)])
    assert signed.status() == law.AgreementStatus.SIGNED
    assert world.money(signed) == law.Money(value=100_000, scheduled=80_000, funded=100_000)
    assert world.held(signed) == 100_000
    assert world.balance("treasury") == before - 100_000
    assert world.token.allowance(treasury, signed) == 0


def test_given_the_signature_of_the_supplier_activates(world, law, emitted, told, signed):
    signed.sign(sender=world.account["supplier"])
    receipt = world.fund(signed)
    funded = signed.AgreementFunded(by=world.id["treasury"], amount=100_000, funded=100_000)
    emitted(receipt, [funded, signed.AgreementActivated(), told(signed).brought(100_000)])
    assert signed.status() == law.AgreementStatus.ACTIVE
    assert world.money(signed) == law.Money(value=100_000, scheduled=80_000, funded=100_000)
    assert world.held(signed) == 100_000


def test_given_a_suspended_treasury_still_funds(world, signed):
    world.stand("treasury", 2)
    world.fund(signed)
    assert world.held(signed) == 100_000
