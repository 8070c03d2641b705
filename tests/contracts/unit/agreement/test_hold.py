"""Branches: hold.tree."""

import ape

DAY = 86_400


def hold(world, law, agreement, days=10):
    """The auditor holds for so many days; returns until when."""
    until = ape.chain.pending_timestamp + days * DAY
    agreement.hold(until, law.digest("audit"), law.NONE, sender=world.account["auditor"])
    return until


def test_reverts_when_caller_is_no_auditor(world, law, refused, active):
    until = ape.chain.pending_timestamp + DAY
    caller = world.account["arbiter"]
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["arbiter"],
        roles=law.Role.ARBITER,
        required=law.Role.AUDITOR,
    ):
        active.hold(until, law.digest("audit"), law.NONE, sender=caller)
    with refused(active.CallerNotAuditor, caller=world.stranger.address, participant=law.NONE):
        active.hold(until, law.digest("audit"), law.NONE, sender=world.stranger)


def test_reverts_when_the_auditor_is_of_a_partys_house(world, law, refused, active):
    until = ape.chain.pending_timestamp + DAY
    for name in ("first", "supplier"):
        world.registry.setRoles(world.id[name], law.ALL_ROLES, sender=world.registrar)
        caller = world.account[name]
        with refused(active.CallerNotAuditor, caller=caller.address, participant=world.id[name]):
            active.hold(until, law.digest("audit"), law.NONE, sender=caller)


def test_reverts_when_it_would_last_too_long_or_not_at_all(world, law, refused, active):
    now = ape.chain.pending_timestamp + 100
    auditor, why = world.account["auditor"], (law.digest("audit"), law.NONE)
    ape.chain.pending_timestamp = now
    with refused(active.TooEarly, present=now, earliest=now):
        active.hold(now, *why, sender=auditor)
    ape.chain.pending_timestamp = now + 1
    latest = now + 1 + 30 * DAY
    with refused(active.TooLate, present=latest + 1, latest=latest):
        active.hold(latest + 1, *why, sender=auditor)


def test_reverts_when_payments_are_held(world, law, refused, active):
    until = hold(world, law, active)
    with refused(active.AgreementHeld, until=until):
        hold(world, law, active, 20)


def test_reverts_when_the_last_hold_ended_too_lately(world, law, refused, active):
    earliest = hold(world, law, active) + 30 * DAY
    ape.chain.pending_timestamp = earliest - 1
    with refused(active.TooEarly, present=earliest - 1, earliest=earliest):
        active.hold(earliest + DAY, law.digest("audit"), law.NONE, sender=world.account["auditor"])
    ape.chain.pending_timestamp = earliest
    hold(world, law, active)


def test_reverts_when_the_reason_is_missing(world, law, refused, active):
    with refused(active.ReasonMissing):
        active.hold(
            ape.chain.pending_timestamp + DAY,
            law.NONE,
            law.NONE,
            sender=world.account["auditor"],
        )


def test_stops_payments_and_clocks(world, law, refused):
    agreement = world.begin(conditions=law.Conditions(review_days=5), inspectors=())
    world.submit(agreement, 0)
    end = world.milestones(agreement)[0].review_ends_at
    until = hold(world, law, agreement)
    held_for = until - ape.chain.blocks.head.timestamp
    with refused(agreement.AgreementHeld, until=until):
        world.accept(agreement, "first", 0)
    # What it stopped is added to the review period.
    ape.chain.pending_timestamp = end + held_for
    with refused(agreement.TooEarly, present=end + held_for, earliest=end + held_for):
        agreement.acceptBySilence(0, 1, sender=world.stranger)
    ape.chain.pending_timestamp = end + held_for + 1
    agreement.acceptBySilence(0, 1, sender=world.stranger)


def test_ends_a_suspension(world, law, active):
    until = ape.chain.pending_timestamp + 60 * DAY
    world.decide(active, "suspend", until, law.digest("flood"), law.NONE)
    start = ape.chain.blocks.head.timestamp
    held_until = hold(world, law, active)
    assert active.pausedBetween(start, until) == held_until - start
