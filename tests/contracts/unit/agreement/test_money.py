"""Branches: money.tree. Figures after each act stand with the act."""

from ...vocabulary import DAY, MONDAY, GuaranteeKind, Money


def test_tells_value_and_schedule_before_anything_is_funded(world, signed):
    assert world.money(signed) == Money(value=100_000, scheduled=80_000)


def test_tells_each_part_of_it(world, law, chain, ledger, begin):
    """Of 40,000, ten days late, accepted 25 days after it was due to be paid:
    advance 25 %: 10,000; retention 5 %: 2,000; 265/11,100: 955; damages 1 %: 400; net: 26,645.
    Interest, 0.02 % a day of 26,645 for 25 days: 133.225, so 133.
    """
    agreement = begin(world.full(), 40_000, 20_000)
    world.assure(agreement, GuaranteeKind.ADVANCE, 20_000)
    world.assure(agreement, GuaranteeKind.PERFORMANCE, 5_000)
    agreement.payAdvance(sender=world.stranger)
    chain.pending_timestamp = MONDAY + 10 * DAY
    world.submit(agreement)
    world.accept(agreement, "first")
    world.stand("supplier", law.Standing.SUSPENDED)
    review = world.milestones(agreement)[0].review_ends_at
    chain.pending_timestamp = review + (14 + 25) * DAY
    world.accept(agreement, "second")
    expected = Money(
        value=100_000,
        scheduled=60_000,
        funded=100_000,
        accepted=40_000,
        paid=20_955,
        owed=26_645,
        refunded=0,
        advance_outstanding=10_000,
        retained=2_000,
        damages=400,
        damages_carried=0,
        interest_owed=133,
    )
    assert world.money(agreement) == expected
    ledger(agreement)
    world.stand("supplier", law.Standing.ACTIVE)
    agreement.claim(0, world.id["supplier"], sender=world.stranger)
    assert world.money(agreement) == expected._replace(paid=47_600, owed=0)
    ledger(agreement)


def test_counts_what_is_claimed_as_paid(world, owed):
    before = world.money(owed)
    assert (before.paid, before.owed) == (0, 50_000)
    owed.claim(0, world.id["supplier"], sender=world.stranger)
    assert world.money(owed) == before._replace(paid=50_000, owed=0)


def test_takes_nothing_in_but_what_it_fetches(world, refused, kept, active):
    """So that what it holds tells what it paid."""
    supplier = world.account["supplier"]
    world.token.transfer(supplier, 10, sender=world.account["treasury"])
    with (
        kept(active),
        refused(world.token.EscrowFetchesItself, escrow=active.address, caller=supplier.address),
    ):
        world.token.transfer(active, 10, sender=supplier)
