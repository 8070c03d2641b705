"""Branches: accept_part.tree."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from ...vocabulary import DAY, MONDAY, NONE, ONGOING, MilestoneStatus, Payment, bits, digest

REASON, DOCUMENT = digest("shorter"), digest("note")


def accept_part(world, agreement, name, amount=20_000, milestone=0, attempt=1, **changes):
    reason = changes.get("reason", REASON)
    document = changes.get("document", DOCUMENT)
    return agreement.acceptPart(
        milestone, attempt, amount, reason, document, sender=world.account[name]
    )


def voted(told, agreement, name, approvals, amount=20_000, attempt=1):
    """Votes are gathered by what is accepted."""
    content = keccak(
        encode(
            ["uint256", "uint256", "uint128", "bytes32", "bytes32"],
            [0, attempt, amount, REASON, DOCUMENT],
        )
    )
    arguments = (0, attempt, amount, REASON, DOCUMENT)
    return told(agreement).decision("acceptPart", arguments, name, approvals, content=content)


def partly(agreement, amount, rest, attempt=1):
    return agreement.MilestonePartlyAccepted(
        milestone=0, attempt=attempt, amount=amount, rest=rest, reason=REASON, document=DOCUMENT
    )


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=ONGOING,
    ):
        accept_part(world, agreement, "first")


def test_reverts_when_payments_are_held(world, refused, chain, kept, inspected):
    chain.pending_timestamp = MONDAY
    until = MONDAY + 10 * DAY
    inspected.hold(until, digest("audit"), NONE, sender=world.account["auditor"])
    with kept(inspected), refused(inspected.AgreementHeld, until=until):
        accept_part(world, inspected, "first")


@pytest.mark.parametrize(("state", "current"), [("active", 1), ("submitted", 2), ("paid", 5)])
def test_reverts_when_the_milestone_is_not_inspected(world, refused, request, state, current):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=0,
        current=current,
        expected=bits(MilestoneStatus.INSPECTED),
    ):
        accept_part(world, agreement, "first")


@pytest.mark.parametrize("attempt", [0, 2])
def test_reverts_when_the_attempt_is_not_the_latest(world, refused, inspected, attempt):
    with refused(inspected.MilestoneStaleAttempt, milestone=0, given=attempt, current=1):
        accept_part(world, inspected, "first", attempt=attempt)


def test_reverts_when_the_part_is_nothing_or_not_a_part(world, refused, kept, inspected):
    """Of 50,000, and of the 30,000 that are left then."""
    limits = {"smallest": 1, "largest": 49_999}
    with kept(inspected):
        for amount in (0, 50_000, 50_001, 2**128 - 1):
            with refused(inspected.AmountOutOfRange, given=amount, **limits):
                accept_part(world, inspected, "first", amount)
    world.accept_part(inspected, 20_000)
    world.submit(inspected)
    world.attest(inspected)
    with refused(inspected.AmountOutOfRange, given=30_000, smallest=1, largest=29_999):
        accept_part(world, inspected, "first", 30_000, attempt=2)


@pytest.mark.parametrize(("amount", "largest"), [(0, 0), (1, 0)])
def test_reverts_when_nothing_is_left(world, refused, amount, largest):
    agreement = world.begin(inspectors=(), milestones=((amount, 0, NONE, NONE),))
    world.submit(agreement)
    with refused(agreement.AmountOutOfRange, given=1, smallest=1, largest=largest):
        accept_part(world, agreement, "first", 1)


def test_reverts_when_the_reason_is_missing(world, refused, inspected):
    with refused(inspected.ReasonMissing):
        accept_part(world, inspected, "first", reason=NONE)


def test_reverts_when_caller_is_not_on_the_committee(world, refused, inspected):
    for name in ("supplier", "surveyor", "treasury", "arbiter"):
        caller = world.account[name]
        with refused(
            inspected.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
        ):
            accept_part(world, inspected, name)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_member_is_not_active(world, refused, inspected, standing):
    world.stand("first", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["first"], standing=standing
    ):
        accept_part(world, inspected, "first")


def test_reverts_when_the_member_has_voted_for_the_same(world, refused, kept, inspected):
    accept_part(world, inspected, "first")
    error = inspected.AlreadyVoted
    with kept(inspected), refused(error, milestone=0, participant=world.id["first"]):
        accept_part(world, inspected, "first")


def test_counts_votes_for_the_same_part_reason_and_document_only(
    world, emitted, told, kept, inspected
):
    with kept(inspected):
        receipt = accept_part(world, inspected, "first")
        emitted(receipt, [voted(told, inspected, "first", 1)])
        for changes in (
            {"amount": 19_999},
            {"reason": digest("late")},
            {"document": NONE},
        ):
            accept_part(world, inspected, "second", **changes)


def test_pays_the_part_in_the_transaction_that_completes_the_quorum(
    world, law, emitted, told, inspected
):
    before, milestone = world.balance("supplier"), world.milestones(inspected)[0]
    accept_part(world, inspected, "third")
    receipt = accept_part(world, inspected, "first")
    expected = told(inspected)
    emitted(
        receipt,
        [
            voted(told, inspected, "first", 2),
            partly(inspected, 20_000, 30_000),
            *expected.sent(Payment(20_000, net=20_000), law.Basis.PARTIAL_ACCEPTANCE, 0, attempt=1),
        ],
    )
    assert world.balance("supplier") == before + 20_000
    assert world.milestones(inspected)[0] == milestone._replace(
        status=MilestoneStatus.PARTLY_ACCEPTED, accepted=20_000
    )
    assert world.money(inspected) == law.Money(
        100_000, 80_000, 100_000, accepted=20_000, paid=20_000
    )


def test_pays_part_after_part_and_the_rest(world, law, inspected):
    """49,998 and 1 and 1."""
    for attempt, amount in ((1, 49_998), (2, 1)):
        before = world.balance("supplier")
        world.accept_part(inspected, amount)
        assert world.balance("supplier") == before + amount
        world.submit(inspected)
        world.attest(inspected)
        assert world.milestones(inspected)[0].attempt == attempt + 1
    before = world.balance("supplier")
    world.accept(inspected, "first")
    world.accept(inspected, "second")
    assert world.balance("supplier") == before + 1
    assert world.milestones(inspected)[0] == law.Milestone(
        50_000, 1_780_000_000, MilestoneStatus.PAID, accepted=50_000
    )


def test_leaves_the_member_free_to_decide_otherwise(world, law, inspected):
    """Nothing is decided by one vote: who was for a part can be for all or for nothing."""
    accept_part(world, inspected, "first")
    accept_part(world, inspected, "second", 30_000)
    world.reject(inspected, "third")
    world.accept(inspected, "first")
    world.accept(inspected, "second")
    assert world.money(inspected).accepted == 50_000


def test_owes_the_part_when_the_payee_is_not_active(world, law, emitted, told, inspected):
    world.stand("supplier", law.Standing.SUSPENDED)
    accept_part(world, inspected, "third")
    receipt = accept_part(world, inspected, "first")
    expected = told(inspected)
    payment = Payment(20_000, net=20_000)
    emitted(
        receipt,
        [
            voted(told, inspected, "first", 2),
            partly(inspected, 20_000, 30_000),
            expected.owed(20_000, 0),
            expected.payment(payment, law.Basis.PARTIAL_ACCEPTANCE, 0, attempt=1, owed=True),
        ],
    )
    assert inspected.owedTo(0, world.id["supplier"]) == 20_000
    assert world.money(inspected).owed == 20_000
