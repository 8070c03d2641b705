"""Branches: rule_by_default.tree."""

import pytest

from ...vocabulary import (
    DAY,
    MONDAY,
    NONE,
    ONGOING,
    Basis,
    Conditions,
    MilestoneStatus,
    Payment,
    bits,
    digest,
)

WHY = (digest("audit"), NONE)
END = MONDAY + 30 * DAY


@pytest.fixture
def contest(world, chain, begin):
    """Begins an agreement whose first milestone is in dispute since a Monday."""

    def start(amount=33_333, share=5_000, **changes):
        agreement = begin(Conditions(default_share=share), amount, **changes)
        chain.pending_timestamp = MONDAY - DAY
        world.submit(agreement)
        world.turn_down(agreement)
        chain.pending_timestamp = MONDAY
        world.dispute(agreement)
        return agreement

    return start


def by_default(world, agreement, milestone=0):
    return agreement.ruleByDefault(milestone, sender=world.stranger)


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=ONGOING,
    ):
        by_default(world, agreement)


def test_reverts_when_payments_are_held(world, refused, chain, kept, contest):
    agreement = contest(arbiter=NONE)
    until = MONDAY + DAY
    agreement.hold(until, *WHY, sender=world.account["auditor"])
    with kept(agreement), refused(agreement.AgreementHeld, until=until):
        by_default(world, agreement)


@pytest.mark.parametrize(("milestone", "current"), [(0, 5), (1, 1), (2, 2), (4, 4), (5, 9), (7, 7)])
def test_reverts_when_the_milestone_is_not_in_dispute(world, refused, varied, milestone, current):
    with refused(
        varied.MilestoneUnexpectedStatus,
        milestone=milestone,
        current=current,
        expected=bits(MilestoneStatus.DISPUTED),
    ):
        by_default(world, varied, milestone)


def test_reverts_in_the_ruling_period(world, refused, chain, kept, contest):
    agreement = contest()
    with kept(agreement):
        for moment in (MONDAY + 1, END - 1, END):
            chain.pending_timestamp = moment
            with refused(agreement.TooEarly, present=moment, earliest=END):
                by_default(world, agreement)
    chain.pending_timestamp = END + 1
    by_default(world, agreement)
    assert world.milestones(agreement)[0].status == MilestoneStatus.PAID


def test_given_no_arbiter_applies_at_once(world, chain, contest):
    agreement = contest(arbiter=NONE)
    chain.pending_timestamp = MONDAY
    by_default(world, agreement)
    assert world.milestones(agreement)[0].status == MilestoneStatus.PAID


def ruled(agreement, amount, rest):
    return agreement.DisputeRuled(
        milestone=0, by=NONE, amount=amount, rest=rest, reason=NONE, document=NONE
    )


def test_given_a_share_pays_it_rounded_down(world, emitted, told, ledger, contest):
    """50 % of 33,333: 16,666."""
    agreement = contest(arbiter=NONE)
    receipt = by_default(world, agreement)
    payment = Payment(16_666, net=16_666)
    emitted(
        receipt,
        [
            ruled(agreement, 16_666, 16_667),
            agreement.MilestoneCancelled(milestone=0, amount=16_667),
            *told(agreement).sent(payment, Basis.DEFAULT_RULING, 0, attempt=1),
        ],
    )
    ledger(agreement)


def test_given_a_share_of_nothing_cancels(world, emitted, ledger, contest):
    agreement = contest(share=0, arbiter=NONE)
    cancelled = agreement.MilestoneCancelled(milestone=0, amount=33_333)
    emitted(by_default(world, agreement), [ruled(agreement, 0, 33_333), cancelled])
    assert world.milestones(agreement)[0].status == MilestoneStatus.CANCELLED
    ledger(agreement)


def test_given_a_share_of_all_pays_all(world, emitted, told, ledger, contest):
    agreement = contest(share=10_000, arbiter=NONE)
    payment = told(agreement).sent(Payment(33_333, net=33_333), Basis.DEFAULT_RULING, 0, attempt=1)
    emitted(by_default(world, agreement), [ruled(agreement, 33_333, 0), *payment])
    ledger(agreement)


def test_given_an_amount_of_one_gives_it_up(world, emitted, ledger, contest):
    """99.99 % of one unit."""
    agreement = contest(amount=1, share=9_999, arbiter=NONE)
    cancelled = agreement.MilestoneCancelled(milestone=0, amount=1)
    emitted(by_default(world, agreement), [ruled(agreement, 0, 1), cancelled])
    ledger(agreement)


def test_counts_no_time_for_which_the_clocks_stood_still(world, refused, chain, contest):
    agreement = contest()
    chain.pending_timestamp = MONDAY + DAY
    agreement.hold(MONDAY + 11 * DAY, *WHY, sender=world.account["auditor"])
    end = END + 10 * DAY
    chain.pending_timestamp = end
    with refused(agreement.TooEarly, present=end, earliest=end):
        by_default(world, agreement)
    chain.pending_timestamp = end + 1
    by_default(world, agreement)
