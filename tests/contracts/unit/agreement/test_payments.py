"""Branches: payments.tree. The arithmetic of each example stands in its test."""

import pytest

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

DUE = MONDAY


@pytest.fixture
def begin(world):
    """Begins an agreement of milestones of these amounts, all due at `DUE`, without inspectors."""

    def start(conditions, *amounts, **changes):
        milestones = tuple((amount, DUE, NONE, NONE) for amount in amounts)
        changes = {"arbiter": world.id["arbiter"], "inspectors": (), **changes}
        return world.begin(conditions=conditions, milestones=milestones, **changes)

    return start


def pay(world, agreement, milestone=0):
    """Submits and accepts, at the pending second."""
    world.submit(agreement, milestone)
    world.accept(agreement, "first", milestone)
    return world.accept(agreement, "second", milestone)


def paid(agreement, receipt):
    """The payment that an acceptance came to."""
    (made,) = agreement.PaymentMade.from_receipt(receipt)
    return Payment(*made.payment.values())


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
    receipt = pay(world, agreement)
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
        assert paid(agreement, pay(world, agreement, milestone)) == payment
    assert world.money(agreement).advance_outstanding == 0
    ledger(agreement)


def test_takes_retention_from_what_the_advance_leaves(world, ledger, begin):
    """Recovery 70 %, retention 30 %. Of 5: 3.5, so 4; 1.5, so 2, but only 1 is left."""
    agreement = begin(Conditions(1_000, 7_000, 3_000), 5)
    world.assure(agreement, GuaranteeKind.ADVANCE, 10_000)
    agreement.payAdvance(sender=world.stranger)
    assert paid(agreement, pay(world, agreement)) == Payment(5, advance=4, retention=1)
    ledger(agreement)


def test_takes_damages_of_a_late_part(world, chain, ledger, begin):
    """0.1 % a day of 33,333, three days late: 99.999, so 100."""
    agreement = begin(Conditions(damages_rate=1_000, damages_cap=500), 33_333)
    chain.pending_timestamp = DUE + 3 * DAY
    receipt = pay(world, agreement)
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
    chain.pending_timestamp = DUE - DAY
    world.submit(agreement, 2)
    world.submit(agreement, 3)
    chain.pending_timestamp = DUE + 10 * DAY
    receipt = pay(world, agreement, 0)
    assert paid(agreement, receipt) == Payment(10_000, 0, 9_000, 1_000, late_days=10)
    chain.pending_timestamp = DUE + 20 * DAY
    receipt = pay(world, agreement, 1)
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
    chain.pending_timestamp = DUE + 60 * DAY
    for milestone, (gross, damages) in enumerate(((50_000, 3_000), (40_000, 2_000), (10_000, 0))):
        expected = Payment(gross, damages=damages, net=gross - damages, late_days=60)
        assert paid(agreement, pay(world, agreement, milestone)) == expected
    assert world.money(agreement).damages == 5_000
    ledger(agreement)


def test_takes_taxes_on_what_is_accepted_and_on_what_is_received(world, ledger, begin):
    """Retention 10 % of 10,000: 1,000, so that 9,000 are received.
    3 % of 10,000: 300; 3 % of 9,000: 270. Released retention: half of 1,000, less 3 %: 15."""
    taxes = (tax(world, 3, 100), tax(world, 3, 100, TaxBase.RECEIVED))
    agreement = begin(Conditions(retention_rate=1_000, taxes=taxes), 10_000)
    before = world.balance("collector")
    assert paid(agreement, pay(world, agreement)) == Payment(
        10_000, retention=1_000, taxes=570, net=8_430
    )
    receipt = agreement.complete(sender=world.stranger)
    assert paid(agreement, receipt) == Payment(500, taxes=15, net=485)
    assert world.balance("collector") == before + 585
    ledger(agreement)


def test_takes_taxes_in_turn_while_something_is_left(world, emitted, told, begin):
    """Retention 10 % of 1,000; 60 % of 1,000, then 40 % of 1,000, of which 300 are left, then none."""
    taxes = (tax(world, 6, 10), tax(world, 4, 10), tax(world, 1, 10, TaxBase.RECEIVED))
    agreement = begin(Conditions(retention_rate=1_000, taxes=taxes), 1_000)
    receipt = pay(world, agreement)
    expected = told(agreement)
    payment = Payment(1_000, retention=100, taxes=900)
    emitted(
        receipt,
        [
            expected.approved("second", 2),
            expected.payment(payment, Basis.ACCEPTANCE, 0, attempt=1),
            expected.transfer("collector", 600),
            expected.deduction(600, milestone=0),
            expected.transfer("collector", 300),
            expected.deduction(300, milestone=0),
        ],
    )


