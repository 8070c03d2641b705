"""Branches: accept_signed.tree. What is common to acts that are signed offline: signed_offline."""

import pytest

from ...signing import approval, digest_of
from ...vocabulary import DAY, MONDAY, NONE, ONGOING, MilestoneStatus, bits, digest


def signatures(world, agreement, *names, attempt=1):
    content = {"milestone": 0, "attempt": attempt}
    return [approval(agreement, "Acceptance", content, world.account[name]) for name in names]


def bring(world, agreement, *names, attempt=1):
    approvals = signatures(world, agreement, *names, attempt=attempt)
    return agreement.acceptSigned(0, attempt, approvals, sender=world.stranger)


def votes(world, law, agreement, *names):
    committee = law.plain(agreement.parties().committee)
    return sum(1 << committee.index(world.id[name]) for name in names)


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=ONGOING,
    ):
        bring(world, agreement, "first", "second")


def test_reverts_when_payments_are_held(world, refused, chain, kept, inspected):
    chain.pending_timestamp = MONDAY
    until = MONDAY + 10 * DAY
    inspected.hold(until, digest("audit"), NONE, sender=world.account["auditor"])
    with kept(inspected), refused(inspected.AgreementHeld, until=until):
        bring(world, inspected, "first")


def test_reverts_when_the_milestone_is_not_inspected(world, law, refused, submitted):
    with refused(
        submitted.MilestoneUnexpectedStatus,
        milestone=0,
        current=MilestoneStatus.SUBMITTED,
        expected=bits(MilestoneStatus.INSPECTED),
    ):
        bring(world, submitted, "first", "second")


def test_reverts_when_the_attempt_was_replaced(world, refused, inspected):
    world.turn_down(inspected)
    world.submit(inspected)
    world.attest(inspected)
    with refused(inspected.MilestoneStaleAttempt, milestone=0, given=1, current=2):
        bring(world, inspected, "first", "second")


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_a_member_is_not_active(world, refused, kept, inspected, standing):
    world.stand("second", standing)
    with (
        kept(inspected),
        refused(
            world.registry.ParticipantNotActive,
            participant=world.id["second"],
            standing=standing,
        ),
    ):
        bring(world, inspected, "first", "second")


def test_reverts_when_a_member_signs_twice(world, refused, kept, inspected):
    error = inspected.AlreadyVoted
    with kept(inspected), refused(error, milestone=0, participant=world.id["first"]):
        bring(world, inspected, "first", "first")


@pytest.mark.parametrize("vote", ["accept", "reject"])
def test_reverts_when_a_member_has_voted_before(world, refused, kept, inspected, vote):
    getattr(world, vote)(inspected, "first")
    error = inspected.AlreadyVoted
    with kept(inspected), refused(error, milestone=0, participant=world.id["first"]):
        bring(world, inspected, "second", "first")


def test_reverts_when_one_of_several_signatures_is_bad(world, refused, kept, inspected):
    """The good ones do not count without it."""
    good, bad = signatures(world, inspected, "first", "second")
    bad = bad._replace(signature=good.signature)
    content = {"milestone": 0, "attempt": 1}
    given = digest_of(inspected, "Acceptance", content, bad.valid_until)
    with kept(inspected):
        for order in ([good, bad], [bad, good]):
            with refused(inspected.SignatureInvalid, account=bad.account, digest=given):
                inspected.acceptSigned(0, 1, order, sender=world.stranger)


def test_given_no_signature_does_nothing(world, emitted, kept, inspected):
    with kept(inspected):
        emitted(bring(world, inspected), [])


def test_given_less_than_the_quorum_counts_them(world, law, emitted, told, inspected):
    before = world.milestones(inspected)[0]
    receipt = bring(world, inspected, "third")
    emitted(receipt, [told(inspected).approved("third", 1)])
    vote = votes(world, law, inspected, "third")
    assert world.milestones(inspected)[0] == before._replace(approvals=vote)


def test_given_the_quorum_pays(world, law, emitted, told, inspected):
    before = world.balance("supplier")
    receipt = bring(world, inspected, "first", "second")
    expected = told(inspected)
    payment = law.Payment(50_000, net=50_000)
    emitted(
        receipt,
        [
            expected.approved("first", 1),
            expected.approved("second", 2),
            *expected.sent(payment, law.Basis.ACCEPTANCE, 0, attempt=1),
        ],
    )
    assert world.balance("supplier") == before + 50_000
    assert world.milestones(inspected)[0].status == MilestoneStatus.PAID


def test_given_earlier_votes_pays_with_the_rest(world, law, emitted, told, inspected):
    world.accept(inspected, "third")
    receipt = bring(world, inspected, "first")
    expected = told(inspected)
    payment = law.Payment(50_000, net=50_000)
    emitted(
        receipt,
        [
            expected.approved("first", 2),
            *expected.sent(payment, law.Basis.ACCEPTANCE, 0, attempt=1),
        ],
    )


def test_given_a_member_more_than_the_quorum_counts_it_as_well(
    world, law, emitted, told, inspected
):
    """And pays once."""
    before = world.balance("supplier")
    receipt = bring(world, inspected, "first", "second", "third")
    expected = told(inspected)
    payment = law.Payment(50_000, net=50_000)
    emitted(
        receipt,
        [
            *(expected.approved(name, n) for n, name in enumerate(("first", "second", "third"), 1)),
            *expected.sent(payment, law.Basis.ACCEPTANCE, 0, attempt=1),
        ],
    )
    assert world.balance("supplier") == before + 50_000
