"""Branches: reject_signed.tree. What is common to acts that are signed offline: signed_offline."""

import pytest

from ...signing import approval
from ...vocabulary import NONE, ONGOING, UNDECIDED, MilestoneStatus, digest

REASON, DOCUMENT = digest("cracks"), digest("note")


def bring(world, agreement, *names, attempt=1, reason=REASON):
    content = {"milestone": 0, "attempt": attempt, "reason": reason, "document": DOCUMENT}
    approvals = [approval(agreement, "Rejection", content, world.account[name]) for name in names]
    return agreement.rejectSigned(*content.values(), approvals, sender=world.stranger)


def disapproved(world, agreement, name, rejections):
    return agreement.MilestoneDisapproved(
        milestone=0,
        attempt=1,
        by=world.id[name],
        reason=REASON,
        document=DOCUMENT,
        rejections=rejections,
        needed=2,
    )


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=ONGOING,
    ):
        bring(world, agreement, "first")


@pytest.mark.parametrize(("state", "current"), [("active", 1), ("paid", 5), ("disputed", 8)])
def test_reverts_when_the_milestone_does_not_wait_for_a_decision(
    world, refused, request, state, current
):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.MilestoneUnexpectedStatus, milestone=0, current=current, expected=UNDECIDED
    ):
        bring(world, agreement, "third")


def test_reverts_when_the_attempt_was_replaced(world, refused, submitted):
    world.turn_down(submitted)
    world.submit(submitted)
    with refused(submitted.MilestoneStaleAttempt, milestone=0, given=1, current=2):
        bring(world, submitted, "first")


def test_reverts_when_the_reason_is_missing(world, refused, inspected):
    with refused(inspected.ReasonMissing):
        bring(world, inspected, "first", reason=NONE)


@pytest.mark.parametrize("vote", ["accept", "reject"])
def test_reverts_when_a_member_has_voted_before(world, refused, kept, inspected, vote):
    getattr(world, vote)(inspected, "third")
    error = inspected.AlreadyVoted
    with kept(inspected), refused(error, milestone=0, participant=world.id["third"]):
        bring(world, inspected, "third", "first")


def test_given_no_signature_does_nothing(world, emitted, kept, inspected):
    with kept(inspected):
        emitted(bring(world, inspected), [])


def test_given_less_than_is_needed_counts_them(world, law, emitted, submitted):
    before = world.milestones(submitted)[0]
    receipt = bring(world, submitted, "second")
    emitted(receipt, [disapproved(world, submitted, "second", 1)])
    vote = 1 << law.plain(submitted.parties().committee).index(world.id["second"])
    assert world.milestones(submitted)[0] == before._replace(rejections=vote)


def test_given_enough_rejects_and_needs_no_more(world, law, emitted, inspected):
    """The third signature is not looked at."""
    receipt = bring(world, inspected, "first", "second", "third")
    emitted(
        receipt,
        [
            disapproved(world, inspected, "first", 1),
            disapproved(world, inspected, "second", 2),
            inspected.MilestoneRejected(milestone=0, attempt=1, reason=REASON, document=DOCUMENT),
        ],
    )
    assert world.milestones(inspected)[0].status == MilestoneStatus.REJECTED
    assert world.money(inspected) == law.Money(100_000, 80_000, 100_000)
