"""Branches: attest.tree."""

import pytest

SEEN = 1_767_400_000


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.ONGOING,
    ):
        agreement.attest(0, 1, SEEN, law.digest("report"), sender=world.account["surveyor"])


def test_reverts_when_caller_is_not_an_inspector(world, law, refused, submitted):
    for caller, participant in (
        (world.account["supplier"], world.id["supplier"]),
        (world.account["first"], world.id["first"]),
        (world.stranger, law.NONE),
    ):
        with refused(submitted.CallerNotInspector, caller=caller.address, participant=participant):
            submitted.attest(0, 1, SEEN, law.digest("report"), sender=caller)


def test_reverts_when_caller_inspects_another_agreement(world, law, refused):
    agreement = world.sign(world.draft(inspectors=(world.id["engineer"],)))
    world.activate(agreement)
    world.submit(agreement)
    caller = world.account["surveyor"]
    with refused(
        agreement.CallerNotInspector, caller=caller.address, participant=world.id["surveyor"]
    ):
        agreement.attest(0, 1, SEEN, law.digest("report"), sender=caller)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_inspector_is_not_active(world, refused, submitted, standing):
    world.stand("surveyor", standing)
    with refused(
        world.registry.ParticipantNotActive,
        participant=world.id["surveyor"],
        standing=standing,
    ):
        world.attest(submitted)


def test_reverts_when_the_inspector_lost_its_role(world, law, refused, submitted):
    world.registry.setRoles(world.id["surveyor"], law.Role.AUDITOR, sender=world.registrar)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["surveyor"],
        roles=law.Role.AUDITOR,
        required=law.Role.INSPECTOR,
    ):
        world.attest(submitted)


def test_reverts_when_the_milestone_is_unknown(world, law, refused, submitted):
    with refused(submitted.MilestoneUnknown, milestone=2, count=2):
        submitted.attest(2, 1, SEEN, law.digest("report"), sender=world.account["surveyor"])


@pytest.mark.parametrize(
    ("state", "current"), [("active", 1), ("inspected", 3), ("paid", 5), ("owed", 5)]
)
def test_reverts_when_the_milestone_is_not_submitted(world, law, refused, request, state, current):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=0,
        current=current,
        expected=1 << law.MilestoneStatus.SUBMITTED,
    ):
        world.attest(agreement)


@pytest.mark.parametrize("attempt", [0, 2, 2**16 + 1])
def test_reverts_when_the_attempt_is_not_the_latest(world, law, refused, submitted, attempt):
    with refused(submitted.MilestoneStaleAttempt, milestone=0, given=attempt, current=1):
        submitted.attest(0, attempt, SEEN, law.digest("report"), sender=world.account["surveyor"])


def test_reverts_when_it_was_seen_after_the_block(world, law, refused, submitted, chain):
    now = chain.blocks.head.timestamp + 1000
    chain.pending_timestamp = now
    with refused(submitted.DateInFuture, given=now + 1, present=now):
        submitted.attest(0, 1, now + 1, law.digest("report"), sender=world.account["surveyor"])


def test_reverts_when_the_report_is_missing(world, law, refused, submitted):
    with refused(submitted.EvidenceMissing, milestone=1):
        submitted.attest(1, 1, SEEN, law.NONE, sender=world.account["surveyor"])


def test_attests(world, law, emitted, submitted):
    receipt = submitted.attest(1, 1, SEEN, law.digest("report"), sender=world.account["engineer"])
    emitted(
        receipt,
        [
            submitted.MilestoneAttested(
                milestone=1,
                attempt=1,
                by=world.id["engineer"],
                seenAt=SEEN,
                report=law.digest("report"),
            )
        ],
    )
    assert [milestone.status for milestone in world.milestones(submitted)] == [
        law.MilestoneStatus.SUBMITTED,
        law.MilestoneStatus.INSPECTED,
    ]


def test_attests_what_was_seen_in_the_very_block(world, law, submitted, chain):
    now = chain.blocks.head.timestamp + 1000
    chain.pending_timestamp = now
    receipt = submitted.attest(0, 1, now, law.digest("report"), sender=world.account["surveyor"])
    assert receipt.timestamp == now
    assert world.milestones(submitted)[0].status == law.MilestoneStatus.INSPECTED


def test_given_a_terminated_agreement_attests(world, law, terminated):
    world.attest(terminated)
    assert world.milestones(terminated)[0].status == law.MilestoneStatus.INSPECTED


def test_keeps_votes_that_came_before_it(world, law, submitted):
    world.reject(submitted, "first")
    world.attest(submitted)
    milestone = world.milestones(submitted)[0]
    assert milestone.status == law.MilestoneStatus.INSPECTED
    assert milestone.rejections == 1 << law.plain(submitted.parties().committee).index(
        world.id["first"]
    )
