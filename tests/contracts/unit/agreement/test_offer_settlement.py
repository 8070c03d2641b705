"""Branches: offer_settlement.tree."""

import pytest

from ...payments import paid
from ...vocabulary import (
    DAY,
    MONDAY,
    NO_MILESTONE,
    NONE,
    ONGOING,
    Basis,
    Milestone,
    MilestoneStatus,
    Money,
    Payment,
    bits,
    digest,
)


def offer(world, agreement, by, amount, milestone=0):
    return agreement.offerSettlement(milestone, amount, sender=world.account[by])


def offered(world, agreement, by, amount):
    return agreement.SettlementOffered(milestone=0, by=world.id[by], amount=amount)


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=ONGOING,
    ):
        offer(world, agreement, "supplier", 1)


def test_reverts_when_payments_are_held(world, refused, chain, kept, disputed):
    chain.pending_timestamp = MONDAY
    until = MONDAY + DAY
    disputed.hold(until, digest("audit"), NONE, sender=world.account["auditor"])
    with kept(disputed), refused(disputed.AgreementHeld, until=until):
        offer(world, disputed, "supplier", 1)


@pytest.mark.parametrize(("milestone", "current"), [(0, 5), (1, 1), (2, 2), (4, 4), (5, 9), (7, 7)])
def test_reverts_when_the_milestone_is_not_in_dispute(world, refused, varied, milestone, current):
    for name in ("supplier", "first"):
        with refused(
            varied.MilestoneUnexpectedStatus,
            milestone=milestone,
            current=current,
            expected=bits(MilestoneStatus.DISPUTED),
        ):
            offer(world, varied, name, 1, milestone)


def test_reverts_when_the_amount_exceeds_what_is_in_dispute(world, refused, kept, disputed):
    with kept(disputed):
        for name in ("supplier", "first"):
            for amount in (50_001, 2**96 + 1, 2**128 - 1):
                with refused(disputed.AmountOutOfRange, given=amount, smallest=0, largest=50_000):
                    offer(world, disputed, name, amount)


def test_reverts_when_caller_is_on_neither_side(world, refused, disputed):
    for name in ("treasury", "arbiter", "subcontractor"):
        caller = world.account[name]
        with refused(
            disputed.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
        ):
            offer(world, disputed, name, 1)


def test_reverts_when_the_member_is_not_active(world, law, refused, disputed):
    world.stand("first", law.Standing.DEBARRED)
    with refused(
        world.registry.ParticipantNotActive,
        participant=world.id["first"],
        standing=law.Standing.DEBARRED,
    ):
        offer(world, disputed, "first", 1)


def test_reverts_when_the_member_has_voted(world, refused, kept, disputed):
    offer(world, disputed, "first", 1)
    error = disputed.AlreadyVoted
    with kept(disputed), refused(error, milestone=NO_MILESTONE, participant=world.id["first"]):
        offer(world, disputed, "first", 1)


def test_given_different_offers_waits(world, emitted, told, kept, disputed):
    with kept(disputed):
        receipt = offer(world, disputed, "supplier", 45_000)
        emitted(receipt, [offered(world, disputed, "supplier", 45_000)])
        vote = told(disputed).decision("offerSettlement", (0, 30_000), "first", 1)
        emitted(offer(world, disputed, "first", 30_000), [vote])
        vote = told(disputed).decision("offerSettlement", (0, 30_000), "third", 2)
        receipt = offer(world, disputed, "third", 30_000)
        emitted(receipt, [vote, offered(world, disputed, "third", 30_000)])
        # One member alone does not speak for the committee.
        offer(world, disputed, "first", 45_000)


def test_given_the_latest_offers_of_both_takes_those(world, disputed, kept):
    """What was offered before and replaced is offered no more."""
    with kept(disputed):
        offer(world, disputed, "supplier", 40_000)
        offer(world, disputed, "supplier", 41_000)
        world.decide(disputed, "offerSettlement", 0, 40_000)
        world.decide(disputed, "offerSettlement", 0, 39_000)
        offer(world, disputed, "supplier", 40_000)
    offer(world, disputed, "supplier", 39_000)
    assert world.money(disputed).accepted == 39_000


@pytest.mark.parametrize("last", ["supplier", "committee"])
def test_given_equal_offers_pays_and_gives_up_the_rest(
    world, emitted, told, ledger, disputed, last
):
    before = world.balance("supplier")
    expected = told(disputed)
    if last == "committee":
        offer(world, disputed, "supplier", 40_000)
        offer(world, disputed, "first", 40_000)
        receipt, by = offer(world, disputed, "second", 40_000), "second"
        vote = [expected.decision("offerSettlement", (0, 40_000), "second", 2)]
    else:
        world.decide(disputed, "offerSettlement", 0, 40_000)
        receipt, by, vote = offer(world, disputed, "supplier", 40_000), "supplier", []
    emitted(
        receipt,
        [
            *vote,
            offered(world, disputed, by, 40_000),
            disputed.DisputeSettled(milestone=0, amount=40_000, rest=10_000),
            disputed.MilestoneCancelled(milestone=0, amount=10_000),
            *expected.sent(Payment(40_000, net=40_000), Basis.SETTLEMENT, 0, attempt=1),
        ],
    )
    assert world.balance("supplier") == before + 40_000
    assert world.milestones(disputed)[0] == Milestone(
        40_000, 1_780_000_000, MilestoneStatus.PAID, accepted=40_000
    )
    assert world.money(disputed) == Money(100_000, 70_000, 100_000, accepted=40_000, paid=40_000)
    ledger(disputed)


def test_given_the_whole_gives_up_nothing(world, emitted, told, disputed):
    world.decide(disputed, "offerSettlement", 0, 50_000)
    receipt = offer(world, disputed, "supplier", 50_000)
    emitted(
        receipt,
        [
            offered(world, disputed, "supplier", 50_000),
            disputed.DisputeSettled(milestone=0, amount=50_000, rest=0),
            *told(disputed).sent(Payment(50_000, net=50_000), Basis.SETTLEMENT, 0, attempt=1),
        ],
    )
    assert world.money(disputed).scheduled == 80_000


def test_given_nothing_of_what_is_in_dispute_cancels(world, emitted, ledger, disputed):
    world.decide(disputed, "offerSettlement", 0, 0)
    receipt = offer(world, disputed, "supplier", 0)
    emitted(
        receipt,
        [
            offered(world, disputed, "supplier", 0),
            disputed.DisputeSettled(milestone=0, amount=0, rest=50_000),
            disputed.MilestoneCancelled(milestone=0, amount=50_000),
        ],
    )
    assert world.milestones(disputed)[0] == Milestone(
        50_000, 1_780_000_000, MilestoneStatus.CANCELLED
    )
    assert world.money(disputed) == Money(100_000, 30_000, 100_000)
    ledger(disputed)


@pytest.mark.parametrize("amount", [0, 10_000, 30_000])
def test_given_the_rest_of_a_part_leaves_what_was_accepted(world, ledger, inspected, amount):
    world.accept_part(inspected, 20_000)
    world.dispute(inspected)
    world.decide(inspected, "offerSettlement", 0, amount)
    receipt = offer(world, inspected, "supplier", amount)
    if amount:
        assert paid(inspected, receipt) == Payment(amount, net=amount)
    assert world.milestones(inspected)[0] == Milestone(
        20_000 + amount, 1_780_000_000, MilestoneStatus.PAID, accepted=20_000 + amount
    )
    assert world.money(inspected).scheduled == 50_000 + amount
    ledger(inspected)
