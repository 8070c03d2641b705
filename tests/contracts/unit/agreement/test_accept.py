"""Branches: accept.tree."""

import pytest


def transfer(world, agreement, payee, amount):
    return world.token.Transfer(
        **{"from": agreement.address, "to": world.account[payee].address, "value": amount}
    )


@pytest.mark.parametrize("state", ["signed", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=agreement.status(),
        expected=law.AgreementStatus.ACTIVE,
    ):
        agreement.accept(0, 1, sender=world.account["first"])


def test_reverts_when_caller_is_not_on_the_committee(world, law, refused, inspected):
    for caller, participant in (
        (world.account["supplier"], world.id["supplier"]),
        (world.account["surveyor"], world.id["surveyor"]),
        (world.account["treasury"], world.id["treasury"]),
        (world.admin, law.NONE),
        (world.stranger, law.NONE),
    ):
        with refused(
            inspected.CallerNotOnCommittee, caller=caller.address, participant=participant
        ):
            inspected.accept(0, 1, sender=caller)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_member_is_not_active(world, refused, inspected, standing):
    world.stand("first", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["first"], standing=standing
    ):
        world.accept(inspected, "first")


def test_reverts_when_the_member_lost_its_role(world, law, refused, inspected):
    world.registry.setRoles(world.id["first"], law.Role.AUDITOR, sender=world.registrar)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["first"],
        roles=law.Role.AUDITOR,
        required=law.Role.COMMITTEE,
    ):
        world.accept(inspected, "first")


def test_reverts_when_the_milestone_is_unknown(world, refused, inspected):
    with refused(inspected.MilestoneUnknown, milestone=2, count=2):
        inspected.accept(2, 1, sender=world.account["first"])


@pytest.mark.parametrize(
    ("state", "current"), [("active", 1), ("submitted", 2), ("paid", 5), ("owed", 6)]
)
def test_reverts_when_the_milestone_is_not_inspected(world, law, refused, request, state, current):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=0,
        current=current,
        expected=1 << law.MilestoneStatus.INSPECTED,
    ):
        world.accept(agreement, "third")


def test_reverts_when_the_milestone_was_rejected(world, law, refused, inspected):
    world.reject(inspected, "first")
    world.reject(inspected, "second")
    with refused(
        inspected.MilestoneUnexpectedStatus,
        milestone=0,
        current=law.MilestoneStatus.REJECTED,
        expected=1 << law.MilestoneStatus.INSPECTED,
    ):
        world.accept(inspected, "third")


@pytest.mark.parametrize("attempt", [0, 2, 2**16 + 1])
def test_reverts_when_the_attempt_is_not_the_latest(world, refused, inspected, attempt):
    with refused(inspected.MilestoneStaleAttempt, milestone=0, given=attempt, current=1):
        inspected.accept(0, attempt, sender=world.account["first"])


def test_reverts_when_the_attempt_was_replaced(world, refused, inspected):
    world.reject(inspected, "first")
    world.reject(inspected, "second")
    world.submit(inspected)
    world.attest(inspected)
    with refused(inspected.MilestoneStaleAttempt, milestone=0, given=1, current=2):
        inspected.accept(0, 1, sender=world.account["third"])


@pytest.mark.parametrize("vote", ["accept", "reject"])
def test_reverts_when_the_member_has_voted(world, refused, inspected, vote):
    getattr(world, vote)(inspected, "first")
    with refused(inspected.AlreadyVoted, milestone=0, participant=world.id["first"]):
        world.accept(inspected, "first")


def test_reverts_when_the_agreement_holds_less(world, law, refused, active):
    world.amend(active, increase=50_000, milestones=((60_000, 0, law.NONE, law.NONE),))
    world.pay(active, 0)
    world.submit(active, 2)
    world.attest(active, 2)
    world.accept(active, "first", 2)
    with refused(active.AgreementUnderfunded, milestone=2, amount=60_000, available=50_000):
        world.accept(active, "second", 2)
    assert world.held(active) == 50_000
    world.fund(active)
    world.accept(active, "second", 2)
    assert world.milestones(active)[2].status == law.MilestoneStatus.PAID
    assert world.held(active) == 40_000


def test_counts_a_vote_below_the_quorum(world, law, emitted, inspected):
    receipt = world.accept(inspected, "first")
    emitted(
        receipt,
        [
            inspected.MilestoneApproved(
                milestone=0, attempt=1, by=world.id["first"], approvals=1, quorum=2
            )
        ],
    )
    vote = 1 << law.plain(inspected.parties().committee).index(world.id["first"])
    assert world.milestones(inspected)[0] == law.Milestone(
        50_000, 1_780_000_000, law.MilestoneStatus.INSPECTED, attempt=1, approvals=vote
    )
    assert world.money(inspected) == law.Money(100_000, 80_000, 100_000)


@pytest.mark.parametrize(
    ("milestone", "payee", "amount"), [(0, "supplier", 50_000), (1, "subcontractor", 30_000)]
)
def test_pays_in_the_transaction_that_completes_the_quorum(
    world, law, emitted, inspected, milestone, payee, amount
):
    before = world.balance(payee)
    world.accept(inspected, "third", milestone)
    assert world.balance(payee) == before
    receipt = world.accept(inspected, "second", milestone)
    emitted(
        receipt,
        [
            inspected.MilestoneApproved(
                milestone=milestone, attempt=1, by=world.id["second"], approvals=2, quorum=2
            ),
            inspected.MilestoneAccepted(milestone=milestone, attempt=1, amount=amount),
            transfer(world, inspected, payee, amount),
            inspected.PaymentMade(
                milestone=milestone,
                payee=world.id[payee],
                account=world.account[payee].address,
                amount=amount,
                claimed=False,
            ),
        ],
    )
    assert world.milestones(inspected)[milestone].status == law.MilestoneStatus.PAID
    assert world.money(inspected) == law.Money(
        100_000, 80_000, 100_000, accepted=amount, paid=amount
    )
    assert world.balance(payee) == before + amount
    assert world.held(inspected) == 100_000 - amount


