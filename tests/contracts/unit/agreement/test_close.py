"""Branches: close.tree."""

import pytest


def refund(world, agreement, amount):
    treasury = world.account["treasury"].address
    return world.token.Transfer(**{"from": agreement.address, "to": treasury, "value": amount})


def test_reverts_when_the_agreement_is_closed(world, law, refused, closed):
    with refused(
        closed.AgreementUnexpectedStatus,
        current=law.AgreementStatus.CLOSED,
        expected=law.AgreementStatus.ACTIVE,
    ):
        closed.close(law.digest("completed"), law.NONE, sender=world.account["third"])


def test_reverts_when_caller_is_not_on_the_committee(world, law, refused, active):
    for caller, participant in (
        (world.account["supplier"], world.id["supplier"]),
        (world.account["treasury"], world.id["treasury"]),
        (world.account["surveyor"], world.id["surveyor"]),
        (world.admin, law.NONE),
    ):
        with refused(active.CallerNotOnCommittee, caller=caller.address, participant=participant):
            active.close(law.digest("completed"), law.NONE, sender=caller)


def test_reverts_when_the_member_is_not_active(world, law, refused, active):
    world.stand("first", law.Standing.DEBARRED)
    with refused(
        world.registry.ParticipantNotActive,
        participant=world.id["first"],
        standing=law.Standing.DEBARRED,
    ):
        active.close(law.digest("completed"), law.NONE, sender=world.account["first"])


def test_reverts_when_the_reason_is_missing(world, law, refused, active):
    with refused(active.ReasonMissing):
        active.close(law.NONE, law.digest("decision"), sender=world.account["first"])


def test_reverts_when_the_member_has_voted_for_the_same(world, law, refused, active):
    arguments = (law.digest("completed"), law.digest("decision"))
    active.close(*arguments, sender=world.account["first"])
    with refused(active.AlreadyVoted, milestone=2**256 - 1, participant=world.id["first"]):
        active.close(*arguments, sender=world.account["first"])


def test_counts_votes_for_the_same_reason_and_document_only(world, law, emitted, active):
    votes = (
        ("first", "completed", "decision"),
        ("second", "completed", "another decision"),
        ("third", "default", "decision"),
    )
    for name, reason, document in votes:
        receipt = active.close(law.digest(reason), law.digest(document), sender=world.account[name])
        emitted(
            receipt,
            [
                active.ClosureApproved(
                    by=world.id[name],
                    reason=law.digest(reason),
                    document=law.digest(document),
                    approvals=1,
                    quorum=2,
                )
            ],
        )
        assert active.status() == law.AgreementStatus.ACTIVE
    assert world.held(active) == 100_000


def test_given_signed_releases_the_budget(world, law, emitted, signed):
    committed = world.budget.get(world.line).committed
    receipt = world.close(signed, "withdrawn")
    emitted(
        receipt,
        [
            signed.ClosureApproved(
                by=world.id["second"],
                reason=law.digest("withdrawn"),
                document=law.NONE,
                approvals=2,
                quorum=2,
            ),
            signed.AgreementClosed(
                reason=law.digest("withdrawn"),
                document=law.NONE,
                cancelled=80_000,
                refunded=0,
                released=100_000,
            ),
            world.budget.LineReleased(
                line=world.line,
                agreement=signed.address,
                amount=100_000,
                committed=committed - 100_000,
            ),
        ],
    )
    assert signed.status() == law.AgreementStatus.CLOSED
    assert world.money(signed) == law.Money(value=100_000)


@pytest.mark.parametrize("state", ["active", "submitted", "inspected"])
def test_given_nothing_accepted_gives_everything_back(world, law, emitted, request, state):
    agreement = request.getfixturevalue(state)
    before, committed = world.balance("treasury"), world.budget.get(world.line).committed
    world.close(agreement)
    assert world.balance("treasury") == before + 100_000
    assert world.held(agreement) == 0
    assert world.budget.get(world.line).committed == committed - 100_000
    assert world.money(agreement) == law.Money(100_000, 0, 100_000, refunded=100_000)
    assert [milestone.status for milestone in world.milestones(agreement)] == [
        law.MilestoneStatus.CANCELLED,
        law.MilestoneStatus.CANCELLED,
    ]


