"""Branches: paused_between.tree."""

import pytest

from ...vocabulary import DAY, MONDAY, NONE, digest

REASON = (digest("audit"), NONE)
EVER = 2**64 - 1


@pytest.fixture
def stops(world, chain, active):
    """Holds the agreement, or suspends it, from one moment to another."""

    def hold(start, end):
        chain.pending_timestamp = start
        active.hold(end, *REASON, sender=world.account["auditor"])

    def suspend(start, end):
        chain.pending_timestamp = start - 1
        active.suspend(end, *REASON, sender=world.account["first"])
        chain.pending_timestamp = start
        active.suspend(end, *REASON, sender=world.account["second"])

    return hold, suspend


def test_is_nothing_before_the_clocks_were_stopped(active):
    assert active.pausedBetween(0, EVER) == 0


def test_is_what_of_each_stop_lies_between_the_moments(active, stops):
    """A hold of the second to the fifth day, a suspension of the eighth and ninth."""
    hold, suspend = stops
    hold(MONDAY + DAY, MONDAY + 5 * DAY)
    suspend(MONDAY + 7 * DAY, MONDAY + 9 * DAY)
    for start, end, expected in (
        (0, MONDAY + DAY, 0),
        (0, MONDAY + DAY + 1, 1),
        (MONDAY + 2 * DAY, MONDAY + 3 * DAY, DAY),
        (MONDAY + 5 * DAY - 1, MONDAY + 5 * DAY, 1),
        (MONDAY + 5 * DAY, MONDAY + 7 * DAY, 0),
        (MONDAY, MONDAY + 8 * DAY, 5 * DAY),
        (0, EVER, 6 * DAY),
        (MONDAY + 9 * DAY, EVER, 0),
        (MONDAY + 8 * DAY, MONDAY + 2 * DAY, 0),
    ):
        assert active.pausedBetween(start, end) == expected


def test_ends_with_a_stop_that_is_lifted_or_resumed_early(world, chain, active, stops):
    hold, suspend = stops
    hold(MONDAY, MONDAY + 10 * DAY)
    chain.pending_timestamp = MONDAY + 3 * DAY
    active.liftHold(sender=world.account["auditor"])
    assert active.pausedBetween(0, EVER) == 3 * DAY
    suspend(MONDAY + 5 * DAY, MONDAY + 20 * DAY)
    active.resume(sender=world.account["first"])
    chain.pending_timestamp = MONDAY + 7 * DAY
    active.resume(sender=world.account["second"])
    assert active.pausedBetween(0, EVER) == 5 * DAY


def test_grows_with_a_stop_that_is_extended(world, chain, active, stops):
    hold, _ = stops
    hold(MONDAY, MONDAY + 10 * DAY)
    chain.pending_timestamp = MONDAY + DAY
    active.extendHold(MONDAY + 12 * DAY, *REASON, sender=world.account["auditor"])
    assert active.pausedBetween(0, EVER) == 12 * DAY


def test_counts_a_hold_that_ends_a_suspension_once(active, stops):
    hold, suspend = stops
    suspend(MONDAY, MONDAY + 10 * DAY)
    hold(MONDAY + 4 * DAY, MONDAY + 6 * DAY)
    assert active.pausedBetween(0, EVER) == 6 * DAY
