"""Branches: pay_advance.tree."""

import pytest

from ...vocabulary import (
    DAY,
    MONDAY,
    NO_MILESTONE,
    NONE,
    Amendment,
    Basis,
    Conditions,
    GuaranteeKind,
    Payment,
    TaxBase,
    digest,
)

A_FIFTH = Conditions(advance_rate=2_000, recovery_rate=2_500)


@pytest.fixture
def ready(world):
    """Begins an agreement whose guarantees are in force, and that owes nothing for them else."""

    def begin(conditions=A_FIFTH, guaranteed=30_000, **changes):
        agreement = world.begin(inspectors=(), conditions=conditions, **changes)
        world.assure(agreement, GuaranteeKind.ADVANCE, guaranteed)
        return agreement

    return begin


def pay(world, agreement):
    return agreement.payAdvance(sender=world.stranger)


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.ACTIVE),
    ):
        pay(world, agreement)


def test_reverts_when_payments_are_held(world, refused, chain, kept, ready):
    agreement = ready()
    chain.pending_timestamp = MONDAY
    until = MONDAY + DAY
    agreement.hold(until, digest("audit"), NONE, sender=world.account["auditor"])
    chain.pending_timestamp = until - 1
    with kept(agreement), refused(agreement.AgreementHeld, until=until):
        pay(world, agreement)
    chain.pending_timestamp = until
    pay(world, agreement)


def test_reverts_when_none_is_agreed(world, refused, active):
    with refused(active.AdvanceNotDue):
        pay(world, active)
    small = world.begin(value=4, milestones=(), conditions=A_FIFTH)
    with refused(small.AdvanceNotDue):
        pay(world, small)


def test_reverts_when_it_was_paid_before(world, refused, kept, full):
    with kept(full), refused(full.AdvanceNotDue):
        pay(world, full)


def test_reverts_when_the_performance_security_is_missing_or_lapsed(
    world, refused, chain, kept, ready
):
    agreement = ready(A_FIFTH._replace(security_rate=1_234))
    kind, expiry = GuaranteeKind.PERFORMANCE, MONDAY + DAY
    lapsed = {"kind": kind, "required": 12_340}
    with kept(agreement), refused(agreement.GuaranteeLapsed, **lapsed, amount=0, expiresAt=0):
        pay(world, agreement)
    chain.pending_timestamp = MONDAY
    for amount, moment in ((12_339, expiry - 1), (12_340, expiry)):
        world.assure(agreement, kind, amount, expiry)
        with chain.isolate():
            chain.pending_timestamp = moment
            with refused(agreement.GuaranteeLapsed, **lapsed, amount=amount, expiresAt=expiry):
                pay(world, agreement)
    chain.pending_timestamp = expiry - 1
    pay(world, agreement)
    assert world.money(agreement).paid == 20_000


def test_reverts_when_the_guarantee_of_the_advance_is_missing_or_lapsed(
    world, refused, chain, kept, ready
):
    kind, expiry = GuaranteeKind.ADVANCE, MONDAY + DAY
    agreement = ready(guaranteed=19_999)
    chain.pending_timestamp = MONDAY
    with (
        kept(agreement),
        refused(
            agreement.GuaranteeLapsed,
            kind=kind,
            amount=19_999,
            required=20_000,
            expiresAt=2**40 - 1,
        ),
    ):
        pay(world, agreement)
    world.assure(agreement, kind, 20_000, expiry)
    with chain.isolate():
        chain.pending_timestamp = expiry
        with refused(
            agreement.GuaranteeLapsed,
            kind=kind,
            amount=20_000,
            required=20_000,
            expiresAt=expiry,
        ):
            pay(world, agreement)
    chain.pending_timestamp = expiry - 1
    pay(world, agreement)
    assert world.money(agreement).paid == 20_000


@pytest.mark.parametrize(
    ("value", "advance"), [(100_000, 20_000), (100_004, 20_000), (100_005, 20_001), (5, 1)]
)
def test_pays_a_share_of_the_value_rounded_down(world, law, emitted, told, ready, value, advance):
    agreement = ready(value=value, milestones=((value, 0, NONE, NONE),))
    before = world.balance("supplier")
    receipt = pay(world, agreement)
    emitted(receipt, told(agreement).sent(Payment(advance, net=advance), Basis.ADVANCE))
    assert world.balance("supplier") == before + advance
    assert world.money(agreement) == law.Money(
        value, value, value, paid=advance, advance_outstanding=advance
    )


def test_pays_no_more_than_the_rest_of_the_work_can_recover(world, law, emitted, told, ready):
    """60,000 of 100,000 are accepted: 25 % of the rest are 10,000, though 20,000 are agreed."""
    agreement = ready(milestones=((60_000, 0, NONE, NONE), (39_999, 0, NONE, NONE)))
    world.submit(agreement)
    world.accept(agreement, "first")
    world.accept(agreement, "second")
    receipt = pay(world, agreement)
    emitted(receipt, told(agreement).sent(Payment(10_000, net=10_000), Basis.ADVANCE))
    assert world.money(agreement) == law.Money(
        100_000, 99_999, 100_000, accepted=60_000, paid=70_000, advance_outstanding=10_000
    )


def test_withholds_taxes_on_what_is_received(world, law, emitted, told, ready):
    """Of 20,000: 1.5 % and, rounded up, 11/111; a tax on what is accepted takes nothing here."""
    collector = world.id["collector"]
    taxes = (
        (collector, 15, 1_000, TaxBase.RECEIVED),
        (collector, 2, 100, TaxBase.GROSS),
        (collector, 11, 111, TaxBase.RECEIVED),
    )
    agreement = ready(A_FIFTH._replace(taxes=taxes))
    purses = world.balance("supplier"), world.balance("collector")
    receipt = pay(world, agreement)
    expected = told(agreement)
    payment = Payment(20_000, taxes=300 + 1_982, net=17_718)
    emitted(
        receipt,
        [
            *expected.sent(payment, Basis.ADVANCE),
            expected.transfer("collector", 300),
            expected.deduction(300),
            expected.transfer("collector", 1_982),
            expected.deduction(1_982),
        ],
    )
    assert world.balance("supplier") == purses[0] + 17_718
    assert world.balance("collector") == purses[1] + 2_282
    assert world.money(agreement).advance_outstanding == 20_000


@pytest.mark.parametrize("standing", [2, 3])
def test_owes_when_the_supplier_is_not_active(world, law, emitted, told, ready, standing):
    agreement = ready()
    world.stand("supplier", standing)
    receipt = pay(world, agreement)
    expected = told(agreement)
    emitted(
        receipt,
        [
            expected.owed(20_000),
            expected.payment(Payment(20_000, net=20_000), Basis.ADVANCE, owed=True),
        ],
    )
    assert world.money(agreement) == law.Money(
        100_000, 80_000, 100_000, owed=20_000, advance_outstanding=20_000
    )
    if standing == law.Standing.SUSPENDED:
        world.stand("supplier", law.Standing.ACTIVE)
    before = world.balance("supplier")
    agreement.claim(NO_MILESTONE, world.id["supplier"], sender=world.stranger)
    assert world.balance("supplier") == before + 20_000


def test_given_a_lower_value_pays_what_its_work_can_recover(world, law, ready):
    """20 % of 100,000 are agreed; 25 % of the 20,000 that remain are 5,000."""
    agreement = ready(milestones=((20_000, 0, NONE, NONE),))
    world.amend(agreement, Amendment(decrease=80_000))
    pay(world, agreement)
    assert world.money(agreement) == law.Money(
        20_000, 20_000, 100_000, paid=5_000, advance_outstanding=5_000
    )
