"""Branches: accept_part_signed.tree. What is common to acts signed offline: signed_offline."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from ...signing import approval
from ...vocabulary import DAY, MONDAY, NONE, ONGOING, MilestoneStatus, Payment, bits, digest

REASON, DOCUMENT = digest("shorter"), digest("note")


def part(amount=20_000, attempt=1, reason=REASON):
    return {
        "milestone": 0,
        "attempt": attempt,
        "amount": amount,
        "reason": reason,
        "document": DOCUMENT,
    }


def bring(world, agreement, *names, **changes):
    content = part(**changes)
    approvals = [
        approval(agreement, "PartialAcceptance", content, world.account[name]) for name in names
    ]
    return agreement.acceptPartSigned(*content.values(), approvals, sender=world.stranger)


def votes(told, agreement, *names, before=0):
    """As those that are cast in person, but for the act."""
    types = ["uint256", "uint256", "uint128", "bytes32", "bytes32"]
    content = keccak(encode(types, list(part().values())))
    arguments = (*part().values(), [])
    return [
        told(agreement).decision("acceptPartSigned", arguments, name, count, content=content)
        for count, name in enumerate(names, before + 1)
    ]


def paid(world, law, told, agreement):
    return [
        agreement.MilestonePartlyAccepted(
            milestone=0, attempt=1, amount=20_000, rest=30_000, reason=REASON, document=DOCUMENT
        ),
        *told(agreement).sent(
            Payment(20_000, net=20_000), law.Basis.PARTIAL_ACCEPTANCE, 0, attempt=1
        ),
    ]


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=ONGOING,
    ):
        bring(world, agreement, "first")


def test_reverts_when_payments_are_held(world, refused, chain, kept, inspected):
    chain.pending_timestamp = MONDAY
    until = MONDAY + 10 * DAY
    inspected.hold(until, digest("audit"), NONE, sender=world.account["auditor"])
    with kept(inspected), refused(inspected.AgreementHeld, until=until):
        bring(world, inspected, "first")


def test_reverts_when_the_milestone_is_not_inspected(world, refused, submitted):
    with refused(
        submitted.MilestoneUnexpectedStatus,
        milestone=0,
        current=MilestoneStatus.SUBMITTED,
        expected=bits(MilestoneStatus.INSPECTED),
    ):
        bring(world, submitted, "first")


def test_reverts_when_the_attempt_was_replaced(world, refused, inspected):
    world.turn_down(inspected)
    world.submit(inspected)
    world.attest(inspected)
    with refused(inspected.MilestoneStaleAttempt, milestone=0, given=1, current=2):
        bring(world, inspected, "first")


def test_reverts_when_the_part_is_nothing_or_not_a_part(world, refused, inspected):
    for amount in (0, 50_000):
        with refused(inspected.AmountOutOfRange, given=amount, smallest=1, largest=49_999):
            bring(world, inspected, "first", amount=amount)


def test_reverts_when_the_reason_is_missing(world, refused, inspected):
    with refused(inspected.ReasonMissing):
        bring(world, inspected, "first", reason=NONE)


def test_reverts_when_a_member_signs_twice(world, refused, kept, inspected):
    error = inspected.AlreadyVoted
    with kept(inspected), refused(error, milestone=0, participant=world.id["third"]):
        bring(world, inspected, "third", "third")


def test_given_no_signature_does_nothing(world, emitted, kept, inspected):
    with kept(inspected):
        emitted(bring(world, inspected), [])


def test_given_less_than_the_quorum_counts_them(world, emitted, told, kept, inspected):
    with kept(inspected):
        receipt = bring(world, inspected, "third")
    emitted(receipt, votes(told, inspected, "third"))


def test_given_the_quorum_pays_and_needs_no_more(world, law, emitted, told, inspected):
    """The third signature is not looked at."""
    before = world.balance("supplier")
    receipt = bring(world, inspected, "first", "second", "third")
    counted = votes(told, inspected, "first", "second")
    emitted(receipt, [*counted, *paid(world, law, told, inspected)])
    assert world.balance("supplier") == before + 20_000
    assert world.milestones(inspected)[0].accepted == 20_000


def test_given_votes_that_were_cast_in_person_pays_with_the_rest(
    world, law, emitted, told, inspected
):
    inspected.acceptPart(*part().values(), sender=world.account["second"])
    receipt = bring(world, inspected, "first")
    counted = votes(told, inspected, "first", before=1)
    emitted(receipt, [*counted, *paid(world, law, told, inspected)])