@pytest.mark.parametrize(("state", "sent", "waiting"), [("paid", 50_000, 0), ("owed", 0, 50_000)])
def test_given_a_milestone_accepted_gives_back_the_rest(
    world, law, emitted, request, state, sent, waiting
):
    agreement = request.getfixturevalue(state)
    before, committed = world.balance("treasury"), world.budget.get(world.line).committed
    receipt = world.close(agreement, "default")
    emitted(
        receipt,
        [
            agreement.ClosureApproved(
                by=world.id["second"],
                reason=law.digest("default"),
                document=law.NONE,
                approvals=2,
                quorum=2,
            ),
            agreement.AgreementClosed(
                reason=law.digest("default"),
                document=law.NONE,
                cancelled=30_000,
                refunded=50_000,
                released=50_000,
            ),
            world.budget.LineReleased(
                line=world.line,
                agreement=agreement.address,
                amount=50_000,
                committed=committed - 50_000,
            ),
            refund(world, agreement, 50_000),
        ],
    )
    assert world.balance("treasury") == before + 50_000
    assert world.held(agreement) == waiting
    assert world.money(agreement) == law.Money(
        100_000, 50_000, 100_000, accepted=50_000, paid=sent, owed=waiting, refunded=50_000
    )
    assert [milestone.status for milestone in world.milestones(agreement)] == [
        law.MilestoneStatus.OWED if waiting else law.MilestoneStatus.PAID,
        law.MilestoneStatus.CANCELLED,
    ]


def test_given_an_unfunded_amendment_gives_back_what_came_in(world, law, active):
    before, committed = world.balance("treasury"), world.budget.get(world.line).committed
    world.amend(active, increase=30_000)
    world.close(active)
    assert world.balance("treasury") == before + 100_000
    assert world.budget.get(world.line).committed == committed - 100_000
    assert world.money(active) == law.Money(130_000, 0, 100_000, refunded=100_000)


def test_given_a_debarred_treasury_gives_back(world, law, active):
    before = world.balance("treasury")
    world.stand("treasury", law.Standing.DEBARRED)
    world.close(active)
    assert world.balance("treasury") == before + 100_000


def test_given_everything_paid_closes_with_nothing_left(world, law, emitted):
    agreement = world.sign(world.draft(value=80_000))
    world.fund(agreement)
    world.pay(agreement, 0)
    world.pay(agreement, 1)
    committed = world.budget.get(world.line).committed
    receipt = world.close(agreement)
    emitted(
        receipt,
        [
            agreement.ClosureApproved(
                by=world.id["second"],
                reason=law.digest("completed"),
                document=law.NONE,
                approvals=2,
                quorum=2,
            ),
            agreement.AgreementClosed(
                reason=law.digest("completed"),
                document=law.NONE,
                cancelled=0,
                refunded=0,
                released=0,
            ),
            world.budget.LineReleased(
                line=world.line, agreement=agreement.address, amount=0, committed=committed
            ),
        ],
    )
    assert world.held(agreement) == 0
    assert world.money(agreement) == law.Money(80_000, 80_000, 80_000, 80_000, 80_000)


def test_given_every_status_cancels_what_is_not_accepted(world, law):
    statuses = law.MilestoneStatus
    agreement = world.sign(
        world.draft(milestones=tuple((10_000 + i, i, law.NONE, law.NONE) for i in range(6)))
    )
    world.fund(agreement)
    world.pay(agreement, 0)
    world.stand("supplier", law.Standing.SUSPENDED)
    world.pay(agreement, 1)
    world.stand("supplier", law.Standing.ACTIVE)
    for milestone in (2, 3, 4):
        world.submit(agreement, milestone)
    world.attest(agreement, 3)
    for name in ("first", "second"):
        world.reject(agreement, name, 4)
    before = world.milestones(agreement)
    assert [milestone.status for milestone in before] == [
        statuses.PAID,
        statuses.OWED,
        statuses.SUBMITTED,
        statuses.INSPECTED,
        statuses.REJECTED,
        statuses.SCHEDULED,
    ]
    world.close(agreement)
    cancelled = [milestone._replace(status=statuses.CANCELLED) for milestone in before[2:]]
    assert world.milestones(agreement) == before[:2] + cancelled
    assert world.money(agreement) == law.Money(
        100_000, 20_001, 100_000, 20_001, paid=10_000, owed=10_001, refunded=79_999
    )
    agreement.claim(1, sender=world.stranger)
    assert world.milestones(agreement)[1] == law.Milestone(10_001, 1, statuses.PAID)
    assert world.held(agreement) == 0


def test_ends_everything_but_claims(world, law, refused, closed):
    for act, arguments, by in (
        (closed.submit, (1, law.digest("evidence")), "supplier"),
        (closed.attest, (1, 0, 0, law.digest("report")), "surveyor"),
        (closed.accept, (1, 0), "first"),
        (closed.reject, (1, 0, law.digest("reason"), law.NONE), "first"),
    ):
        with refused(
            closed.AgreementUnexpectedStatus,
            current=law.AgreementStatus.CLOSED,
            expected=law.AgreementStatus.ACTIVE,
        ):
            act(*arguments, sender=world.account[by])
    with refused(
        closed.MilestoneUnexpectedStatus,
        milestone=1,
        current=law.MilestoneStatus.CANCELLED,
        expected=1 << law.MilestoneStatus.OWED,
    ):
        closed.claim(1, sender=world.account["subcontractor"])
