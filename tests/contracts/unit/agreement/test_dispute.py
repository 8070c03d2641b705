"""Branches: dispute.tree."""

import ape

DAY = 86_400


def test_reverts_when_the_reason_is_missing(world, law, refused, active):
    with refused(active.ReasonMissing):
        active.dispute(0, law.NONE, law.NONE, sender=world.account["supplier"])


def test_reverts_when_caller_is_on_neither_side(world, law, refused, submitted):
    for name in ("treasury", "surveyor", "arbiter"):
        caller = world.account[name]
        with refused(
            submitted.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
        ):
            submitted.dispute(0, law.digest("why"), law.NONE, sender=caller)


def test_given_the_supplier_reverts_when_the_milestone_is_scheduled_or_done(
    world, law, refused, paid
):
    status = law.MilestoneStatus
    expected = law.bits(status.SUBMITTED, status.INSPECTED, status.REJECTED, status.PARTLY_ACCEPTED)
    for milestone, current in ((0, status.PAID), (1, status.SCHEDULED)):
        with refused(
            paid.MilestoneUnexpectedStatus, milestone=milestone, current=current, expected=expected
        ):
            world.dispute(paid, milestone)


def test_given_the_supplier_reverts_before_the_review_period_ends(world, law, refused):
    agreement = world.begin(conditions=law.Conditions(review_days=5), inspectors=())
    world.submit(agreement, 0)
    end = world.milestones(agreement)[0].review_ends_at
    ape.chain.pending_timestamp = end
    with refused(agreement.TooEarly, present=end, earliest=end):
        world.dispute(agreement, 0)
    ape.chain.pending_timestamp = end + 1
    world.dispute(agreement, 0)


def test_given_the_supplier_reverts_when_the_dispute_period_is_over(world, refused):
    agreement = world.begin(inspectors=())
    for milestone, late in ((0, 0), (1, 1)):
        world.submit(agreement, milestone)
        end = world.turn_down(agreement, milestone).timestamp + 14 * DAY
        ape.chain.pending_timestamp = end + late
        if late:
            with refused(agreement.TooLate, present=end + 1, latest=end):
                world.dispute(agreement, milestone)
        else:
            world.dispute(agreement, milestone)


def test_given_the_supplier_opens_it(world, law, emitted, kept):
    agreement = world.begin(inspectors=())
    world.submit(agreement, 0)
    world.accept_part(agreement, 20_000)
    why = (law.digest("all done"), law.digest("letter"))
    receipt = agreement.dispute(0, *why, sender=world.account["supplier"])
    emitted(
        receipt,
        [
            agreement.DisputeOpened(
                milestone=0,
                by=world.id["supplier"],
                amount=30_000,
                reason=why[0],
                document=why[1],
            )
        ],
    )
    first, second = world.milestones(agreement)
    assert (first.status, first.accepted) == (law.MilestoneStatus.DISPUTED, 20_000)
    assert second.status == law.MilestoneStatus.SCHEDULED
    # The rest of the agreement goes on.
    world.submit(agreement, 1)


def test_given_the_committee_reverts_when_the_milestone_was_decided_on(world, law, refused):
    agreement = world.begin(inspectors=())
    world.submit(agreement, 0)
    world.turn_down(agreement, 0)
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=0,
        current=law.MilestoneStatus.REJECTED,
        expected=law.bits(law.MilestoneStatus.SUBMITTED, law.MilestoneStatus.INSPECTED),
    ):
        agreement.dispute(0, law.digest("why"), law.NONE, sender=world.account["first"])


def test_given_the_committee_opens_it_by_a_quorum(world, law, submitted, kept):
    with kept(submitted):
        submitted.dispute(0, law.digest("why"), law.NONE, sender=world.account["first"])
    submitted.dispute(0, law.digest("why"), law.NONE, sender=world.account["second"])
    assert world.milestones(submitted)[0].status == law.MilestoneStatus.DISPUTED
