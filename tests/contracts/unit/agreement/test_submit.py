"""Branches: submit.tree."""

import pytest


def test_reverts_when_caller_is_not_the_supplier(world, law, refused, active):
    for caller, participant in (
        (world.account["first"], world.id["first"]),
        (world.account["surveyor"], world.id["surveyor"]),
        (world.account["subcontractor"], world.id["subcontractor"]),
        (world.stranger, law.NONE),
    ):
        for milestone in (0, 1):
            with refused(
                active.CallerNotParty,
                caller=caller.address,
                participant=participant,
                expected=world.id["supplier"],
            ):
                active.submit(milestone, law.digest("evidence"), sender=caller)


@pytest.mark.parametrize("state", ["signed", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=agreement.status(),
        expected=law.AgreementStatus.ACTIVE,
    ):
        world.submit(agreement)


def test_reverts_when_the_milestone_is_unknown(world, law, refused, active):
    for milestone in (2, 2**256 - 1):
        with refused(active.MilestoneUnknown, milestone=milestone, count=2):
            active.submit(milestone, law.digest("evidence"), sender=world.account["supplier"])


def test_reverts_when_evidence_is_missing(world, law, refused, active):
    with refused(active.EvidenceMissing, milestone=1):
        active.submit(1, law.NONE, sender=world.account["supplier"])


@pytest.mark.parametrize(
    ("state", "current"), [("submitted", 2), ("inspected", 3), ("paid", 5), ("owed", 6)]
)
def test_reverts_when_the_milestone_is_not_open(world, law, refused, request, state, current):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=0,
        current=current,
        expected=1 << law.MilestoneStatus.SCHEDULED | 1 << law.MilestoneStatus.REJECTED,
    ):
        world.submit(agreement)


def test_given_scheduled_submits(world, law, emitted, active):
    receipt = world.submit(active, 1)
    emitted(
        receipt,
        [
            active.MilestoneSubmitted(
                milestone=1, attempt=1, by=world.id["supplier"], evidence=law.digest("evidence")
            )
        ],
    )
    assert [milestone.status for milestone in world.milestones(active)] == [
        law.MilestoneStatus.SCHEDULED,
        law.MilestoneStatus.SUBMITTED,
    ]
    assert world.milestones(active)[1].attempt == 1


def test_given_rejected_submits_again_and_forgets_the_votes(world, law, emitted, inspected):
    world.accept(inspected, "third")
    world.reject(inspected, "first")
    world.reject(inspected, "second")
    receipt = world.submit(inspected)
    emitted(
        receipt,
        [
            inspected.MilestoneSubmitted(
                milestone=0, attempt=2, by=world.id["supplier"], evidence=law.digest("evidence")
            )
        ],
    )
    assert world.milestones(inspected)[0] == law.Milestone(
        50_000, 1_780_000_000, law.MilestoneStatus.SUBMITTED, attempt=2
    )


@pytest.mark.parametrize("standing", [2, 3])
def test_given_a_supplier_that_is_not_active_submits(world, law, active, standing):
    world.stand("supplier", standing)
    world.submit(active)
    assert world.milestones(active)[0].status == law.MilestoneStatus.SUBMITTED
