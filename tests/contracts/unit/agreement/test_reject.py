"""Branches: reject.tree."""

import pytest


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.ONGOING,
    ):
        agreement.reject(0, 1, law.digest("cracks"), law.NONE, sender=world.account["first"])


def test_reverts_when_caller_is_not_on_the_committee(world, law, refused, inspected):
    for caller, participant in (
        (world.account["supplier"], world.id["supplier"]),
        (world.account["surveyor"], world.id["surveyor"]),
        (world.stranger, law.NONE),
    ):
        with refused(
            inspected.CallerNotOnCommittee, caller=caller.address, participant=participant
        ):
            inspected.reject(0, 1, law.digest("cracks"), law.NONE, sender=caller)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_member_is_not_active(world, refused, inspected, standing):
    world.stand("first", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["first"], standing=standing
    ):
        world.reject(inspected, "first")


def test_reverts_when_the_member_lost_its_role(world, law, refused, inspected):
    world.registry.setRoles(world.id["first"], law.Role.AUDITOR, sender=world.registrar)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["first"],
        roles=law.Role.AUDITOR,
        required=law.Role.COMMITTEE,
    ):
        world.reject(inspected, "first")


def test_reverts_when_the_milestone_is_unknown(world, law, refused, inspected):
    with refused(inspected.MilestoneUnknown, milestone=2, count=2):
        inspected.reject(2, 1, law.digest("cracks"), law.NONE, sender=world.account["first"])


@pytest.mark.parametrize(
    ("state", "current"), [("active", 1), ("paid", 5), ("owed", 5), ("disputed", 8)]
)
def test_reverts_when_the_milestone_does_not_wait_for_a_decision(
    world, law, refused, request, state, current
):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=0,
        current=current,
        expected=law.UNDECIDED,
    ):
        world.reject(agreement, "third")


@pytest.mark.parametrize("attempt", [0, 2])
def test_reverts_when_the_attempt_is_not_the_latest(world, law, refused, inspected, attempt):
    with refused(inspected.MilestoneStaleAttempt, milestone=0, given=attempt, current=1):
        inspected.reject(0, attempt, law.digest("cracks"), law.NONE, sender=world.account["first"])


@pytest.mark.parametrize("vote", ["accept", "reject"])
def test_reverts_when_the_member_has_voted(world, refused, inspected, vote):
    getattr(world, vote)(inspected, "first")
    with refused(inspected.AlreadyVoted, milestone=0, participant=world.id["first"]):
        world.reject(inspected, "first")


def test_reverts_when_the_reason_is_missing(world, law, refused, inspected):
    with refused(inspected.ReasonMissing):
        inspected.reject(0, 1, law.NONE, law.digest("note"), sender=world.account["first"])


@pytest.mark.parametrize("state", ["submitted", "inspected"])
def test_rejects_when_the_quorum_can_no_longer_be_reached(world, law, emitted, request, state):
    agreement = request.getfixturevalue(state)
    vote = {"milestone": 0, "attempt": 1, "document": law.digest("note")}
    reason, before = law.digest("cracks"), world.milestones(agreement)[0]

    receipt = world.reject(agreement, "first")
    emitted(
        receipt,
        [
            agreement.MilestoneDisapproved(
                **vote, by=world.id["first"], reason=reason, rejections=1, needed=2
            )
        ],
    )
    assert world.milestones(agreement)[0].status == law.MilestoneStatus[state.upper()]

    receipt = world.reject(agreement, "third")
    emitted(
        receipt,
        [
            agreement.MilestoneDisapproved(
                **vote, by=world.id["third"], reason=reason, rejections=2, needed=2
            ),
            agreement.MilestoneRejected(**vote, reason=reason),
        ],
    )
    committee = law.plain(agreement.parties().committee)
    votes = sum(1 << committee.index(world.id[name]) for name in ("first", "third"))
    assert world.milestones(agreement)[0] == before._replace(
        status=law.MilestoneStatus.REJECTED, rejections=votes
    )
    assert world.money(agreement) == law.Money(100_000, 80_000, 100_000)
    assert world.held(agreement) == 100_000


@pytest.mark.parametrize(("quorum", "needed"), [(1, 3), (2, 2), (3, 1)])
def test_rejects_by_the_smallest_blocking_minority(world, law, quorum, needed):
    agreement = world.begin(quorum=quorum)
    world.submit(agreement)
    for number, name in enumerate(("first", "second", "third")[:needed], 1):
        assert world.milestones(agreement)[0].status == law.MilestoneStatus.SUBMITTED
        receipt = world.reject(agreement, name)
        (event, *_) = receipt.events
        assert (event.rejections, event.needed) == (number, needed)
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.REJECTED


def test_given_a_hold_rejects(world, law, chain, inspected):
    """A hold stops payments alone."""
    until = chain.pending_timestamp + 10 * law.DAY
    inspected.hold(until, law.digest("audit"), law.NONE, sender=world.account["auditor"])
    world.turn_down(inspected)
    assert world.milestones(inspected)[0].status == law.MilestoneStatus.REJECTED


def test_leaves_the_other_milestones_alone(world, law, inspected):
    before = world.milestones(inspected)[1]
    world.turn_down(inspected)
    assert world.milestones(inspected)[1] == before
    world.accept(inspected, "first", 1)
    world.accept(inspected, "second", 1)
    assert world.milestones(inspected)[1].status == law.MilestoneStatus.PAID
