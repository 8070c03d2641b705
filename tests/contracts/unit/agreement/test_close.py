"""Branches: close.tree."""

import pytest

from ...payments import settle
from ...vocabulary import (
    DAY,
    MONDAY,
    NONE,
    AgreementStatus,
    Basis,
    Conditions,
    FinalAccount,
    MilestoneStatus,
    Money,
    Payment,
    bits,
    digest,
)

WHY = (digest("why"), NONE)


def close(world, agreement):
    return agreement.close(sender=world.stranger)


def closes_after(world, chain, agreement, end, refusal):
    """Refused a second before and at this moment, not a second later."""
    for moment in (end - 1, end):
        chain.pending_timestamp = moment
        with refusal(moment):
            close(world, agreement)
    chain.pending_timestamp = end + 1
    close(world, agreement)
    assert agreement.status() == AgreementStatus.CLOSED


@pytest.fixture
def complete(world, chain, begin):
    """Begins an agreement of 40,000 that is completed on a Monday."""

    def start(**conditions):
        agreement = begin(Conditions(**conditions), 40_000)
        chain.pending_timestamp = MONDAY - DAY
        settle(world, agreement)
        chain.pending_timestamp = MONDAY
        agreement.complete(sender=world.stranger)
        return agreement

    return start


@pytest.mark.parametrize("state", ["signed", "active", "closed"])
def test_reverts_when_the_agreement_is_going_on_or_closed(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=AgreementStatus[state.upper()],
        expected=bits(AgreementStatus.COMPLETED, AgreementStatus.TERMINATED),
    ):
        close(world, agreement)


def test_reverts_when_payments_are_held(world, refused, chain, complete):
    agreement = complete(defects_days=1)
    chain.pending_timestamp = start = MONDAY + 2 * DAY
    agreement.hold(start + DAY, *WHY, sender=world.account["auditor"])
    chain.pending_timestamp = start + DAY - 1
    with refused(agreement.AgreementHeld, until=start + DAY):
        close(world, agreement)
    chain.pending_timestamp = start + DAY
    close(world, agreement)


@pytest.mark.parametrize("held", [0, 10])
def test_reverts_when_the_defects_period_runs(world, refused, chain, complete, held):
    """90 days, and those of a hold."""
    agreement = complete(defects_days=90)
    if held:
        agreement.hold(MONDAY + held * DAY, *WHY, sender=world.account["auditor"])
        start = chain.blocks.head.timestamp
        held_for = MONDAY + held * DAY - start
    else:
        held_for = 0
    end = MONDAY + 90 * DAY + held_for
    closes_after(
        world,
        chain,
        agreement,
        end,
        lambda moment: refused(agreement.TooEarly, present=moment, earliest=end),
    )


@pytest.mark.parametrize(("defects", "end"), [(1, 29), (90, 90)])
def test_reverts_when_a_notice_of_default_runs(world, refused, chain, complete, defects, end):
    """Noticed after a day; twice the 14 days to cure it, or the defects period if it is longer."""
    agreement = complete(defects_days=defects)
    for name in ("first", "second"):
        chain.pending_timestamp = MONDAY + DAY
        agreement.noticeDefault(*WHY, sender=world.account[name])
    last = MONDAY + end * DAY
    closes_after(
        world,
        chain,
        agreement,
        last,
        lambda moment: refused(agreement.TooEarly, present=moment, earliest=last),
    )


@pytest.fixture
def pending(world, chain):
    """Begins an agreement whose second milestone is submitted on a Monday and that is ended then.

    Given two of the committee's acts, they are done on the Monday as well.
    """

    def start(*acts, **changes):
        agreement = world.begin(**changes)
        chain.pending_timestamp = MONDAY - 1
        world.submit(agreement, 1)
        for act in acts:
            chain.pending_timestamp = MONDAY
            act(agreement)
        world.terminate(agreement)
        assert agreement.status() == AgreementStatus.TERMINATED
        return agreement

    return start


@pytest.mark.parametrize("inspectors", [True, False])
def test_given_a_termination_reverts_while_silence_can_accept_a_submission(
    world, refused, chain, pending, inspectors
):
    """For ever: anybody may accept it."""
    conditions = Conditions(review_days=5)
    if inspectors:
        agreement = pending(lambda it: world.attest(it, 1), conditions=conditions)
    else:
        agreement = pending(inspectors=(), conditions=conditions)
    chain.pending_timestamp = MONDAY + 1_000 * DAY
    with refused(agreement.MilestonePending, milestone=1):
        close(world, agreement)
    agreement.acceptBySilence(1, 1, sender=world.stranger)
    close(world, agreement)
    assert world.money(agreement).accepted == 30_000


