"""Branches: dispute.tree."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from ...vocabulary import (
    DAY,
    MONDAY,
    NO_MILESTONE,
    NONE,
    ONGOING,
    UNDECIDED,
    MilestoneStatus,
    bits,
    digest,
)

WHY = (digest("all done"), digest("letter"))
DISPUTABLE = UNDECIDED | bits(MilestoneStatus.REJECTED, MilestoneStatus.PARTLY_ACCEPTED)


def dispute(world, agreement, by="supplier", milestone=0, why=WHY):
    return agreement.dispute(milestone, *why, sender=world.account[by])


def opened(world, agreement, by, amount, milestone=0):
    return agreement.DisputeOpened(
        milestone=milestone, by=world.id[by], amount=amount, reason=WHY[0], document=WHY[1]
    )


@pytest.fixture
def rejected(world, chain):
    """Rejected on a Monday; 14 days to dispute it."""
    agreement = world.begin(inspectors=())
    world.submit(agreement)
    world.reject(agreement, "first")
    chain.pending_timestamp = MONDAY
    world.reject(agreement, "second")
    return agreement


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    for name in ("supplier", "first"):
        with refused(
            agreement.AgreementUnexpectedStatus,
            current=law.AgreementStatus[state.upper()],
            expected=ONGOING,
        ):
            dispute(world, agreement, name)


def test_reverts_when_the_reason_is_missing(world, refused, rejected):
    with refused(rejected.ReasonMissing):
        dispute(world, rejected, why=(NONE, digest("letter")))


def test_reverts_when_the_milestone_is_unknown(world, refused, active):
    for name in ("supplier", "first"):
        with refused(active.MilestoneUnknown, milestone=2, count=2):
            dispute(world, active, name, 2)


def test_reverts_when_caller_is_on_neither_side(world, refused, kept, submitted):
    with kept(submitted):
        for name in ("treasury", "surveyor", "arbiter"):
            caller = world.account[name]
            with refused(
                submitted.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
            ):
                dispute(world, submitted, name)


def test_given_the_supplier_reverts_when_the_milestone_is_scheduled_done_or_in_dispute(
    world, refused, varied
):
    statuses = MilestoneStatus
    for milestone, current in (
        (0, statuses.PAID),
        (1, statuses.SCHEDULED),
        (6, statuses.DISPUTED),
        (7, statuses.CANCELLED),
    ):
        with refused(
            varied.MilestoneUnexpectedStatus,
            milestone=milestone,
            current=current,
            expected=DISPUTABLE,
        ):
            dispute(world, varied, milestone=milestone)


def test_given_the_supplier_reverts_before_the_review_period_ends(world, refused, chain, full):
    chain.pending_timestamp = MONDAY
    world.submit(full)
    end = MONDAY + 7 * DAY
    for moment in (MONDAY + 1, end - 1, end):
        chain.pending_timestamp = moment
        with refused(full.TooEarly, present=moment, earliest=end):
            dispute(world, full)
    chain.pending_timestamp = end + 1
    dispute(world, full)
    assert world.milestones(full)[0].status == MilestoneStatus.DISPUTED


def test_given_the_supplier_reverts_in_the_second_of_the_submission_where_no_review_is_agreed(
    world, refused, chain, active
):
    chain.pending_timestamp = MONDAY
    calls = [
        active.submit.encode_input(0, digest("evidence")),
        active.dispute.encode_input(0, *WHY),
    ]
    with refused(active.TooEarly, present=MONDAY, earliest=MONDAY):
        world.multicall(active, calls, sender=world.account["supplier"])
    world.submit(active)
    chain.pending_timestamp = MONDAY + 1_000
    dispute(world, active)
    assert world.milestones(active)[0].status == MilestoneStatus.DISPUTED


def test_given_the_supplier_reverts_when_the_dispute_period_is_over(
    world, refused, chain, rejected
):
    end = MONDAY + 14 * DAY
    with chain.isolate():
        chain.pending_timestamp = end + 1
        with refused(rejected.TooLate, present=end + 1, latest=end):
            dispute(world, rejected)
    chain.pending_timestamp = end
    dispute(world, rejected)
    assert world.milestones(rejected)[0].status == MilestoneStatus.DISPUTED


def test_given_the_supplier_opens_it_over_a_rejection(world, emitted, rejected):
    before, money = world.milestones(rejected), world.money(rejected)
    receipt = dispute(world, rejected)
    emitted(receipt, [opened(world, rejected, "supplier", 50_000)])
    disputed = before[0]._replace(status=MilestoneStatus.DISPUTED)
    assert world.milestones(rejected) == [disputed, before[1]]
    assert world.money(rejected) == money
    # The rest of the agreement goes on.
    world.submit(rejected, 1)


def test_given_the_supplier_opens_it_over_the_rest_of_a_part(
    world, refused, emitted, chain, inspected
):
    """In the dispute period of the part, to its last second."""
    world.accept_part(inspected, 20_000)
    end = chain.blocks.head.timestamp + 14 * DAY
    with chain.isolate():
        chain.pending_timestamp = end + 1
        with refused(inspected.TooLate, present=end + 1, latest=end):
            dispute(world, inspected)
    chain.pending_timestamp = end
    receipt = dispute(world, inspected)
    emitted(receipt, [opened(world, inspected, "supplier", 30_000)])
    milestone = world.milestones(inspected)[0]
    assert (milestone.status, milestone.accepted) == (MilestoneStatus.DISPUTED, 20_000)


@pytest.mark.parametrize("state", ["submitted", "inspected", "terminated"])
def test_given_the_supplier_opens_it_over_silence(world, emitted, request, chain, state):
    agreement = request.getfixturevalue(state)
    chain.pending_timestamp = MONDAY
    receipt = dispute(world, agreement)
    emitted(receipt, [opened(world, agreement, "supplier", 50_000)])


@pytest.mark.parametrize("standing", [2, 3])
def test_given_the_supplier_opens_it_though_it_is_suspended(world, rejected, standing):
    world.stand("supplier", standing)
    dispute(world, rejected)
    assert world.milestones(rejected)[0].status == MilestoneStatus.DISPUTED


def test_given_the_committee_reverts_when_the_milestone_was_decided_on(world, refused, varied):
    for milestone, current in ((0, 5), (1, 1), (4, 4), (5, 9), (6, 8), (7, 7)):
        with refused(
            varied.MilestoneUnexpectedStatus,
            milestone=milestone,
            current=current,
            expected=UNDECIDED,
        ):
            dispute(world, varied, "first", milestone)


def test_given_the_committee_reverts_when_the_member_is_not_active(world, law, refused, submitted):
    world.stand("first", law.Standing.SUSPENDED)
    with refused(
        world.registry.ParticipantNotActive,
        participant=world.id["first"],
        standing=law.Standing.SUSPENDED,
    ):
        dispute(world, submitted, "first")


def test_given_the_committee_reverts_when_the_member_has_voted(world, refused, kept, submitted):
    dispute(world, submitted, "first")
    error = submitted.AlreadyVoted
    with kept(submitted), refused(error, milestone=NO_MILESTONE, participant=world.id["first"]):
        dispute(world, submitted, "first")


def test_given_the_committee_counts_votes_for_the_same_reason_document_and_submission_only(
    world, kept, submitted
):
    dispute(world, submitted, "first")
    with kept(submitted):
        dispute(world, submitted, "second", why=(digest("other"), WHY[1]))
        dispute(world, submitted, "second", why=(WHY[0], NONE))
        dispute(world, submitted, "second", 1)
    world.turn_down(submitted)
    world.submit(submitted)
    with kept(submitted):
        dispute(world, submitted, "second")


@pytest.mark.parametrize("state", ["submitted", "inspected"])
def test_given_the_committee_opens_it_by_a_quorum(world, emitted, told, kept, request, state):
    """A vote is for the submission that it was cast on."""
    agreement = request.getfixturevalue(state)
    call = bytes(agreement.dispute.encode_input(0, *WHY))
    content = keccak(encode(["bytes", "uint8"], [call, 1]))
    votes = [
        told(agreement).decision("dispute", (0, *WHY), name, count, content=content)
        for count, name in ((1, "third"), (2, "first"))
    ]
    with kept(agreement):
        emitted(dispute(world, agreement, "third"), votes[:1])
    receipt = dispute(world, agreement, "first")
    emitted(receipt, [votes[1], opened(world, agreement, "first", 50_000)])
    assert world.milestones(agreement)[0].status == MilestoneStatus.DISPUTED
