"""Branches: payments.tree. The arithmetic of each example stands in its test."""

import pytest

from ...payments import paid, settle
from ...vocabulary import (
    DAY,
    MONDAY,
    NONE,
    Basis,
    Conditions,
    GuaranteeKind,
    MilestoneStatus,
    Part,
    Payment,
    TaxBase,
    digest,
)


def tax(world, numerator, denominator, base=TaxBase.GROSS):
    return (world.id["collector"], numerator, denominator, base)


def test_takes_advance_retention_and_taxes_in_this_order(world, ledger, begin):
    """Of 50,001, each rounded up:
    advance 25 %: 12,500.25, so 12,501; retention 5 %: 2,500.05, so 2,501;
    received: 50,001 - 12,501 - 2,501 = 34,999;
    11/111 of 50,001: 4,955.05..., so 4,956; 2 % of 34,999: 699.98, so 700;
    net: 34,999 - 4,956 - 700 = 29,343.
    """
    taxes = (tax(world, 11, 111), tax(world, 2, 100, TaxBase.RECEIVED))
    conditions = Conditions(2_000, 2_500, 500, taxes=taxes)
    agreement = begin(conditions, 50_001)
    world.assure(agreement, GuaranteeKind.ADVANCE, 20_000)
    agreement.payAdvance(sender=world.stranger)
    before = world.balance("supplier"), world.balance("collector")
    receipt = settle(world, agreement)
    assert paid(agreement, receipt) == Payment(50_001, 12_501, 2_501, 0, 5_656, 0, 29_343)
    assert world.balance("supplier") == before[0] + 29_343
    assert world.balance("collector") == before[1] + 5_656
    money = world.money(agreement)
    assert (money.advance_outstanding, money.retained) == (20_000 - 12_501, 2_501)
    ledger(agreement)


def test_recovers_no_more_of_the_advance_than_is_outstanding(world, ledger, begin):
    """Advance 20 % of 100,000; recovery 50 %: of 30,000, 15,000; of 30,000 more, the last 5,000;
    of 40,000, nothing."""
    agreement = begin(Conditions(2_000, 5_000), 30_000, 30_000, 40_000)
    world.assure(agreement, GuaranteeKind.ADVANCE, 20_000)
    agreement.payAdvance(sender=world.stranger)
    for milestone, payment in enumerate(
        (
            Payment(30_000, advance=15_000, net=15_000),
            Payment(30_000, advance=5_000, net=25_000),
            Payment(40_000, net=40_000),
        )
    ):
        assert paid(agreement, settle(world, agreement, milestone)) == payment
    assert world.money(agreement).advance_outstanding == 0
    ledger(agreement)


def test_takes_retention_from_what_the_advance_leaves(world, ledger, begin):
    """Recovery 70 %, retention 30 %. Of 5: 3.5, so 4; 1.5, so 2, but only 1 is left."""
    agreement = begin(Conditions(1_000, 7_000, 3_000), 5)
    world.assure(agreement, GuaranteeKind.ADVANCE, 10_000)
    agreement.payAdvance(sender=world.stranger)
    assert paid(agreement, settle(world, agreement)) == Payment(5, advance=4, retention=1)
    ledger(agreement)


def test_takes_damages_of_a_late_part(world, chain, ledger, begin):
    """0.1 % a day of 33,333, three days late: 99.999, so 100."""
    agreement = begin(Conditions(damages_rate=1_000, damages_cap=500), 33_333)
    chain.pending_timestamp = MONDAY + 3 * DAY
    receipt = settle(world, agreement)
    expected = Payment(33_333, damages=100, net=33_233, late_days=3)
    assert paid(agreement, receipt) == expected
    assert world.money(agreement).damages == 100
    ledger(agreement)


def test_carries_damages_above_the_rest_forward_and_takes_them_next(world, chain, ledger, begin):
    """Retention 90 %, damages 1 % a day, ten days late.
    Of 10,000: 9,000 retained; damages 1,000 take all that is left: nothing is carried.
    Of 20,000, twenty days late: 18,000 retained; damages 4,000 take 2,000, 2,000 are carried.
    Of 5,000 in time: 4,500 retained; the carried 2,000 take 500, 1,500 are carried.
    Of 30,000 in time: 27,000 retained; 1,500 are taken, 1,500 are paid.
    """
    conditions = Conditions(retention_rate=9_000, damages_rate=10_000, damages_cap=10_000)
    agreement = begin(conditions, 10_000, 20_000, 5_000, 30_000)
    chain.pending_timestamp = MONDAY - DAY
    world.submit(agreement, 2)
    world.submit(agreement, 3)
    chain.pending_timestamp = MONDAY + 10 * DAY
    receipt = settle(world, agreement, 0)
    assert paid(agreement, receipt) == Payment(10_000, 0, 9_000, 1_000, late_days=10)
    chain.pending_timestamp = MONDAY + 20 * DAY
    receipt = settle(world, agreement, 1)
    expected = Payment(20_000, 0, 18_000, 2_000, late_days=20, carried=2_000)
    assert paid(agreement, receipt) == expected
    assert world.money(agreement).damages_carried == 2_000
    for milestone, expected in (
        (2, Payment(5_000, 0, 4_500, 500, carried=1_500)),
        (3, Payment(30_000, 0, 27_000, 1_500, net=1_500)),
    ):
        world.accept(agreement, "first", milestone)
        receipt = world.accept(agreement, "second", milestone)
        assert paid(agreement, receipt) == expected
        ledger(agreement)
    money = world.money(agreement)
    assert (money.damages, money.damages_carried) == (5_000, 0)


