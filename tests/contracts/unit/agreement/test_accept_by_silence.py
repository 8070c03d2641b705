"""Branches: accept_by_silence.tree."""

import pytest

from ...vocabulary import (
    DAY,
    MONDAY,
    NONE,
    ONGOING,
    Conditions,
    MilestoneStatus,
    Payment,
    bits,
    digest,
)

FIVE_DAYS = Conditions(review_days=5)


@pytest.fixture
def waiting(world, chain):
    """Submitted and attested on a Monday; five working days of review end a week later."""
    agreement = world.begin(conditions=FIVE_DAYS)
    chain.pending_timestamp = MONDAY
    world.submit(agreement)
    world.attest(agreement)
    return agreement


END = MONDAY + 7 * DAY


def silently(world, agreement, milestone=0, attempt=1):
    return agreement.acceptBySilence(milestone, attempt, sender=world.stranger)


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=ONGOING,
    ):
        silently(world, agreement)


def test_reverts_when_payments_are_held(world, refused, chain, waiting):
    chain.pending_timestamp = END + 1
    until = END + 1 + DAY
    waiting.hold(until, digest("audit"), NONE, sender=world.account["auditor"])
    chain.pending_timestamp = until - 1
    with refused(waiting.AgreementHeld, until=until):
        silently(world, waiting)
    chain.pending_timestamp = until
    silently(world, waiting)


def test_reverts_when_silence_is_not_agreed(world, refused, chain, kept, inspected):
    chain.pending_timestamp = MONDAY + 1_000 * DAY
    with kept(inspected), refused(inspected.SilenceNotAgreed):
        silently(world, inspected)


def test_reverts_when_inspectors_are_named_and_none_attested(world, refused, chain, kept):
    agreement = world.begin(conditions=FIVE_DAYS)
    world.submit(agreement)
    chain.pending_timestamp = MONDAY
    with (
        kept(agreement),
        refused(
            agreement.MilestoneUnexpectedStatus,
            milestone=0,
            current=MilestoneStatus.SUBMITTED,
            expected=bits(MilestoneStatus.INSPECTED),
        ),
    ):
        silently(world, agreement)


def test_reverts_when_the_milestone_is_decided_on(world, refused, chain, waiting):
    for decide, status in (
        (lambda: world.turn_down(waiting), MilestoneStatus.REJECTED),
        (lambda: world.accept_part(waiting, 1), MilestoneStatus.PARTLY_ACCEPTED),
        (lambda: world.dispute(waiting), MilestoneStatus.DISPUTED),
    ):
        with chain.isolate():
            chain.pending_timestamp = END + 1
            decide()
            with refused(
                waiting.MilestoneUnexpectedStatus,
                milestone=0,
                current=status,
                expected=bits(MilestoneStatus.INSPECTED),
            ):
                silently(world, waiting)


@pytest.mark.parametrize("attempt", [0, 2])
def test_reverts_when_the_attempt_is_not_the_latest(world, refused, chain, waiting, attempt):
    chain.pending_timestamp = END + 1
    with refused(waiting.MilestoneStaleAttempt, milestone=0, given=attempt, current=1):
        silently(world, waiting, attempt=attempt)


def test_reverts_when_the_review_period_runs(world, refused, chain, kept, waiting):
    with kept(waiting):
        for moment in (MONDAY + 1, END - 1, END):
            chain.pending_timestamp = moment
            with refused(waiting.TooEarly, present=moment, earliest=END):
                silently(world, waiting)


def test_accepts_what_the_committee_did_not_decide_on(world, law, emitted, told, chain, waiting):
    before = world.balance("supplier")
    chain.pending_timestamp = END + 1
    receipt = silently(world, waiting)
    payment = Payment(50_000, net=50_000)
    emitted(receipt, told(waiting).sent(payment, law.Basis.SILENCE, 0, attempt=1))
    assert world.balance("supplier") == before + 50_000
    assert world.milestones(waiting)[0].status == MilestoneStatus.PAID
    assert world.money(waiting) == law.Money(100_000, 80_000, 100_000, accepted=50_000, paid=50_000)


def test_accepts_what_less_than_the_quorum_accepted_or_rejected(world, chain, waiting):
    world.accept(waiting, "first")
    world.reject(waiting, "second")
    chain.pending_timestamp = END + 1
    silently(world, waiting)
    assert world.milestones(waiting)[0].status == MilestoneStatus.PAID


def test_accepts_the_rest_of_what_was_accepted_in_part(world, law, emitted, told, chain, waiting):
    world.accept_part(waiting, 20_000)
    chain.pending_timestamp = MONDAY + DAY
    world.submit(waiting)
    world.attest(waiting)
    chain.pending_timestamp = END + DAY + 1
    receipt = silently(world, waiting, attempt=2)
    payment = Payment(30_000, net=30_000)
    emitted(receipt, told(waiting).sent(payment, law.Basis.SILENCE, 0, attempt=2))
    assert world.money(waiting).accepted == 50_000


def test_accepts_without_inspection_when_there_are_no_inspectors(world, chain):
    agreement = world.begin(inspectors=(), conditions=FIVE_DAYS)
    chain.pending_timestamp = MONDAY
    world.submit(agreement, 1)
    chain.pending_timestamp = END + 1
    silently(world, agreement, 1)
    assert world.milestones(agreement)[1].status == MilestoneStatus.PAID


def test_accepts_after_a_termination(world, law, chain, waiting):
    before = world.balance("supplier")
    world.terminate(waiting)
    chain.pending_timestamp = END + 1
    silently(world, waiting)
    assert world.balance("supplier") == before + 50_000
    assert waiting.status() == law.AgreementStatus.TERMINATED


def test_counts_no_time_in_which_the_clocks_stood_still(world, refused, chain, waiting):
    """A hold of two days, lifted after one; a suspension of three; four days in all."""
    auditor, reason = world.account["auditor"], (digest("audit"), NONE)
    chain.pending_timestamp = MONDAY + DAY
    waiting.hold(MONDAY + 3 * DAY, *reason, sender=auditor)
    chain.pending_timestamp = MONDAY + 2 * DAY
    waiting.liftHold(sender=auditor)
    until = MONDAY + 6 * DAY
    waiting.suspend(until, *reason, sender=world.account["first"])
    chain.pending_timestamp = MONDAY + 3 * DAY
    waiting.suspend(until, *reason, sender=world.account["second"])
    end = END + 4 * DAY
    for moment in (END + 1, end):
        chain.pending_timestamp = moment
        with refused(waiting.TooEarly, present=moment, earliest=end):
            silently(world, waiting)
    chain.pending_timestamp = end + 1
    silently(world, waiting)
    assert world.milestones(waiting)[0].status == MilestoneStatus.PAID
