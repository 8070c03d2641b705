"""Branches: pay_interest.tree."""

import pytest

from ...vocabulary import DAY, MONDAY, NONE, Conditions, digest

# 0.02 % a day of 50,000, ten days late: 100.
OWED = 100


@pytest.fixture
def late(world, chain):
    """Submitted on a Monday, due in 14 days, accepted ten days after that."""
    agreement = world.begin(
        inspectors=(), conditions=Conditions(interest_rate=200, payment_days=14, dispute_days=0)
    )
    chain.pending_timestamp = MONDAY
    world.submit(agreement)
    world.accept(agreement, "first")
    chain.pending_timestamp = MONDAY + 24 * DAY
    world.accept(agreement, "second")
    assert world.money(agreement).interest_owed == OWED
    world.token.approve(agreement, 1_000, sender=world.account["treasury"])
    return agreement


def pay(world, agreement, amount):
    return agreement.payInterest(amount, sender=world.account["treasury"])


def paid(world, told, agreement, amount, owed):
    event = agreement.InterestPaid(
        by=world.id["treasury"],
        account=world.account["supplier"].address,
        amount=amount,
        owed=owed,
    )
    return [event, told(agreement).transfer("supplier", amount, sender="treasury")]


def test_reverts_when_caller_is_not_the_treasury(world, refused, kept, late):
    with kept(late):
        for caller, participant in (
            (world.account["supplier"], world.id["supplier"]),
            (world.account["first"], world.id["first"]),
            (world.stranger, NONE),
        ):
            with refused(
                late.CallerNotParty,
                caller=caller.address,
                participant=participant,
                expected=world.id["treasury"],
            ):
                late.payInterest(1, sender=caller)


def test_reverts_when_the_amount_is_nothing_or_more_than_is_owed(world, refused, kept, late):
    with kept(late):
        for amount in (0, OWED + 1, 2**96, 2**128 - 1):
            with refused(late.AmountOutOfRange, given=amount, smallest=1, largest=OWED):
                pay(world, late, amount)


@pytest.mark.parametrize("state", ["signed", "active", "closed"])
def test_reverts_when_nothing_is_owed(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    for amount in (0, 1):
        with refused(agreement.AmountOutOfRange, given=amount, smallest=1, largest=0):
            pay(world, agreement, amount)


def test_reverts_when_the_supplier_is_suspended(world, law, refused, kept, late):
    world.stand("supplier", law.Standing.SUSPENDED)
    with kept(late), refused(late.PayeeSuspended, payee=world.id["supplier"]):
        pay(world, late, OWED)


def test_reverts_when_the_treasury_has_not_approved_as_much(world, refused, kept, late):
    world.token.approve(late, OWED - 1, sender=world.account["treasury"])
    with (
        kept(late),
        refused(
            world.token.ERC20InsufficientAllowance,
            spender=late.address,
            allowance=OWED - 1,
            needed=OWED,
        ),
    ):
        pay(world, late, OWED)


def test_pays_straight_to_the_supplier(world, law, emitted, told, late):
    treasury, supplier = world.balance("treasury"), world.balance("supplier")
    held = world.held(late)
    receipt = pay(world, late, OWED)
    emitted(receipt, paid(world, told, late, OWED, 0))
    assert world.balance("treasury") == treasury - OWED
    assert world.balance("supplier") == supplier + OWED
    assert world.held(late) == held
    assert world.money(late) == law.Money(
        100_000, 80_000, 100_000, accepted=50_000, paid=50_000, interest_owed=0
    )


def test_pays_a_part_of_it(world, emitted, told, late):
    emitted(pay(world, late, 1), paid(world, told, late, 1, OWED - 1))
    emitted(pay(world, late, OWED - 1), paid(world, told, late, OWED - 1, 0))


def test_given_a_debarred_supplier_pays(world, law, late):
    world.stand("supplier", law.Standing.DEBARRED)
    before = world.balance("supplier")
    pay(world, late, OWED)
    assert world.balance("supplier") == before + OWED


def test_given_a_closed_agreement_pays(world, law, late):
    world.decide(late, "terminate", digest("no-need"), NONE)
    assert late.status() == law.AgreementStatus.CLOSED
    before = world.balance("supplier")
    pay(world, late, OWED)
    assert world.balance("supplier") == before + OWED
    assert world.money(late).interest_owed == 0
