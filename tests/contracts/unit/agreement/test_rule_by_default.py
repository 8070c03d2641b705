"""Branches: rule_by_default.tree."""

import ape

DAY = 86_400


def contested(world, **changes):
    """A first milestone of 33,333 in dispute."""
    milestones = ((33_333, 0, bytes(32), bytes(32)),)
    agreement = world.begin(inspectors=(), milestones=milestones, **changes)
    world.submit(agreement, 0)
    world.turn_down(agreement, 0)
    world.dispute(agreement, 0)
    return agreement


def test_reverts_when_the_milestone_is_not_in_dispute(world, law, refused, paid):
    with refused(
        paid.MilestoneUnexpectedStatus,
        milestone=0,
        current=law.MilestoneStatus.PAID,
        expected=law.bits(law.MilestoneStatus.DISPUTED),
    ):
        paid.ruleByDefault(0, sender=world.stranger)


def test_reverts_in_the_ruling_period(world, refused):
    agreement = contested(world, arbiter=world.id["arbiter"])
    end = ape.chain.blocks.head.timestamp + 30 * DAY
    ape.chain.pending_timestamp = end
    with refused(agreement.TooEarly, present=end, earliest=end):
        agreement.ruleByDefault(0, sender=world.stranger)
    ape.chain.pending_timestamp = end + 1
    agreement.ruleByDefault(0, sender=world.stranger)


def test_given_no_arbiter_applies_at_once(world, law, ledger):
    agreement = contested(world)
    agreement.ruleByDefault(0, sender=world.stranger)
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.PAID
    ledger(agreement)


def test_pays_the_agreed_share_rounded_down(world, law, emitted, told, ledger):
    agreement = contested(world, conditions=law.Conditions(default_share=5_000))
    receipt = agreement.ruleByDefault(0, sender=world.stranger)
    payment = law.Payment(gross=16_666, net=16_666)
    emitted(
        receipt,
        [
            agreement.DisputeRuled(
                milestone=0,
                by=law.NONE,
                amount=16_666,
                rest=16_667,
                reason=law.NONE,
                document=law.NONE,
            ),
            agreement.MilestoneCancelled(milestone=0, amount=16_667),
            *told(agreement).sent(payment, law.Basis.DEFAULT_RULING, 0, attempt=1),
        ],
    )
    ledger(agreement)
