"""Branches: submit_signed.tree. What is common to acts that are signed offline: signed_offline."""

import pytest

from ...signing import approval
from ...vocabulary import DAY, MONDAY, NONE, digest


def content(milestone=0, attempt=1, evidence="evidence"):
    return {"milestone": milestone, "attempt": attempt, "evidence": digest(evidence)}


def bring(world, agreement, said):
    signed = approval(agreement, "Submission", said, world.account["supplier"])
    return agreement.submitSigned(*said.values(), signed, sender=world.stranger)


@pytest.mark.parametrize("given", [0, 2, 2**8 + 1])
def test_reverts_when_the_number_is_not_that_of_the_next_submission(
    world, refused, kept, active, given
):
    error = active.MilestoneStaleAttempt
    with kept(active), refused(error, milestone=0, given=given, current=1):
        bring(world, active, content(attempt=given))


def test_reverts_when_evidence_is_missing(world, refused, active):
    with refused(active.EvidenceMissing, milestone=1):
        bring(world, active, {**content(1), "evidence": NONE})


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.ACTIVE),
    ):
        bring(world, agreement, content())


def test_reverts_when_submitted_as_often_as_can_be(world, refused, chain):
    """255 submissions, each of them rejected, in a few transactions of whoever."""
    chain.pending_timestamp = MONDAY
    agreement = world.begin(inspectors=(), committee=(world.id["first"],), quorum=1)
    until, calls = MONDAY + DAY, []
    for attempt in range(1, 256):
        said = content(attempt=attempt)
        signed = approval(agreement, "Submission", said, world.account["supplier"], until)
        calls.append(agreement.submitSigned.encode_input(*said.values(), signed))
        said = {"milestone": 0, "attempt": attempt, "reason": digest("no"), "document": NONE}
        signed = approval(agreement, "Rejection", said, world.account["first"], until)
        calls.append(agreement.rejectSigned.encode_input(*said.values(), [signed]))
    for start in range(0, len(calls), 170):
        world.multicall(agreement, calls[start : start + 170], sender=world.stranger)
    assert world.milestones(agreement)[0].attempt == 255
    with refused(agreement.TooManyAttempts, milestone=0, largest=255):
        world.submit(agreement)


def test_submits_for_the_supplier(world, law, emitted, active):
    before = world.milestones(active)
    receipt = bring(world, active, content(milestone=1))
    event = active.MilestoneSubmitted(
        milestone=1, attempt=1, by=world.id["supplier"], evidence=digest("evidence")
    )
    emitted(receipt, [event])
    assert world.milestones(active) == [
        before[0],
        before[1]._replace(
            status=law.MilestoneStatus.SUBMITTED, attempt=1, submitted_at=receipt.timestamp
        ),
    ]


def test_submits_again_after_a_rejection(world, law, refused, inspected):
    """The other milestone under way stays at its first attempt."""
    stale = inspected.MilestoneStaleAttempt
    for latest in (2, 3):
        world.turn_down(inspected)
        with refused(stale, milestone=0, given=latest - 1, current=latest):
            bring(world, inspected, content(attempt=latest - 1))
        bring(world, inspected, content(attempt=latest))
        milestone = world.milestones(inspected)[0]
        assert (milestone.status, milestone.attempt) == (law.MilestoneStatus.SUBMITTED, latest)