def refuses_pending(refused, agreement):
    return lambda _: refused(agreement.MilestonePending, milestone=1)


def test_given_a_termination_reverts_while_a_submission_that_nobody_attested_can_be_decided_on(
    world, refused, chain, pending
):
    """Five working days of review, which are seven days, and 14 days to dispute."""
    agreement = pending(conditions=Conditions(review_days=5))
    end = MONDAY - 1 + (7 + 14) * DAY
    closes_after(world, chain, agreement, end, refuses_pending(refused, agreement))


@pytest.mark.parametrize("attested", [True, False])
def test_given_a_termination_reverts_while_a_submission_can_be_decided_on_where_no_review_is_agreed(
    world, refused, chain, pending, attested
):
    agreement = pending(*([lambda it: world.attest(it, 1)] if attested else []))
    end = MONDAY - 1 + 14 * DAY
    closes_after(world, chain, agreement, end, refuses_pending(refused, agreement))
    assert world.milestones(agreement)[1].status == MilestoneStatus.CANCELLED


@pytest.mark.parametrize("part", [False, True])
def test_given_a_termination_reverts_while_a_rejected_or_partly_accepted_milestone_can_be_disputed(
    world, refused, chain, ledger, pending, part
):
    def decide(agreement, name):
        if part:
            arguments = (1, 1, 10_000, *WHY)
            agreement.acceptPart(*arguments, sender=world.account[name])
        else:
            world.reject(agreement, name, 1)

    acts = [lambda it, name=name: decide(it, name) for name in ("first", "second")]
    agreement = pending(*acts, inspectors=())
    end = MONDAY + 14 * DAY
    closes_after(world, chain, agreement, end, refuses_pending(refused, agreement))
    assert ledger(agreement) == (0, 10_000 * part, 0, 100_000 - 10_000 * part)


def test_given_a_termination_reverts_while_a_milestone_is_in_dispute(
    world, refused, chain, ledger, varied
):
    """Opened by the committee or the supplier; until somebody rules, or the default is applied."""
    world.terminate(varied)
    chain.pending_timestamp = MONDAY + 1_000 * DAY
    with refused(varied.MilestonePending, milestone=6):
        close(world, varied)
    varied.ruleByDefault(6, sender=world.stranger)
    close(world, varied)
    assert ledger(varied) == (0, 14_000 + 5_003, 0, 100_000 - 19_003)


def test_given_a_termination_counts_no_time_for_which_the_clocks_stood_still(
    world, refused, chain, pending
):
    agreement = pending()
    chain.pending_timestamp = MONDAY + DAY
    agreement.hold(MONDAY + 11 * DAY, *WHY, sender=world.account["auditor"])
    end = MONDAY - 1 + 24 * DAY
    closes_after(world, chain, agreement, end, refuses_pending(refused, agreement))


def test_closes_a_termination_and_cancels_what_is_open(
    world, emitted, told, chain, ledger, terminated
):
    chain.pending_timestamp = MONDAY
    committed = world.budget.get(world.line).committed
    receipt = close(world, terminated)
    account = FinalAccount(cancelled=80_000, refunded=100_000, released=100_000)
    expected = told(terminated)
    emitted(
        receipt,
        [
            expected("AgreementClosed", account=account),
            expected.released(100_000, committed - 100_000),
            expected.transfer("treasury", 100_000),
        ],
    )
    assert world.money(terminated) == Money(100_000, 0, 100_000, refunded=100_000)
    assert ledger(terminated) == (0, 0, 0, 100_000)


def test_closes_completed_work_and_releases_the_rest_of_the_retention(
    world, emitted, told, chain, ledger, completed
):
    """2,000 of 4,000 are left; all 80,000 are accepted, so that the budget gets nothing back."""
    chain.pending_timestamp = MONDAY
    receipt = close(world, completed)
    expected = told(completed)
    emitted(
        receipt,
        [
            expected("AgreementClosed", account=FinalAccount(80_000, 0, 2_000)),
            *expected.sent(Payment(2_000, net=2_000), Basis.RETENTION_RELEASE),
        ],
    )
    assert ledger(completed) == (0, 80_000, 0, 0)
