"""Branches: suspend.tree."""

import ape

DAY = 86_400


def suspend(world, law, agreement, until, reason="flood"):
    """The first two members suspend."""
    return world.decide(agreement, "suspend", until, law.digest(reason), law.NONE)


def test_reverts_when_it_exceeds_what_is_left_of_the_days(world, law, refused, active):
    start = ape.chain.pending_timestamp + 1_000
    ape.chain.pending_timestamp = start
    with refused(active.TooLate, present=start + 90 * DAY + 1, latest=start + 90 * DAY):
        active.suspend(
            start + 90 * DAY + 1, law.digest("flood"), law.NONE, sender=world.account["first"]
        )
    placed = suspend(world, law, active, start + 60 * DAY).timestamp
    left = 90 * DAY - (start + 60 * DAY - placed)
    later = start + 100 * DAY
    ape.chain.pending_timestamp = later
    with refused(active.TooLate, present=later + left + 1, latest=later + left):
        active.suspend(
            later + left + 1, law.digest("again"), law.NONE, sender=world.account["first"]
        )


def test_reverts_when_suspended_before_it_ends(world, law, refused, active):
    until = ape.chain.pending_timestamp + 10 * DAY
    suspend(world, law, active, until)
    with refused(active.AlreadySuspended, until=until):
        suspend(world, law, active, until + DAY)


def test_reverts_when_payments_are_held(world, law, refused, active):
    until = ape.chain.pending_timestamp + 10 * DAY
    active.hold(until, law.digest("audit"), law.NONE, sender=world.account["auditor"])
    with refused(active.AgreementHeld, until=until):
        suspend(world, law, active, until + DAY)


def test_waits_for_a_quorum(world, law, active):
    until = ape.chain.pending_timestamp + 10 * DAY
    active.suspend(until, law.digest("flood"), law.NONE, sender=world.account["first"])
    assert active.pausedBetween(0, until) == 0


def test_stops_the_clocks(world, law):
    due = ape.chain.pending_timestamp + 5 * DAY
    agreement = world.begin(
        inspectors=(),
        milestones=((50_000, due, law.NONE, law.NONE),),
        conditions=law.Conditions(damages_rate=1_000, damages_cap=1_000),
    )
    until = ape.chain.pending_timestamp + 30 * DAY
    placed = suspend(world, law, agreement, until).timestamp
    # Submitted a second and two days after the due date as moved: three days late.
    ape.chain.pending_timestamp = due + (until - placed) + 2 * DAY + 1
    world.submit(agreement, 0)
    world.accept(agreement, "first", 0)
    world.accept(agreement, "second", 0)
    assert world.money(agreement).damages == 150
