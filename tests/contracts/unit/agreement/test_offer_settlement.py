"""Branches: offer_settlement.tree."""


def offer(world, agreement, amount):
    """The first two members offer."""
    return world.decide(agreement, "offerSettlement", 0, amount)


def test_reverts_when_the_milestone_is_not_in_dispute(world, law, refused, submitted):
    with refused(
        submitted.MilestoneUnexpectedStatus,
        milestone=0,
        current=law.MilestoneStatus.SUBMITTED,
        expected=law.bits(law.MilestoneStatus.DISPUTED),
    ):
        submitted.offerSettlement(0, 1, sender=world.account["supplier"])


def test_reverts_when_the_amount_exceeds_what_is_in_dispute(world, refused, disputed):
    with refused(disputed.AmountOutOfRange, given=50_001, smallest=0, largest=50_000):
        disputed.offerSettlement(0, 50_001, sender=world.account["supplier"])


def test_reverts_when_caller_is_on_neither_side(world, refused, disputed):
    for name in ("treasury", "arbiter"):
        caller = world.account[name]
        with refused(
            disputed.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
        ):
            disputed.offerSettlement(0, 1, sender=caller)


def test_given_different_offers_waits(world, law, kept, disputed):
    with kept(disputed):
        disputed.offerSettlement(0, 45_000, sender=world.account["supplier"])
        offer(world, disputed, 30_000)
        # One member alone does not speak for the committee.
        disputed.offerSettlement(0, 45_000, sender=world.account["first"])


def test_given_equal_offers_pays_and_gives_up_the_rest(world, law, emitted, told, ledger, disputed):
    disputed.offerSettlement(0, 45_000, sender=world.account["supplier"])
    disputed.offerSettlement(0, 40_000, sender=world.account["supplier"])
    disputed.offerSettlement(0, 40_000, sender=world.account["first"])
    receipt = disputed.offerSettlement(0, 40_000, sender=world.account["second"])
    expect = told(disputed)
    payment = law.Payment(gross=40_000, net=40_000)
    emitted(
        receipt,
        [
            expect.decision("offerSettlement", (0, 40_000), "second", 2),
            disputed.SettlementOffered(milestone=0, by=world.id["second"], amount=40_000),
            disputed.DisputeSettled(milestone=0, amount=40_000, rest=10_000),
            disputed.MilestoneCancelled(milestone=0, amount=10_000),
            *expect.sent(payment, law.Basis.SETTLEMENT, 0, attempt=1),
        ],
    )
    first = world.milestones(disputed)[0]
    assert (first.status, first.amount) == (law.MilestoneStatus.PAID, 40_000)
    assert world.money(disputed).scheduled == 70_000
    ledger(disputed)


def test_given_offers_of_nothing_cancels(world, law, ledger, disputed):
    offer(world, disputed, 0)
    disputed.offerSettlement(0, 0, sender=world.account["supplier"])
    assert world.milestones(disputed)[0].status == law.MilestoneStatus.CANCELLED
    assert world.money(disputed).accepted == 0
    ledger(disputed)