def test_takes_taxes_before_damages(world, chain, ledger, begin):
    """Of 1,000: tax 95 %; damages of 10 % take the 50 that are left, 50 are carried."""
    conditions = Conditions(damages_rate=100_000, damages_cap=10_000, taxes=(tax(world, 95, 100),))
    agreement = begin(conditions, 1_000)
    chain.pending_timestamp = DUE + DAY
    assert paid(agreement, pay(world, agreement)) == Payment(
        1_000, damages=50, taxes=950, late_days=1, carried=50
    )
    ledger(agreement)


def test_pays_subcontractors_in_turn_what_is_left(world, emitted, told, ledger, begin):
    """Retention 10 % of 10,000; of the 9,000, 5,000 to the one, 4,000 of 7,000 to the other,
    and nothing to a third or to the supplier. The other milestone's is not touched."""
    other = world.known("welder", world.spare[0])
    sub = world.id["subcontractor"]
    directs = ((0, sub, 5_000), (1, sub, 400), (0, other, 7_000), (0, sub, 1))
    agreement = begin(Conditions(retention_rate=1_000, direct_payments=directs), 10_000, 1_000)
    receipt = pay(world, agreement)
    expected = told(agreement)
    payment = Payment(10_000, retention=1_000, direct=9_000)
    kind = Part.DIRECT_PAYMENT
    emitted(
        receipt,
        [
            expected.approved("second", 2),
            expected.payment(payment, Basis.ACCEPTANCE, 0, attempt=1),
            expected.transfer("subcontractor", 5_000),
            expected.deduction(5_000, kind, "subcontractor", 0),
            expected.transfer("welder", 4_000),
            expected.deduction(4_000, kind, "welder", 0),
        ],
    )
    assert paid(agreement, pay(world, agreement, 1)) == Payment(
        1_000, retention=100, direct=400, net=500
    )


def test_pays_subcontractors_of_a_milestone_part_by_part(world, ledger, begin):
    """3,000 of 10,000, all to the subcontractor, who is due 5,000; then 2,000 of 7,000."""
    direct = (0, world.id["subcontractor"], 5_000)
    agreement = begin(Conditions(direct_payments=(direct,)), 10_000)
    before = world.balance("subcontractor")
    world.submit(agreement)
    receipt = world.accept_part(agreement, 3_000)
    assert paid(agreement, receipt) == Payment(3_000, direct=3_000)
    assert paid(agreement, pay(world, agreement)) == Payment(7_000, direct=2_000, net=5_000)
    assert world.balance("subcontractor") == before + 5_000
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
    chain.pending_timestamp = DUE + 1
    assert paid(agreement, pay(world, agreement)) == expected
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
    chain.pending_timestamp = DUE + 3 * DAY + 1
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


def test_owes_a_collector_that_is_not_active(world, law, emitted, told, ledger, begin):
    """Of 1,000, 3 % to the one that is debarred; the supplier gets its money all the same."""
    agreement = begin(Conditions(taxes=(tax(world, 3, 100),)), 1_000)
    world.stand("collector", law.Standing.DEBARRED)
    receipt = pay(world, agreement)
    expected = told(agreement)
    emitted(
        receipt,
        [
            expected.approved("second", 2),
            *expected.sent(Payment(1_000, taxes=30, net=970), Basis.ACCEPTANCE, 0, attempt=1),
            expected.owed(30, 0, "collector"),
            expected.deduction(30, milestone=0, owed=True),
        ],
    )
    assert agreement.owedTo(0, world.id["collector"]) == 30
    assert world.money(agreement).owed == 30
    ledger(agreement)


def test_owes_a_subcontractor_that_is_not_active(world, law, emitted, told, ledger, begin):
    direct = (0, world.id["subcontractor"], 400)
    agreement = begin(Conditions(direct_payments=(direct,)), 1_000)
    world.stand("subcontractor", law.Standing.SUSPENDED)
    receipt = pay(world, agreement)
    expected = told(agreement)
    emitted(
        receipt,
        [
            expected.approved("second", 2),
            *expected.sent(Payment(1_000, direct=400, net=600), Basis.ACCEPTANCE, 0, attempt=1),
            expected.owed(400, 0, "subcontractor"),
            expected.deduction(400, Part.DIRECT_PAYMENT, "subcontractor", 0, owed=True),
        ],
    )
    assert agreement.owedTo(0, world.id["subcontractor"]) == 400
    ledger(agreement)


def test_deducts_from_what_a_ruling_gives_as_well(world, chain, ledger, begin):
    """6,000 of 10,000, two days late: retention 600; damages 0.1 % a day: 12."""
    conditions = Conditions(retention_rate=1_000, damages_rate=1_000, damages_cap=500)
    agreement = begin(conditions, 10_000)
    chain.pending_timestamp = DUE + 2 * DAY
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
