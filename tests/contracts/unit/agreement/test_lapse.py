"""Branches: lapse.tree."""

import pytest

from ...vocabulary import (
    DAY,
    MONDAY,
    NONE,
    AgreementStatus,
    Amendment,
    Conditions,
    FinalAccount,
    Ground,
    MilestoneStatus,
    bits,
    code,
    digest,
)

# 365 days after the end of the work.
END = MONDAY
LAST = END + 365 * DAY


def lapse(world, agreement):
    return agreement.lapse(sender=world.stranger)


@pytest.fixture
def ending(world):
    """Begins an agreement whose work ends on a Monday."""
    return world.begin(inspectors=(), ends_at=END)


def lapses_after(world, chain, refused, agreement, last):
    """Not in this second, but in the next."""
    for moment in (last - 1, last):
        chain.pending_timestamp = moment
        with refused(agreement.TooEarly, present=moment, earliest=last):
            lapse(world, agreement)
    chain.pending_timestamp = last + 1
    lapse(world, agreement)
    assert agreement.status() == AgreementStatus.CLOSED


@pytest.mark.parametrize("state", ["completed", "terminated", "closed"])
def test_reverts_when_the_agreement_has_ended(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=AgreementStatus[state.upper()],
        expected=bits(AgreementStatus.SIGNED, AgreementStatus.ACTIVE),
    ):
        lapse(world, agreement)


def test_reverts_when_the_last_day_is_not_over(world, chain, refused, ending):
    lapses_after(world, chain, refused, ending, LAST)


def test_reverts_when_the_last_day_of_a_later_end_is_not_over(world, chain, refused, ending):
    world.amend(ending, Amendment(ends_at=END + 10 * DAY))
    lapses_after(world, chain, refused, ending, LAST + 10 * DAY)


def test_counts_from_deployment_when_the_end_lies_before_it(world, chain, refused):
    chain.pending_timestamp = MONDAY
    agreement = world.sign(world.draft(ends_at=MONDAY - DAY))
    lapses_after(world, chain, refused, agreement, MONDAY + 365 * DAY)


def test_counts_from_deployment_when_no_end_is_known(world, chain, refused):
    chain.pending_timestamp = MONDAY
    conditions = Conditions(lapse_days=1)
    agreement = world.sign(world.draft(ends_at=0, conditions=conditions))
    lapses_after(world, chain, refused, agreement, MONDAY + DAY)


def test_counts_the_time_for_which_the_clocks_stood_still_as_well(world, chain, refused, ending):
    chain.pending_timestamp = END
    ending.hold(END + 30 * DAY, digest("audit"), NONE, sender=world.account["auditor"])
    lapses_after(world, chain, refused, ending, LAST)


def terminated(agreement):
    return agreement.AgreementTerminated(ground=Ground.LAPSE, reason=code("lapsed"), document=NONE)


@pytest.mark.parametrize("funded", [False, True])
def test_given_it_was_never_active_returns_the_money(
    world, emitted, told, chain, ledger, signed, funded
):
    if funded:
        world.fund(signed)
    back = 100_000 if funded else 0
    committed = world.budget.get(world.line).committed
    chain.pending_timestamp = LAST + 1
    receipt = lapse(world, signed)
    account = FinalAccount(cancelled=80_000, refunded=back, released=100_000)
    expected = told(signed)
    emitted(
        receipt,
        [
            terminated(signed),
            expected("AgreementClosed", account=account),
            expected.released(100_000, committed - 100_000),
            *([expected.transfer("treasury", back)] if back else []),
        ],
    )
    assert ledger(signed) == (0, 0, 0, back)


def test_given_open_work_cancels_it_and_returns_the_money(
    world, emitted, told, chain, ledger, paid
):
    committed = world.budget.get(world.line).committed
    chain.pending_timestamp = LAST + 1
    receipt = lapse(world, paid)
    account = FinalAccount(50_000, 30_000, refunded=50_000, released=50_000)
    expected = told(paid)
    emitted(
        receipt,
        [
            terminated(paid),
            expected("AgreementClosed", account=account),
            expected.released(50_000, committed - 50_000),
            expected.transfer("treasury", 50_000),
        ],
    )
    assert world.milestones(paid)[1].status == MilestoneStatus.CANCELLED
    assert ledger(paid) == (0, 50_000, 0, 50_000)


def test_given_a_submission_waits_for_its_decision(world, emitted, chain, ending):
    chain.pending_timestamp = LAST
    world.submit(ending)
    chain.pending_timestamp = LAST + 1
    emitted(lapse(world, ending), [terminated(ending)])
    assert ending.status() == AgreementStatus.TERMINATED
    assert world.held(ending) == 100_000
