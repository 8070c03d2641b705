"""Branches: accept.tree."""

import pytest


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.ONGOING,
    ):
        agreement.accept(0, 1, sender=world.account["first"])


def test_reverts_when_payments_are_held(world, law, refused, chain, inspected):
    world.accept(inspected, "first")
    chain.pending_timestamp = law.MONDAY
    until = law.MONDAY + 10 * law.DAY
    inspected.hold(until, law.digest("audit"), law.NONE, sender=world.account["auditor"])
    for caller in ("first", "second"):
        chain.pending_timestamp = until - 1
        with refused(inspected.AgreementHeld, until=until):
            inspected.accept(0, 1, sender=world.account[caller])
    chain.pending_timestamp = until
    world.accept(inspected, "second")
    assert world.milestones(inspected)[0].status == law.MilestoneStatus.PAID


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
    ("state", "current"), [("active", 1), ("submitted", 2), ("paid", 5), ("owed", 5)]
)
def test_reverts_when_the_milestone_is_not_inspected(world, law, refused, request, state, current):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=0,
        current=current,
        expected=law.bits(law.MilestoneStatus.INSPECTED),
    ):
        world.accept(agreement, "third")


def test_reverts_when_the_milestone_was_rejected(world, law, refused, inspected):
    world.turn_down(inspected)
    with refused(
        inspected.MilestoneUnexpectedStatus,
        milestone=0,
        current=law.MilestoneStatus.REJECTED,
        expected=law.bits(law.MilestoneStatus.INSPECTED),
    ):
        world.accept(inspected, "third")


@pytest.mark.parametrize("attempt", [0, 2, 2**16 + 1])
def test_reverts_when_the_attempt_is_not_the_latest(world, refused, inspected, attempt):
    with refused(inspected.MilestoneStaleAttempt, milestone=0, given=attempt, current=1):
        inspected.accept(0, attempt, sender=world.account["first"])


def test_reverts_when_the_attempt_was_replaced(world, refused, inspected):
    world.turn_down(inspected)
    world.submit(inspected)
    world.attest(inspected)
    with refused(inspected.MilestoneStaleAttempt, milestone=0, given=1, current=2):
        inspected.accept(0, 1, sender=world.account["third"])


@pytest.mark.parametrize("vote", ["accept", "reject"])
def test_reverts_when_the_member_has_voted(world, refused, inspected, vote):
    getattr(world, vote)(inspected, "first")
    with refused(inspected.AlreadyVoted, milestone=0, participant=world.id["first"]):
        world.accept(inspected, "first")


def test_counts_a_vote_below_the_quorum(world, law, emitted, told, inspected):
    before = world.milestones(inspected)[0]
    receipt = world.accept(inspected, "first")
    emitted(receipt, [told(inspected).approved("first", 1)])
    vote = 1 << law.plain(inspected.parties().committee).index(world.id["first"])
    assert world.milestones(inspected)[0] == before._replace(approvals=vote)
    assert world.money(inspected) == law.Money(100_000, 80_000, 100_000)


