"""Branches: lateness.tree."""

import pytest

from ...payments import accept, paid, settle
from ...vocabulary import DAY, MONDAY, NONE, Amendment, Conditions, digest

# 1 % a day, at most all of it.
RATES = Conditions(damages_rate=10_000, damages_cap=10_000)
REASON = (digest("flood"), NONE)


def late(world, chain, agreement, moment, milestone=0):
    """Days late and damages of a submission at this moment; the chain goes back afterwards."""
    with chain.isolate():
        chain.pending_timestamp = moment
        payment = paid(agreement, settle(world, agreement, milestone))
    return payment.late_days, payment.damages


def stop(world, chain, agreement, start, end):
    """A hold, up to 30 days."""
    chain.pending_timestamp = start
    agreement.hold(end, *REASON, sender=world.account["auditor"])


def test_counts_a_part_of_a_day_as_a_day(world, chain, begin):
    agreement = begin(RATES, 1_000)
    for moment, expected in (
        (MONDAY - DAY, (0, 0)),
        (MONDAY, (0, 0)),
        (MONDAY + 1, (1, 10)),
        (MONDAY + DAY, (1, 10)),
        (MONDAY + DAY + 1, (2, 20)),
        (MONDAY + 100 * DAY, (100, 1_000)),
    ):
        assert late(world, chain, agreement, moment) == expected


def test_counts_to_the_submission_that_is_accepted(world, chain, begin):
    """Submitted in time and rejected; again two days late, and accepted when 100 days are over."""
    agreement = begin(RATES, 1_000)
    chain.pending_timestamp = MONDAY
    world.submit(agreement)
    world.turn_down(agreement)
    chain.pending_timestamp = MONDAY + 2 * DAY
    world.submit(agreement)
    chain.pending_timestamp = MONDAY + 100 * DAY
    assert paid(agreement, accept(world, agreement)).late_days == 2


def test_counts_nothing_without_a_due_date(world, chain):
    milestones = ((1_000, 0, NONE, NONE),)
    agreement = world.begin(inspectors=(), conditions=RATES, milestones=milestones)
    assert late(world, chain, agreement, MONDAY + 100 * DAY) == (0, 0)


@pytest.mark.parametrize("kind", ["hold", "suspension"])
def test_counts_no_time_for_which_the_clocks_stood_still(world, chain, begin, kind):
    """Ten days from the fifth day late on; the stop is over when it is accepted, or goes on."""
    agreement = begin(RATES, 1_000)
    start, end = MONDAY + 5 * DAY, MONDAY + 15 * DAY
    if kind == "hold":
        stop(world, chain, agreement, start, end)
    else:
        chain.pending_timestamp = MONDAY
        agreement.suspend(end, *REASON, sender=world.account["first"])
        chain.pending_timestamp = start
        agreement.suspend(end, *REASON, sender=world.account["second"])
    for moment, days in ((end, 5), (end + 1, 6), (end + DAY, 6), (end + DAY + 1, 7)):
        assert late(world, chain, agreement, moment)[0] == days
    chain.pending_timestamp = end - 1
    world.submit(agreement)
    chain.pending_timestamp = end
    assert paid(agreement, accept(world, agreement)).late_days == 5


def test_counts_a_stop_before_the_due_date_as_well(world, chain, begin):
    """Three days, before and beyond the date: it moves to the third day after it."""
    agreement = begin(RATES, 1_000)
    start = MONDAY - 2 * DAY
    stop(world, chain, agreement, start, start + 3 * DAY)
    moved = MONDAY + 3 * DAY
    for moment, days in ((moved, 0), (moved + 1, 1)):
        assert late(world, chain, agreement, moment)[0] == days


def test_counts_no_stop_from_before_the_date_was_agreed(world, chain, begin):
    """Of the stop of ten days, the six after the amendment."""
    agreement = begin(RATES, 1_000)
    start, due = MONDAY - 20 * DAY, MONDAY + DAY
    stop(world, chain, agreement, start, start + 10 * DAY)
    amendment = Amendment(changes=((0, 1_000, due, NONE, False),))
    agreement.proposeAmendment(tuple(amendment), sender=world.account["first"])
    agreement.signAmendment(1, tuple(amendment), sender=world.account["second"])
    chain.pending_timestamp = start + 4 * DAY
    agreement.signAmendment(1, tuple(amendment), sender=world.account["supplier"])
    moved = due + 6 * DAY
    for moment, days in ((moved, 0), (moved + 1, 1)):
        assert late(world, chain, agreement, moment)[0] == days


def test_counts_the_stops_since_an_added_milestone_was_agreed(world, chain, begin):
    """One stop of four days before, one of five after."""
    agreement = begin(RATES._replace(hold_days=5), 1_000)
    start = MONDAY - 20 * DAY
    stop(world, chain, agreement, start, start + 4 * DAY)
    chain.pending_timestamp = start + 5 * DAY
    world.amend(agreement, Amendment(milestones=((1_000, MONDAY, NONE, NONE),)))
    stop(world, chain, agreement, start + 10 * DAY, start + 15 * DAY)
    for milestone, days in ((0, 9), (1, 5)):
        moved = MONDAY + days * DAY
        assert late(world, chain, agreement, moved, milestone)[0] == 0
        assert late(world, chain, agreement, moved + 1, milestone)[0] == 1


def test_keeps_the_stops_when_an_amendment_leaves_the_date(world, chain, begin):
    agreement = begin(RATES, 1_000)
    start = MONDAY - 20 * DAY
    stop(world, chain, agreement, start, start + 4 * DAY)
    chain.pending_timestamp = start + 5 * DAY
    world.amend(agreement, Amendment(changes=((0, 2_000, MONDAY, NONE, False),)))
    moved = MONDAY + 4 * DAY
    assert late(world, chain, agreement, moved)[0] == 0
    assert late(world, chain, agreement, moved + 1)[0] == 1
