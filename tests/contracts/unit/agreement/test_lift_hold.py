"""Branches: lift_hold.tree."""

import pytest

from ...vocabulary import DAY, MONDAY, NONE, MilestoneStatus, Role, digest

UNTIL = MONDAY + 10 * DAY


@pytest.fixture
def held(world, chain, inspected):
    """Held from a Monday for ten days."""
    chain.pending_timestamp = MONDAY
    inspected.hold(UNTIL, digest("audit"), NONE, sender=world.account["auditor"])
    return inspected


def lift(world, agreement, by="auditor"):
    return agreement.liftHold(sender=world.account[by])


@pytest.mark.parametrize("state", ["signed", "active", "closed"])
def test_reverts_when_nothing_is_held(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(agreement.NotStopped):
        lift(world, agreement)


def test_reverts_when_lifted_before(world, refused, chain, held):
    with chain.isolate():
        chain.pending_timestamp = UNTIL
        with refused(held.NotStopped):
            lift(world, held)
    chain.pending_timestamp = UNTIL - 1
    lift(world, held)
    with refused(held.NotStopped):
        lift(world, held)


def test_reverts_when_caller_is_no_auditor(world, refused, held):
    for name in ("first", "supplier"):
        caller = world.account[name]
        with refused(held.CallerNotAuditor, caller=caller.address, participant=world.id[name]):
            lift(world, held, name)
    with refused(held.CallerNotAuditor, caller=world.stranger.address, participant=NONE):
        held.liftHold(sender=world.stranger)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["arbiter"],
        roles=Role.ARBITER,
        required=Role.AUDITOR,
    ):
        lift(world, held, "arbiter")


def test_lets_payments_and_clocks_go_on(world, emitted, chain, held):
    chain.pending_timestamp = MONDAY + DAY
    receipt = lift(world, held)
    emitted(receipt, [held.AgreementHoldLifted(by=world.id["auditor"])])
    assert held.pausedBetween(0, 2**64 - 1) == DAY
    chain.pending_timestamp = MONDAY + DAY
    world.accept(held, "first")
    world.accept(held, "second")
    assert world.milestones(held)[0].status == MilestoneStatus.PAID


def test_lets_any_auditor_lift_it(world, emitted, held):
    house = world.known("audit board", roles=Role.AUDITOR)
    world.known("board member", world.spare[0], Role.AUDITOR, house)
    receipt = lift(world, held, "board member")
    emitted(receipt, [held.AgreementHoldLifted(by=world.id["board member"])])
