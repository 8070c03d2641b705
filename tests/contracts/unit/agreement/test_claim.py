"""Branches: claim.tree."""

import pytest


def test_reverts_when_the_milestone_is_unknown(world, refused, owed):
    with refused(owed.MilestoneUnknown, milestone=2, count=2):
        owed.claim(2, sender=world.account["supplier"])


@pytest.mark.parametrize(
    ("state", "current"), [("active", 1), ("submitted", 2), ("inspected", 3), ("paid", 5)]
)
def test_reverts_when_nothing_is_owed(world, law, refused, request, state, current):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=0,
        current=current,
        expected=1 << law.MilestoneStatus.OWED,
    ):
        agreement.claim(0, sender=world.account["supplier"])


def test_reverts_when_claimed_before(world, law, refused, owed):
    owed.claim(0, sender=world.account["supplier"])
    with refused(
        owed.MilestoneUnexpectedStatus,
        milestone=0,
        current=law.MilestoneStatus.PAID,
        expected=1 << law.MilestoneStatus.OWED,
    ):
        owed.claim(0, sender=world.account["supplier"])


def test_reverts_when_the_payee_is_suspended(world, law, refused, owed):
    world.stand("supplier", law.Standing.SUSPENDED)
    with refused(owed.PayeeSuspended, payee=world.id["supplier"]):
        owed.claim(0, sender=world.account["supplier"])


@pytest.mark.parametrize("standing", [1, 3])
@pytest.mark.parametrize("caller", ["supplier", "first", "stranger"])
def test_pays_the_payee_whoever_calls(world, law, emitted, owed, standing, caller):
    if standing == law.Standing.DEBARRED:
        world.stand("supplier", standing)
    before = world.balance("supplier")
    receipt = owed.claim(0, sender=world.account.get(caller, world.stranger))
    account = world.account["supplier"].address
    emitted(
        receipt,
        [
            owed.PaymentMade(
                milestone=0,
                payee=world.id["supplier"],
                account=account,
                amount=50_000,
                claimed=True,
            ),
            world.token.Transfer(**{"from": owed.address, "to": account, "value": 50_000}),
        ],
    )
    assert world.milestones(owed)[0].status == law.MilestoneStatus.PAID
    assert world.money(owed) == law.Money(100_000, 80_000, 100_000, accepted=50_000, paid=50_000)
    assert world.balance("supplier") == before + 50_000
    assert world.held(owed) == 50_000


def test_given_a_closed_agreement_pays(world, law, owed):
    world.close(owed)
    before = world.balance("supplier")
    owed.claim(0, sender=world.account["supplier"])
    assert world.balance("supplier") == before + 50_000
    assert world.held(owed) == 0
    assert world.money(owed) == law.Money(
        100_000, 50_000, 100_000, accepted=50_000, paid=50_000, refunded=50_000
    )


def test_given_another_payee_pays_it_alone(world, law, inspected):
    world.stand("subcontractor", law.Standing.DEBARRED)
    world.accept(inspected, "first", 1)
    world.accept(inspected, "second", 1)
    supplier, subcontractor = world.balance("supplier"), world.balance("subcontractor")
    inspected.claim(1, sender=world.account["supplier"])
    assert world.balance("subcontractor") == subcontractor + 30_000
    assert world.balance("supplier") == supplier
    assert world.milestones(inspected)[1].status == law.MilestoneStatus.PAID