@pytest.mark.parametrize(
    ("milestone", "payee", "amount"), [(0, "supplier", 50_000), (1, "subcontractor", 30_000)]
)
def test_pays_in_the_transaction_that_completes_the_quorum(
    world, law, emitted, told, inspected, milestone, payee, amount
):
    before = world.balance(payee)
    world.accept(inspected, "third", milestone)
    assert world.balance(payee) == before
    receipt = world.accept(inspected, "second", milestone)
    payment = law.Payment(amount, net=amount)
    expected = told(inspected)
    emitted(
        receipt,
        [
            expected.approved("second", 2, milestone),
            *expected.sent(payment, law.Basis.ACCEPTANCE, milestone, payee=payee, attempt=1),
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
    agreement = world.begin(quorum=1)
    world.submit(agreement)
    world.attest(agreement)
    world.accept(agreement, "third")
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.PAID


def test_pays_without_inspection_when_there_are_no_inspectors(world, law, refused):
    agreement = world.begin(inspectors=())
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=0,
        current=law.MilestoneStatus.SCHEDULED,
        expected=law.bits(law.MilestoneStatus.SUBMITTED),
    ):
        world.accept(agreement, "first")
    world.submit(agreement)
    world.accept(agreement, "first")
    world.accept(agreement, "second")
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.PAID


def test_pays_a_milestone_of_nothing(world, law, emitted, told):
    agreement = world.begin(milestones=((0, 0, law.NONE, law.NONE),))
    receipt = world.pay(agreement)
    expected = told(agreement)
    emitted(
        receipt,
        [
            expected.approved("second", 2),
            expected.payment(law.Payment(0), law.Basis.ACCEPTANCE, 0, attempt=1),
        ],
    )
    assert world.milestones(agreement) == [law.Milestone(0, 0, law.MilestoneStatus.PAID)]
    assert world.money(agreement) == law.Money(100_000, 0, 100_000)


def test_pays_the_rest_of_what_was_accepted_in_part(world, law, emitted, told, inspected):
    world.accept_part(inspected, 20_000)
    receipt = world.pay(inspected)
    expected = told(inspected)
    payment = law.Payment(30_000, net=30_000)
    emitted(
        receipt,
        [
            expected.approved("second", 2, attempt=2),
            *expected.sent(payment, law.Basis.ACCEPTANCE, 0, attempt=2),
        ],
    )
    assert world.money(inspected) == law.Money(
        100_000, 80_000, 100_000, accepted=50_000, paid=50_000
    )
    assert world.milestones(inspected)[0] == law.Milestone(
        50_000, 1_780_000_000, law.MilestoneStatus.PAID, accepted=50_000
    )


def test_pays_by_the_last_and_the_first_member_of_the_largest_committee(world, law):
    names = sorted(
        (f"office {number}" for number in range(16)),
        key=lambda name: law.participant_id("OFFICE", name),
    )
    accounts = [*world.spare[:2], *map(law.address, names[1:-1])]
    for name, account in zip([names[0], names[-1], *names[1:-1]], accounts, strict=True):
        world.known(name, account, law.Role.COMMITTEE, world.id["buyer"])
    agreement = world.sign(
        world.draft(committee=tuple(world.id[name] for name in names), quorum=2), names[0]
    )
    world.activate(agreement)
    world.submit(agreement)
    world.attest(agreement)
    world.accept(agreement, names[-1])
    assert world.milestones(agreement)[0].approvals == 1 << 15
    world.accept(agreement, names[0])
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.PAID


def test_pays_what_a_terminated_agreement_has_left_to_decide(world, law, terminated):
    before = world.balance("supplier")
    world.attest(terminated)
    world.accept(terminated, "first")
    world.accept(terminated, "second")
    assert world.balance("supplier") == before + 50_000
    assert terminated.status() == law.AgreementStatus.TERMINATED


@pytest.mark.parametrize("standing", [2, 3])
def test_owes_when_the_payee_is_not_active(world, law, emitted, told, inspected, standing):
    world.stand("supplier", standing)
    before = world.balance("supplier")
    world.accept(inspected, "first")
    receipt = world.accept(inspected, "second")
    expected = told(inspected)
    payment = law.Payment(50_000, net=50_000)
    emitted(
        receipt,
        [
            expected.approved("second", 2),
            expected.owed(50_000, 0),
            expected.payment(payment, law.Basis.ACCEPTANCE, 0, attempt=1, owed=True),
        ],
    )
    assert world.milestones(inspected)[0].status == law.MilestoneStatus.OWED
    assert inspected.owedTo(0, world.id["supplier"]) == 50_000
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
def test_owes_when_the_token_refuses(world, law, emitted, told, refusing, mood):
    token, agreement = refusing
    world.submit(agreement)
    world.attest(agreement)
    world.accept(agreement, "first")
    token.setMood(mood, sender=world.admin)
    receipt = world.accept(agreement, "second")
    expected = told(agreement)
    payment = law.Payment(50_000, net=50_000)
    emitted(
        receipt,
        [
            expected.approved("second", 2),
            expected.owed(50_000, 0),
            expected.payment(payment, law.Basis.ACCEPTANCE, 0, attempt=1, owed=True),
        ],
    )
    assert token.balanceOf(agreement) == 100_000
    token.setMood(0, sender=world.admin)
    agreement.claim(0, world.id["supplier"], sender=world.stranger)
    assert token.balanceOf(agreement) == 50_000
    assert token.balanceOf(world.account["supplier"]) == 50_000


@pytest.mark.parametrize(
    ("amount", "life", "owed"),
    [(4_999, 1, 50_000), (5_000, 0, 50_000), (5_000, 1, 0), (0, 1, 50_000)],
)
def test_owes_when_the_guarantee_is_too_small_or_lapsed(world, law, chain, amount, life, owed):
    """5 % of the value, and in force in the second of the payment if its last is a later one."""
    agreement = world.begin(inspectors=(), conditions=law.Conditions(security_rate=500))
    chain.pending_timestamp = law.MONDAY
    moment = law.MONDAY + law.DAY
    if amount:
        world.assure(agreement, law.GuaranteeKind.PERFORMANCE, amount, moment + life)
    world.submit(agreement)
    world.accept(agreement, "first")
    chain.pending_timestamp = moment
    world.accept(agreement, "second")
    assert world.money(agreement) == law.Money(
        100_000, 80_000, 100_000, accepted=50_000, paid=50_000 - owed, owed=owed
    )


def test_owes_when_the_guarantee_of_the_smallest_security_is_missing(world, law):
    """One basis point of the value."""
    agreement = world.begin(inspectors=(), conditions=law.Conditions(security_rate=1))
    world.submit(agreement)
    world.accept(agreement, "first")
    world.accept(agreement, "second")
    assert world.money(agreement).owed == 50_000
    world.assure(agreement, law.GuaranteeKind.PERFORMANCE, 10)
    agreement.claim(0, world.id["supplier"], sender=world.stranger)
    assert world.money(agreement).owed == 0


def test_owes_when_the_guarantee_of_the_smallest_advance_has_lapsed(world, law, chain):
    """One basis point of the value, 10; the payment recovers 5, and the rest is not covered."""
    rates = law.Conditions(advance_rate=1, recovery_rate=1)
    agreement = world.begin(inspectors=(), conditions=rates)
    chain.pending_timestamp = law.MONDAY
    world.assure(agreement, law.GuaranteeKind.ADVANCE, 10, law.MONDAY + law.DAY)
    agreement.payAdvance(sender=world.stranger)
    world.submit(agreement)
    chain.pending_timestamp = law.MONDAY + law.DAY
    world.accept(agreement, "first")
    world.accept(agreement, "second")
    money = world.money(agreement)
    assert (money.advance_outstanding, money.owed) == (5, 49_995)
