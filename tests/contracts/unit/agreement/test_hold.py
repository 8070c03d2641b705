"""Branches: hold.tree."""

import pytest

from ...vocabulary import (
    DAY,
    MONDAY,
    NONE,
    AgreementStatus,
    Conditions,
    MilestoneStatus,
    Role,
    bits,
    digest,
)

WHY = (digest("audit"), digest("order"))
GOING_ON = bits(AgreementStatus.ACTIVE, AgreementStatus.COMPLETED, AgreementStatus.TERMINATED)


@pytest.fixture(autouse=True)
def monday(chain):
    chain.pending_timestamp = MONDAY


def hold(world, agreement, until=MONDAY + 10 * DAY, by="auditor", why=WHY):
    return agreement.hold(until, *why, sender=world.account[by])


def placed(world, agreement, until):
    return agreement.AgreementHoldPlaced(
        by=world.id["auditor"], until=until, reason=WHY[0], document=WHY[1]
    )


@pytest.mark.parametrize("state", ["signed", "closed"])
def test_reverts_when_nothing_goes_on(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=AgreementStatus[state.upper()],
        expected=GOING_ON,
    ):
        hold(world, agreement)


def test_reverts_when_the_reason_is_missing(world, refused, active):
    with refused(active.ReasonMissing):
        hold(world, active, why=(NONE, digest("order")))


def test_reverts_when_caller_is_no_auditor(world, refused, active):
    with refused(active.CallerNotAuditor, caller=world.stranger.address, participant=NONE):
        active.hold(MONDAY + DAY, *WHY, sender=world.stranger)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["arbiter"],
        roles=Role.ARBITER,
        required=Role.AUDITOR,
    ):
        hold(world, active, by="arbiter")


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_auditor_is_not_active(world, refused, active, standing):
    world.stand("auditor", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["auditor"], standing=standing
    ):
        hold(world, active)


def test_reverts_when_the_auditor_is_of_a_partys_house(world, law, refused, active):
    """Offices of the buyer, the supplier itself and its offices."""
    world.known("branch", world.spare[0], Role.AUDITOR, world.id["supplier"])
    for name in ("first", "treasury", "supplier", "branch"):
        world.registry.setRoles(world.id[name], law.ALL_ROLES, sender=world.registrar)
        caller = world.account[name]
        with refused(active.CallerNotAuditor, caller=caller.address, participant=world.id[name]):
            hold(world, active, by=name)


def test_reverts_when_it_would_last_too_long_or_not_at_all(world, refused, chain, active):
    """30 days at most."""
    for moment in (0, MONDAY - 1, MONDAY):
        chain.pending_timestamp = MONDAY
        with chain.isolate(), refused(active.TooEarly, present=moment, earliest=MONDAY):
            hold(world, active, moment)
    latest = MONDAY + 30 * DAY
    for moment in (latest + 1, 2**64 - 1):
        chain.pending_timestamp = MONDAY
        with chain.isolate(), refused(active.TooLate, present=moment, latest=latest):
            hold(world, active, moment)
    chain.pending_timestamp = MONDAY
    hold(world, active, latest)
    assert active.pausedBetween(0, 2**64 - 1) == 30 * DAY


def test_reverts_when_payments_are_held(world, refused, chain, active):
    until = MONDAY + 10 * DAY
    hold(world, active)
    for moment in (MONDAY + 1, until - 1):
        chain.pending_timestamp = moment
        with refused(active.AgreementHeld, until=until):
            hold(world, active, until + DAY)


@pytest.mark.parametrize("lifted", [False, True])
def test_reverts_when_the_last_hold_ended_too_lately(world, refused, chain, active, lifted):
    """Ten days, or lifted after one: 30 days must pass."""
    hold(world, active)
    end = MONDAY + 10 * DAY
    if lifted:
        end = chain.pending_timestamp = MONDAY + DAY
        active.liftHold(sender=world.account["auditor"])
    earliest = end + 30 * DAY
    for moment in (end, earliest):
        chain.pending_timestamp = moment
        with refused(active.TooEarly, present=moment, earliest=earliest):
            hold(world, active, earliest + DAY)
    chain.pending_timestamp = earliest + 1
    hold(world, active, earliest + DAY)
    assert active.pausedBetween(end, 2**64 - 1) == DAY - 1


def test_stops_payments_and_clocks_from_the_second_on_to_the_last(
    world, emitted, refused, chain, begin
):
    """Silence accepts seven days after the Monday, and ten days later for the hold."""
    monday = MONDAY + 7 * DAY
    agreement = begin(Conditions(review_days=5), 1_000)
    chain.pending_timestamp = monday
    world.submit(agreement)
    chain.pending_timestamp = start = monday + DAY
    until = start + 10 * DAY
    emitted(hold(world, agreement, until), [placed(world, agreement, until)])
    for moment in (start + 1, until - 1):
        chain.pending_timestamp = moment
        with refused(agreement.AgreementHeld, until=until):
            world.accept(agreement, "first")
    end = monday + 17 * DAY
    chain.pending_timestamp = end
    with refused(agreement.TooEarly, present=end, earliest=end):
        agreement.acceptBySilence(0, 1, sender=world.stranger)
    chain.pending_timestamp = end + 1
    agreement.acceptBySilence(0, 1, sender=world.stranger)
    assert world.milestones(agreement)[0].status == MilestoneStatus.PAID


@pytest.mark.parametrize("state", ["active", "completed", "terminated"])
def test_given_each_status_before_closing_holds(world, emitted, kept, request, state):
    agreement = request.getfixturevalue(state)
    with kept(agreement):
        receipt = hold(world, agreement)
    emitted(receipt, [placed(world, agreement, MONDAY + 10 * DAY)])


def test_given_a_termination_keeps_it_open_until_the_hold_ends(
    world, refused, chain, ledger, active
):
    """Though nothing is pending, no money moves."""
    until = MONDAY + 10 * DAY
    hold(world, active)
    world.terminate(active)
    assert active.status() == AgreementStatus.TERMINATED
    assert world.held(active) == 100_000
    chain.pending_timestamp = until - 1
    with refused(active.AgreementHeld, until=until):
        active.close(sender=world.stranger)
    chain.pending_timestamp = until
    active.close(sender=world.stranger)
    assert ledger(active) == (0, 0, 0, 100_000)


def test_can_be_placed_again_and_be_extended_again(world, chain, active):
    """Each hold of its own can be extended once."""
    auditor, start = world.account["auditor"], MONDAY
    for _ in range(2):
        chain.pending_timestamp = start
        hold(world, active, start + DAY)
        active.extendHold(start + 2 * DAY, *WHY, sender=auditor)
        start += 32 * DAY + 1
    assert active.pausedBetween(0, 2**64 - 1) == 4 * DAY


def test_ends_a_suspension(world, emitted, refused, chain, active):
    """What the suspension did not use is left for the next: 90 days less four."""
    for name in ("first", "second"):
        chain.pending_timestamp = MONDAY
        active.suspend(MONDAY + 60 * DAY, *WHY, sender=world.account[name])
    start = chain.pending_timestamp = MONDAY + 4 * DAY
    receipt = hold(world, active, start + DAY)
    emitted(receipt, [active.AgreementResumed(), placed(world, active, start + DAY)])
    assert active.pausedBetween(0, 2**64 - 1) == 5 * DAY
    chain.pending_timestamp = later = start + DAY
    latest = later + 86 * DAY
    with refused(active.TooLate, present=latest + 1, latest=latest):
        active.suspend(latest + 1, *WHY, sender=world.account["first"])
