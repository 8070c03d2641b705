"""Branches: resume.tree."""

import ape

DAY = 86_400


def test_reverts_when_nothing_is_suspended(world, refused, active):
    with refused(active.NotStopped):
        active.resume(sender=world.account["first"])


def test_forgets_votes_on_an_earlier_suspension(world, law, active):
    until = ape.chain.pending_timestamp + 10 * DAY
    world.decide(active, "suspend", until, law.digest("flood"), law.NONE)
    active.resume(sender=world.account["first"])
    ape.chain.pending_timestamp = until + 1
    later = until + 20 * DAY
    world.decide(active, "suspend", later, law.digest("flood"), law.NONE)
    active.resume(sender=world.account["second"])
    assert active.pausedBetween(until, later) > 19 * DAY


def test_ends_it_early(world, law, emitted, active):
    until = ape.chain.pending_timestamp + 10 * DAY
    placed = world.decide(active, "suspend", until, law.digest("flood"), law.NONE).timestamp
    receipt = world.decide(active, "resume")
    assert [each.event_name for each in receipt.events] == ["DecisionApproved", "AgreementResumed"]
    assert active.pausedBetween(0, until) == receipt.timestamp - placed
