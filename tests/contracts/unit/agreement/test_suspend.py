"""Branches: suspend.tree."""

import pytest

from ...vocabulary import (
    DAY,
    MONDAY,
    NO_MILESTONE,
    NONE,
    AgreementStatus,
    MilestoneStatus,
    bits,
    digest,
)

WHY = (digest("flood"), digest("declaration"))
EVER = 2**64 - 1


@pytest.fixture(autouse=True)
def monday(chain):
    chain.pending_timestamp = MONDAY


def suspend(world, agreement, until=MONDAY + 10 * DAY, by="first", why=WHY):
    return agreement.suspend(until, *why, sender=world.account[by])


def by_quorum(world, chain, agreement, moment, until):
    """Suspended by two members in this second."""
    for name in ("first", "second"):
        chain.pending_timestamp = moment
        receipt = suspend(world, agreement, until, name)
    return receipt


@pytest.mark.parametrize("state", ["signed", "closed"])
def test_reverts_when_nothing_goes_on(world, refused, request, state):
    agreement, status = request.getfixturevalue(state), AgreementStatus
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=status[state.upper()],
        expected=bits(status.ACTIVE, status.COMPLETED, status.TERMINATED),
    ):
        suspend(world, agreement)


def test_reverts_when_the_reason_is_missing(world, refused, active):
    with refused(active.ReasonMissing):
        suspend(world, active, why=(NONE, NONE))


def test_reverts_when_caller_is_not_on_the_committee(world, refused, active):
    for name in ("supplier", "auditor", "treasury"):
        caller = world.account[name]
        with refused(
            active.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
        ):
            suspend(world, active, by=name)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_member_is_not_active(world, refused, active, standing):
    world.stand("first", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["first"], standing=standing
    ):
        suspend(world, active)


def test_reverts_when_the_member_has_voted(world, refused, active):
    suspend(world, active)
    with refused(active.AlreadyVoted, milestone=NO_MILESTONE, participant=world.id["first"]):
        suspend(world, active)


def test_reverts_when_it_exceeds_what_is_left_of_the_days(world, refused, chain, active):
    """90 days in all: 60, then 30, then none."""
    latest = MONDAY + 90 * DAY
    chain.pending_timestamp = MONDAY
    with refused(active.TooLate, present=latest + 1, latest=latest):
        suspend(world, active, latest + 1)
    by_quorum(world, chain, active, MONDAY + DAY, MONDAY + 61 * DAY)
    start = MONDAY + 100 * DAY
    latest = start + 30 * DAY
    for moment in (latest + 1, EVER):
        chain.pending_timestamp = start - DAY
        with chain.isolate():
            chain.pending_timestamp = start
            with refused(active.TooLate, present=moment, latest=latest):
                suspend(world, active, moment)
    by_quorum(world, chain, active, start, latest)
    assert active.pausedBetween(0, EVER) == 90 * DAY
    chain.pending_timestamp = latest
    with refused(active.TooLate, present=latest + 1, latest=latest):
        suspend(world, active, latest + 1)


def test_reverts_when_it_is_over_before_it_begins(world, refused, chain, active):
    """Also for the vote that would complete the quorum."""
    suspend(world, active, MONDAY + DAY)
    chain.pending_timestamp = MONDAY + DAY
    with refused(active.TooEarly, present=MONDAY + DAY, earliest=MONDAY + DAY):
        suspend(world, active, MONDAY + DAY, "second")


def test_reverts_when_suspended_already(world, refused, chain, active):
    until = MONDAY + 11 * DAY
    by_quorum(world, chain, active, MONDAY + DAY, until)
    chain.pending_timestamp = until - 1
    with refused(active.AlreadySuspended, until=until):
        suspend(world, active, until + DAY)
    chain.pending_timestamp = until
    suspend(world, active, until + DAY)


def test_reverts_when_payments_are_held(world, refused, chain, active):
    until = MONDAY + 10 * DAY
    active.hold(until, *WHY, sender=world.account["auditor"])
    chain.pending_timestamp = until - 1
    with refused(active.AgreementHeld, until=until):
        suspend(world, active, until + DAY)
    chain.pending_timestamp = until
    suspend(world, active, until + DAY)


def test_counts_votes_for_the_same_end_reason_and_document_only(world, active):
    until = MONDAY + 10 * DAY
    suspend(world, active, until)
    suspend(world, active, until + 1, "second")
    suspend(world, active, until, "second", (digest("war"), WHY[1]))
    suspend(world, active, until, "second", (WHY[0], NONE))
    assert active.pausedBetween(0, EVER) == 0


def test_stops_the_clocks_by_a_quorum(world, emitted, told, kept, chain, active):
    """From the second vote on."""
    until = MONDAY + 10 * DAY
    with kept(active):
        vote = told(active).decision("suspend", (until, *WHY), "first", 1)
        emitted(suspend(world, active, until), [vote])
        assert active.pausedBetween(0, EVER) == 0
        chain.pending_timestamp = MONDAY + DAY
        receipt = suspend(world, active, until, "third")
    vote = told(active).decision("suspend", (until, *WHY), "third", 2)
    suspended = active.AgreementSuspended(until=until, reason=WHY[0], document=WHY[1])
    emitted(receipt, [vote, suspended])
    assert active.pausedBetween(0, EVER) == 9 * DAY


def test_lets_payments_and_work_go_on(world, chain, active):
    by_quorum(world, chain, active, MONDAY + DAY, MONDAY + 10 * DAY)
    world.pay(active)
    assert world.milestones(active)[0].status == MilestoneStatus.PAID
    assert chain.pending_timestamp < MONDAY + 10 * DAY


def test_gives_back_the_days_that_were_not_used(world, refused, chain, active):
    """50 days, ended after five: 85 are left."""
    by_quorum(world, chain, active, MONDAY + DAY, MONDAY + 51 * DAY)
    active.resume(sender=world.account["first"])
    chain.pending_timestamp = MONDAY + 6 * DAY
    active.resume(sender=world.account["second"])
    chain.pending_timestamp = start = MONDAY + 7 * DAY
    latest = start + 85 * DAY
    with refused(active.TooLate, present=latest + 1, latest=latest):
        suspend(world, active, latest + 1)


@pytest.mark.parametrize("state", ["active", "completed", "terminated"])
def test_given_each_status_before_closing_suspends(world, chain, request, state):
    agreement = request.getfixturevalue(state)
    by_quorum(world, chain, agreement, MONDAY + DAY, MONDAY + 2 * DAY)
    assert agreement.pausedBetween(0, EVER) == DAY