def test_takes_no_more_damages_than_the_cap_in_all(world, chain, ledger, begin):
    """0.1 % a day, sixty days late; the cap is 5 % of 100,001, rounded down: 5,000.
    Of 50,000: 3,000. Of 40,000: 2,400, but only 2,000 are left. Of 10,000: nothing."""
    conditions = Conditions(damages_rate=1_000, damages_cap=500)
    agreement = begin(conditions, 50_000, 40_000, 10_000, value=100_001)
    chain.pending_timestamp = MONDAY + 60 * DAY
    for milestone, (gross, damages) in enumerate(((50_000, 3_000), (40_000, 2_000), (10_000, 0))):
        expected = Payment(gross, damages=damages, net=gross - damages, late_days=60)
        assert paid(agreement, settle(world, agreement, milestone)) == expected
    assert world.money(agreement).damages == 5_000
    ledger(agreement)


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ({"retention_rate": 1}, Payment(1, retention=1)),
        ({"retention_rate": 0}, Payment(1, net=1)),
        ({"damages_rate": 1, "damages_cap": 1}, Payment(1, damages=1, late_days=1)),
        ({"damages_rate": 1, "damages_cap": 0}, Payment(1, net=1, late_days=1)),
        ({"taxes": 0}, Payment(1, taxes=1)),
        ({"direct_payments": 0}, Payment(1, direct=1)),
        ({"advance_rate": 1, "recovery_rate": 1}, Payment(1, advance=1)),
    ],
)
def test_rounds_each_deduction_of_one_unit_up(world, chain, ledger, begin, rates, expected):
    """The smallest rate takes a payment of one unit whole."""
    if "taxes" in rates:
        rates = {"taxes": (tax(world, 1, 2**24 - 1),)}
    if "direct_payments" in rates:
        rates = {"direct_payments": ((0, world.id["subcontractor"], 1),)}
    agreement = begin(Conditions(**rates), 1)
    if "advance_rate" in rates:
        world.assure(agreement, GuaranteeKind.ADVANCE, 10)
        agreement.payAdvance(sender=world.stranger)
    chain.pending_timestamp = MONDAY + 1
    assert paid(agreement, settle(world, agreement)) == expected
    ledger(agreement)


def test_shows_every_part_of_a_payment_with_all_of_them(world, emitted, told, chain, ledger, begin):
    """Of 40,000, four days late:
    advance 25 %: 10,000; retention 5 %: 2,000; received: 28,000;
    265/11,100 of 40,000: 954.95..., so 955; 1.5 % of 28,000: 420; left: 26,625;
    damages 0.1 % a day: 160; left: 26,465; to the subcontractor 6,465; net: 20,000.
    """
    taxes = (tax(world, 265, 11_100), tax(world, 15, 1_000, TaxBase.RECEIVED))
    directs = ((0, world.id["subcontractor"], 6_465),)
    conditions = world.full(taxes=taxes, direct_payments=directs, interest_rate=0, security_rate=0)
    agreement = begin(conditions, 40_000)
    world.assure(agreement, GuaranteeKind.ADVANCE, 20_000)
    agreement.payAdvance(sender=world.stranger)
    chain.pending_timestamp = MONDAY + 3 * DAY + 1
    world.submit(agreement)
    world.accept(agreement, "first")
    receipt = world.accept(agreement, "second")
    expected = told(agreement)
    payment = Payment(40_000, 10_000, 2_000, 160, 1_375, 6_465, 20_000, 4)
    emitted(
        receipt,
        [
            expected.approved("second", 2),
            *expected.sent(payment, Basis.ACCEPTANCE, 0, attempt=1),
            expected.transfer("collector", 955),
            expected.deduction(955, milestone=0),
            expected.transfer("collector", 420),
            expected.deduction(420, milestone=0),
            expected.transfer("subcontractor", 6_465),
            expected.deduction(6_465, Part.DIRECT_PAYMENT, "subcontractor", 0),
        ],
    )
    assert payment.gross == sum(payment[1:7])
    held, *_ = ledger(agreement)
    assert held == 100_000 - 19_700 - 300 - 20_000 - 1_375 - 6_465


def test_deducts_from_what_a_ruling_gives_as_well(world, chain, ledger, begin):
    """6,000 of 10,000, two days late: retention 600; damages 0.1 % a day: 12."""
    conditions = Conditions(retention_rate=1_000, damages_rate=1_000, damages_cap=500)
    agreement = begin(conditions, 10_000)
    chain.pending_timestamp = MONDAY + 2 * DAY
    world.submit(agreement)
    world.turn_down(agreement)
    world.dispute(agreement)
    ruling = (0, 6_000, digest("partly"), NONE)
    receipt = agreement.rule(*ruling, sender=world.account["arbiter"])
    assert paid(agreement, receipt) == Payment(
        6_000, retention=600, damages=12, net=5_388, late_days=2
    )
    assert world.milestones(agreement)[0].status == MilestoneStatus.PAID
    ledger(agreement)
