"""Branches: sign.tree."""

import pytest


@pytest.mark.parametrize("state", ["active", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_signed_by_the_buyer_alone(
    world, law, refused, request, state
):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.SIGNED),
    ):
        agreement.sign(sender=world.account["supplier"])


def test_reverts_when_caller_is_not_the_supplier(world, law, refused, kept, signed):
    with kept(signed):
        for caller, participant in (
            (world.account["first"], world.id["first"]),
            (world.account["treasury"], world.id["treasury"]),
            (world.account["subcontractor"], world.id["subcontractor"]),
            (world.stranger, law.NONE),
        ):
            with refused(
                signed.CallerNotParty,
                caller=caller.address,
                participant=participant,
                expected=world.id["supplier"],
            ):
                signed.sign(sender=caller)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_supplier_is_not_active(world, refused, signed, standing):
    world.stand("supplier", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["supplier"], standing=standing
    ):
        signed.sign(sender=world.account["supplier"])


def test_reverts_when_the_supplier_lost_its_role(world, law, refused, signed):
    world.registry.setRoles(world.id["supplier"], law.Role.AUDITOR, sender=world.registrar)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["supplier"],
        roles=law.Role.AUDITOR,
        required=law.Role.SUPPLIER,
    ):
        signed.sign(sender=world.account["supplier"])


def test_reverts_when_signed_before(world, law, refused, signed):
    signed.sign(sender=world.account["supplier"])
    with refused(signed.AlreadySigned):
        signed.sign(sender=world.account["supplier"])
    assert signed.status() == law.AgreementStatus.SIGNED


def test_given_no_money_signs_and_waits(world, law, emitted, kept, signed):
    with kept(signed):
        receipt = signed.sign(sender=world.account["supplier"])
    emitted(receipt, [signed.AgreementSigned(by=world.id["supplier"])])
    assert signed.status() == law.AgreementStatus.SIGNED


def test_given_the_money_activates(world, law, emitted, signed):
    world.fund(signed)
    receipt = signed.sign(sender=world.account["supplier"])
    emitted(receipt, [signed.AgreementSigned(by=world.id["supplier"]), signed.AgreementActivated()])
    assert signed.status() == law.AgreementStatus.ACTIVE
    assert world.money(signed) == law.Money(value=100_000, scheduled=80_000, funded=100_000)


def test_given_no_value_activates_without_money(world, law, emitted):
    agreement = world.sign(world.draft(value=0, milestones=((0, 0, law.NONE, law.NONE),)))
    receipt = agreement.sign(sender=world.account["supplier"])
    emitted(
        receipt,
        [agreement.AgreementSigned(by=world.id["supplier"]), agreement.AgreementActivated()],
    )
    assert agreement.status() == law.AgreementStatus.ACTIVE
    assert world.money(agreement) == law.Money(value=0)
