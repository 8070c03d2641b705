"""Branches: deductions.tree. The arithmetic of each example stands in its test."""

from ...payments import paid, settle
from ...vocabulary import DAY, MONDAY, Basis, Conditions, Part, Payment, TaxBase


def tax(world, numerator, denominator, base=TaxBase.GROSS):
    return (world.id["collector"], numerator, denominator, base)


def test_takes_taxes_on_what_is_accepted_and_on_what_is_received(world, ledger, begin):
    """Retention 10 % of 10,000: 1,000, so that 9,000 are received.
    3 % of 10,000: 300; 3 % of 9,000: 270. Released retention: half of 1,000, less 3 %: 15."""
    taxes = (tax(world, 3, 100), tax(world, 3, 100, TaxBase.RECEIVED))
    agreement = begin(Conditions(retention_rate=1_000, taxes=taxes), 10_000)
    before = world.balance("collector")
    assert paid(agreement, settle(world, agreement)) == Payment(
        10_000, retention=1_000, taxes=570, net=8_430
    )
    receipt = agreement.complete(sender=world.stranger)
    assert paid(agreement, receipt) == Payment(500, taxes=15, net=485)
    assert world.balance("collector") == before + 585
    ledger(agreement)


def test_takes_taxes_in_turn_while_something_is_left(world, emitted, told, begin):
    """Retention 10 % of 1,000; 60 % of 1,000; of 40 %, the 300 that are left; then none."""
    taxes = (tax(world, 6, 10), tax(world, 4, 10), tax(world, 1, 10, TaxBase.RECEIVED))
    agreement = begin(Conditions(retention_rate=1_000, taxes=taxes), 1_000)
    receipt = settle(world, agreement)
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
    chain.pending_timestamp = MONDAY + DAY
    assert paid(agreement, settle(world, agreement)) == Payment(
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
    receipt = settle(world, agreement)
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
    assert paid(agreement, settle(world, agreement, 1)) == Payment(
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
    assert paid(agreement, settle(world, agreement)) == Payment(7_000, direct=2_000, net=5_000)
    assert world.balance("subcontractor") == before + 5_000
    ledger(agreement)


def test_owes_a_collector_that_is_not_active(world, law, emitted, told, ledger, begin):
    """Of 1,000, 3 % to the one that is debarred; the supplier gets its money all the same."""
    agreement = begin(Conditions(taxes=(tax(world, 3, 100),)), 1_000)
    world.stand("collector", law.Standing.DEBARRED)
    receipt = settle(world, agreement)
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
    receipt = settle(world, agreement)
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
