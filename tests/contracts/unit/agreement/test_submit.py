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


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.ACTIVE),
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
    ("state", "current"), [("submitted", 2), ("inspected", 3), ("paid", 5), ("owed", 5)]
)
def test_reverts_when_the_milestone_is_not_open(world, law, refused, request, state, current):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=0,
        current=current,
        expected=law.SUBMITTABLE,
    ):
        world.submit(agreement)


def test_reverts_when_the_milestone_is_in_dispute(world, law, refused, disputed):
    with refused(
        disputed.MilestoneUnexpectedStatus,
        milestone=0,
        current=law.MilestoneStatus.DISPUTED,
        expected=law.SUBMITTABLE,
    ):
        world.submit(disputed)


def submitted_event(world, law, agreement, milestone, attempt):
    return agreement.MilestoneSubmitted(
        milestone=milestone,
        attempt=attempt,
        by=world.id["supplier"],
        evidence=law.digest("evidence"),
    )


def test_given_scheduled_submits(world, law, emitted, active):
    before = world.milestones(active)
    receipt = world.submit(active, 1)
    emitted(receipt, [submitted_event(world, law, active, 1, 1)])
    assert world.milestones(active) == [
        before[0],
        law.Milestone(
            30_000,
            1_780_086_400,
            law.MilestoneStatus.SUBMITTED,
            attempt=1,
            submitted_at=receipt.timestamp,
        ),
    ]


def test_given_rejected_submits_again_and_forgets_the_votes(world, law, emitted, inspected):
    world.accept(inspected, "third")
    world.turn_down(inspected)
    receipt = world.submit(inspected)
    emitted(receipt, [submitted_event(world, law, inspected, 0, 2)])
    assert world.milestones(inspected)[0] == law.Milestone(
        50_000,
        1_780_000_000,
        law.MilestoneStatus.SUBMITTED,
        attempt=2,
        submitted_at=receipt.timestamp,
    )


def test_given_partly_accepted_submits_the_rest(world, law, emitted, inspected):
    world.accept_part(inspected, 20_000)
    receipt = world.submit(inspected)
    emitted(receipt, [submitted_event(world, law, inspected, 0, 2)])
    assert world.milestones(inspected)[0] == law.Milestone(
        50_000,
        1_780_000_000,
        law.MilestoneStatus.SUBMITTED,
        attempt=2,
        accepted=20_000,
        submitted_at=receipt.timestamp,
    )


@pytest.mark.parametrize(("weekday", "calendar_days"), [(0, 7), (3, 7), (4, 7), (5, 6), (6, 5)])
def test_given_a_review_period_counts_it_in_working_days(
    world, law, chain, full, weekday, calendar_days
):
    """Five working days; from Saturday on they end on Friday."""
    chain.pending_timestamp = law.MONDAY + weekday * law.DAY
    moment = world.submit(full).timestamp
    assert world.milestones(full)[0].review_ends_at == moment + calendar_days * law.DAY


def test_keeps_the_review_period_when_the_calendar_changes(world, law, chain, full):
    chain.pending_timestamp = law.MONDAY
    moment = world.submit(full).timestamp
    holiday = 138  # Wednesday, 18 May 2033
    world.calendar.setYear(2033, 0x60, [holiday], law.NONE, sender=world.admin)
    assert world.milestones(full)[0].review_ends_at == moment + 7 * law.DAY
    moment = world.submit(full, 1).timestamp
    assert world.milestones(full)[1].review_ends_at == moment + 8 * law.DAY


def test_given_a_long_closure_reviews_for_255_days_at_most(world, law, chain, full):
    """Nearly every day is a holiday; the supplier can submit all the same."""
    chain.pending_timestamp = law.MONDAY
    tomorrow = 137
    for year, first in ((2033, tomorrow), (2034, 1)):
        closed = [*range(first, 366)]
        world.calendar.setYear(year, 0x60, closed, law.NONE, sender=world.admin)
    moment = world.submit(full).timestamp
    assert world.milestones(full)[0].review_ends_at == moment + 255 * law.DAY


@pytest.mark.parametrize("standing", [2, 3])
def test_given_a_supplier_that_is_not_active_submits(world, law, active, standing):
    world.stand("supplier", standing)
    world.submit(active)
    assert world.milestones(active)[0].status == law.MilestoneStatus.SUBMITTED