def test_pays_when_a_member_of_a_quorum_has_rejected(world, law, inspected):
    world.reject(inspected, "first")
    world.accept(inspected, "second")
    world.accept(inspected, "third")
    assert world.milestones(inspected)[0].status == law.MilestoneStatus.PAID


def test_pays_by_one_vote_when_the_quorum_is_one(world, law):
    agreement = world.sign(world.draft(quorum=1))
    world.fund(agreement)
    world.submit(agreement)
    world.attest(agreement)
    world.accept(agreement, "third")
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.PAID


def test_pays_without_inspection_when_there_are_no_inspectors(world, law, refused):
    agreement = world.sign(world.draft(inspectors=()))
    world.fund(agreement)
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=0,
        current=law.MilestoneStatus.SCHEDULED,
        expected=1 << law.MilestoneStatus.SUBMITTED,
    ):
        world.accept(agreement, "first")
    world.submit(agreement)
    world.accept(agreement, "first")
    world.accept(agreement, "second")
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.PAID


def test_pays_a_milestone_of_nothing(world, law, emitted):
    agreement = world.sign(world.draft(milestones=((0, 0, law.NONE, law.NONE),)))
    world.fund(agreement)
    receipt = world.pay(agreement)
    emitted(
        receipt,
        [
            agreement.MilestoneApproved(
                milestone=0, attempt=1, by=world.id["second"], approvals=2, quorum=2
            ),
            agreement.MilestoneAccepted(milestone=0, attempt=1, amount=0),
            transfer(world, agreement, "supplier", 0),
            agreement.PaymentMade(
                milestone=0,
                payee=world.id["supplier"],
                account=world.account["supplier"].address,
                amount=0,
                claimed=False,
            ),
        ],
    )
    assert world.money(agreement) == law.Money(100_000, 0, 100_000)


def test_pays_by_the_last_and_the_first_member_of_the_largest_committee(world, law):
    names = sorted(
        (f"office {number}" for number in range(32)),
        key=lambda name: law.participant_id("OFFICE", name),
    )
    accounts = [*world.spare[:2], *map(law.address, names[1:-1])]
    for name, account in zip([names[0], names[-1], *names[1:-1]], accounts, strict=True):
        world.known(name, account, law.Role.COMMITTEE, world.id["buyer"])
    agreement = world.sign(
        world.draft(committee=tuple(world.id[name] for name in names), quorum=2), names[0]
    )
    world.fund(agreement)
    world.submit(agreement)
    world.attest(agreement)
    world.accept(agreement, names[-1])
    assert world.milestones(agreement)[0].approvals == 1 << 31
    world.accept(agreement, names[0])
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.PAID


@pytest.mark.parametrize("standing", [2, 3])
def test_owes_when_the_payee_is_not_active(world, law, emitted, inspected, standing):
    world.stand("supplier", standing)
    before = world.balance("supplier")
    world.accept(inspected, "first")
    receipt = world.accept(inspected, "second")
    emitted(
        receipt,
        [
            inspected.MilestoneApproved(
                milestone=0, attempt=1, by=world.id["second"], approvals=2, quorum=2
            ),
            inspected.MilestoneAccepted(milestone=0, attempt=1, amount=50_000),
            inspected.PaymentOwed(milestone=0, payee=world.id["supplier"], amount=50_000),
        ],
    )
    assert world.milestones(inspected)[0].status == law.MilestoneStatus.OWED
    assert world.money(inspected) == law.Money(
        100_000, 80_000, 100_000, accepted=50_000, owed=50_000
    )
    assert world.balance("supplier") == before
    assert world.held(inspected) == 100_000


def test_owes_the_payee_alone_when_only_it_is_suspended(world, law, inspected):
    world.stand("subcontractor", law.Standing.SUSPENDED)
    for milestone in (0, 1):
        world.accept(inspected, "first", milestone)
        world.accept(inspected, "second", milestone)
    assert [milestone.status for milestone in world.milestones(inspected)] == [
        law.MilestoneStatus.PAID,
        law.MilestoneStatus.OWED,
    ]
    assert world.money(inspected) == law.Money(
        100_000, 80_000, 100_000, accepted=80_000, paid=50_000, owed=30_000
    )


@pytest.mark.parametrize("mood", [1, 2])
def test_owes_when_the_token_refuses(world, law, emitted, refusing, mood):
    token, agreement = refusing
    world.submit(agreement)
    world.attest(agreement)
    world.accept(agreement, "first")
    token.setMood(mood, sender=world.admin)
    receipt = world.accept(agreement, "second")
    emitted(
        receipt,
        [
            agreement.MilestoneApproved(
                milestone=0, attempt=1, by=world.id["second"], approvals=2, quorum=2
            ),
            agreement.MilestoneAccepted(milestone=0, attempt=1, amount=50_000),
            agreement.PaymentOwed(milestone=0, payee=world.id["supplier"], amount=50_000),
        ],
    )
    assert token.balanceOf(agreement) == 100_000
    token.setMood(0, sender=world.admin)
    agreement.claim(0, sender=world.stranger)
    assert token.balanceOf(agreement) == 50_000
    assert token.balanceOf(world.account["supplier"]) == 50_000
