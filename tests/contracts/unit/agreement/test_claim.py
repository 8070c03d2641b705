"""Branches: claim.tree."""

import pytest


def claim(world, agreement, milestone=0, payee="supplier", caller=None):
    return agreement.claim(milestone, world.id[payee], sender=caller or world.stranger)


@pytest.fixture
def insecure(world, law):
    """5 % security agreed and none given: the first milestone is owed to the supplier."""
    agreement = world.begin(inspectors=(), conditions=law.Conditions(security_rate=500))
    world.submit(agreement)
    world.accept(agreement, "first")
    world.accept(agreement, "second")
    return agreement


def test_reverts_when_nothing_is_owed(world, law, refused, kept, owed):
    with kept(owed):
        for milestone, payee in (
            (1, "supplier"),
            (0, "subcontractor"),
            (2, "supplier"),
            (law.NO_MILESTONE, "supplier"),
        ):
            with refused(owed.NothingOwed, milestone=milestone, payee=world.id[payee]):
                claim(world, owed, milestone, payee)
        with refused(owed.NothingOwed, milestone=0, payee=law.NONE):
            owed.claim(0, law.NONE, sender=world.stranger)


def test_reverts_when_claimed_before(world, refused, owed):
    claim(world, owed)
    with refused(owed.NothingOwed, milestone=0, payee=world.id["supplier"]):
        claim(world, owed)


def test_reverts_when_the_payee_is_suspended(world, law, refused, kept, owed):
    world.stand("supplier", law.Standing.SUSPENDED)
    with kept(owed), refused(owed.PayeeSuspended, payee=world.id["supplier"]):
        claim(world, owed, caller=world.account["supplier"])


def test_reverts_when_payments_are_held(world, law, refused, chain, owed):
    chain.pending_timestamp = law.MONDAY
    until = law.MONDAY + 30 * law.DAY
    owed.hold(until, law.digest("audit"), law.NONE, sender=world.account["auditor"])
    chain.pending_timestamp = until - 1
    with refused(owed.AgreementHeld, until=until):
        claim(world, owed)
    chain.pending_timestamp = until
    claim(world, owed)
    assert world.money(owed).owed == 0


def test_reverts_when_the_performance_security_is_missing_or_lapsed(
    world, law, refused, chain, kept, insecure
):
    """5 % of 1,000.00."""
    kind, expiry = law.GuaranteeKind.PERFORMANCE, law.MONDAY + law.DAY
    lapsed = {"kind": kind, "required": 5_000}
    with kept(insecure), refused(insecure.GuaranteeLapsed, **lapsed, amount=0, expiresAt=0):
        claim(world, insecure)
    chain.pending_timestamp = law.MONDAY
    for amount, moment in ((4_999, expiry - 1), (5_000, expiry), (5_000, expiry + 1)):
        world.assure(insecure, kind, amount, expiry)
        with chain.isolate():
            chain.pending_timestamp = moment
            with refused(insecure.GuaranteeLapsed, **lapsed, amount=amount, expiresAt=expiry):
                claim(world, insecure)
    chain.pending_timestamp = expiry - 1
    claim(world, insecure)
    assert world.money(insecure).owed == 0


def test_reverts_when_the_guarantee_of_the_advance_is_missing_or_lapsed(
    world, law, refused, chain, full
):
    """20,000 were paid in advance, of which 25 % of 50,000 are recovered: 7,500 are outstanding."""
    chain.pending_timestamp = law.MONDAY
    kind, expiry = law.GuaranteeKind.ADVANCE, law.MONDAY + law.DAY
    world.assure(full, kind, 7_499, expiry)
    world.pay(full)
    owed = full.owedTo(0, world.id["supplier"])
    assert world.money(full).advance_outstanding == 7_500
    lapsed = {"kind": kind, "required": 7_500, "expiresAt": expiry}
    with refused(full.GuaranteeLapsed, **lapsed, amount=7_499):
        claim(world, full)
    world.assure(full, kind, 7_500, expiry)
    chain.pending_timestamp = expiry
    with refused(full.GuaranteeLapsed, **lapsed, amount=7_500):
        claim(world, full)
    world.assure(full, kind, 7_500, expiry + law.DAY)
    before = world.balance("supplier")
    claim(world, full)
    assert world.balance("supplier") == before + owed
    assert world.money(full).owed == 0


@pytest.mark.parametrize("standing", [1, 3])
@pytest.mark.parametrize("caller", ["supplier", "first", "stranger"])
def test_pays_the_payee_whoever_calls(world, law, emitted, told, owed, standing, caller):
    if standing == law.Standing.DEBARRED:
        world.stand("supplier", standing)
    before = world.balance("supplier")
    receipt = claim(world, owed, caller=world.account.get(caller))
    paid = owed.ClaimPaid(
        milestone=0,
        payee=world.id["supplier"],
        account=world.account["supplier"].address,
        amount=50_000,
    )
    emitted(receipt, [paid, told(owed).transfer("supplier", 50_000)])
    assert world.milestones(owed)[0].status == law.MilestoneStatus.PAID
    assert owed.owedTo(0, world.id["supplier"]) == 0
    assert world.money(owed) == law.Money(100_000, 80_000, 100_000, accepted=50_000, paid=50_000)
    assert world.balance("supplier") == before + 50_000
    assert world.held(owed) == 50_000


def test_pays_all_that_is_owed_for_a_milestone(world, law, emitted, told, inspected):
    """20,000 of a part and 30,000 of the rest."""
    world.stand("supplier", law.Standing.SUSPENDED)
    world.accept_part(inspected, 20_000)
    receipt = world.pay(inspected)
    expected = told(inspected)
    emitted(
        receipt,
        [
            expected.approved("second", 2, attempt=2),
            expected.owed(30_000, 0, total=50_000),
            expected.payment(
                law.Payment(30_000, net=30_000), law.Basis.ACCEPTANCE, 0, attempt=2, owed=True
            ),
        ],
    )
    world.stand("supplier", law.Standing.ACTIVE)
    before = world.balance("supplier")
    claim(world, inspected)
    assert world.balance("supplier") == before + 50_000


def test_given_a_closed_agreement_pays(world, law, owed):
    world.terminate(owed)
    before = world.balance("supplier")
    claim(world, owed)
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
    claim(world, inspected, 1, "subcontractor")
    assert world.balance("subcontractor") == subcontractor + 30_000
    assert world.balance("supplier") == supplier
    assert world.milestones(inspected)[1].status == law.MilestoneStatus.PAID


def test_given_the_guarantee_is_replaced_pays(world, law, insecure):
    before = world.balance("supplier")
    world.assure(insecure, law.GuaranteeKind.PERFORMANCE, 5_000)
    claim(world, insecure)
    assert world.balance("supplier") == before + 50_000


def test_given_a_collector_pays_without_guarantees(world, law, full):
    """A tax of 265/11,100 of 50,000, rounded up: 1,194."""
    world.stand("collector", law.Standing.SUSPENDED)
    world.assure(full, law.GuaranteeKind.PERFORMANCE, 1)
    world.pay(full)
    world.stand("collector", law.Standing.ACTIVE)
    before = world.balance("collector")
    claim(world, full, 0, "collector")
    assert world.balance("collector") == before + 1_194


def test_given_a_termination_pays_without_guarantees(world, insecure):
    before = world.balance("supplier")
    world.submit(insecure, 1)
    world.terminate(insecure)
    claim(world, insecure)
    assert world.balance("supplier") == before + 50_000
