"""Branches: lift_hold.tree."""

import ape

DAY = 86_400


def test_reverts_when_nothing_is_held(world, refused, active):
    with refused(active.NotStopped):
        active.liftHold(sender=world.account["auditor"])


def test_reverts_when_caller_is_no_auditor(world, refused, active):
    caller = world.account["supplier"]
    with refused(active.CallerNotAuditor, caller=caller.address, participant=world.id["supplier"]):
        active.liftHold(sender=caller)


def test_lets_payments_go_on(world, law, emitted, inspected):
    auditor = world.account["auditor"]
    until = ape.chain.pending_timestamp + 10 * DAY
    start = inspected.hold(until, law.digest("audit"), law.NONE, sender=auditor).timestamp
    receipt = inspected.liftHold(sender=auditor)
    emitted(receipt, [inspected.AgreementHoldLifted(by=world.id["auditor"])])
    assert inspected.pausedBetween(start, until) == receipt.timestamp - start
    world.accept(inspected, "first", 0)
    world.accept(inspected, "second", 0)
    assert world.milestones(inspected)[0].status == law.MilestoneStatus.PAID
