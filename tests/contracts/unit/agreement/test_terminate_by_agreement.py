"""Branches: terminate_by_agreement.tree."""

import pytest

from ...vocabulary import (
    DAY,
    MONDAY,
    NO_MILESTONE,
    NONE,
    AgreementStatus,
    FinalAccount,
    Ground,
    MilestoneStatus,
    bits,
    digest,
)

WHY = (digest("slope"), digest("deed"))


def agree(world, agreement, by, why=WHY):
    return agreement.terminateByAgreement(*why, sender=world.account[by])


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=AgreementStatus[state.upper()],
        expected=bits(AgreementStatus.ACTIVE),
    ):
        agree(world, agreement, "supplier")


def test_reverts_when_payments_are_held(world, refused, chain, kept, active):
    chain.pending_timestamp = MONDAY
    until = MONDAY + DAY
    active.hold(until, *WHY, sender=world.account["auditor"])
    with kept(active):
        for name in ("supplier", "first"):
            with refused(active.AgreementHeld, until=until):
                agree(world, active, name)


def test_reverts_when_the_reason_is_missing(world, refused, active):
    for name in ("supplier", "first"):
        with refused(active.ReasonMissing):
            agree(world, active, name, (NONE, digest("deed")))


def test_reverts_when_caller_is_on_neither_side(world, refused, active):
    for caller, participant in (
        (world.account["treasury"], world.id["treasury"]),
        (world.account["subcontractor"], world.id["subcontractor"]),
        (world.stranger, NONE),
    ):
        with refused(active.CallerNotOnCommittee, caller=caller.address, participant=participant):
            active.terminateByAgreement(*WHY, sender=caller)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_member_is_not_active(world, refused, active, standing):
    world.stand("first", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["first"], standing=standing
    ):
        agree(world, active, "first")


def test_reverts_when_signed_before(world, refused, kept, active):
    with kept(active):
        for name in ("supplier", "first"):
            agree(world, active, name)
            with refused(active.AlreadyVoted, milestone=NO_MILESTONE, participant=world.id[name]):
                agree(world, active, name)


def test_waits_for_the_other_side(world, emitted, told, kept, active):
    """The supplier and one member, or a quorum and more without the supplier, are not enough."""
    vote = told(active).decision
    with kept(active):
        receipt = agree(world, active, "supplier")
        emitted(receipt, [vote("terminateByAgreement", WHY, "supplier", 0)])
        receipt = agree(world, active, "first")
        emitted(receipt, [vote("terminateByAgreement", WHY, "first", 1)])
        other = (WHY[0], NONE)
        for count, name in enumerate(("first", "second", "third"), 1):
            receipt = agree(world, active, name, other)
            emitted(receipt, [vote("terminateByAgreement", other, name, count)])


@pytest.mark.parametrize("last", ["supplier", "second"])
def test_ends_it_with_the_last_signature_of_either_side(world, emitted, told, ledger, paid, last):
    committed = world.budget.get(world.line).committed
    for name in {"first", "second", "supplier"} - {last}:
        agree(world, paid, name)
    receipt = agree(world, paid, last)
    account = FinalAccount(50_000, 30_000, refunded=50_000, released=50_000)
    expected = told(paid)
    emitted(
        receipt,
        [
            expected.decision("terminateByAgreement", WHY, last, 2),
            expected(
                "AgreementTerminated",
                ground=Ground.BY_AGREEMENT,
                reason=WHY[0],
                document=WHY[1],
            ),
            expected("AgreementClosed", account=account),
            expected.released(50_000, committed - 50_000),
            expected.transfer("treasury", 50_000),
        ],
    )
    assert ledger(paid) == (0, 50_000, 0, 50_000)


def test_cancels_what_is_not_decided_on_and_in_dispute(world, ledger, varied):
    """The first is paid, and 4,000 of the sixth; all others come to nothing."""
    world.decide(varied, "terminateByAgreement", *WHY)
    agree(world, varied, "supplier")
    assert varied.status() == AgreementStatus.CLOSED
    cancelled, paid = MilestoneStatus.CANCELLED, MilestoneStatus.PAID
    assert [(item.status, item.accepted) for item in world.milestones(varied)] == [
        (paid, 10_000),
        *[(cancelled, 0)] * 4,
        (paid, 4_000),
        *[(cancelled, 0)] * 2,
    ]
    assert ledger(varied) == (0, 14_000, 0, 86_000)


@pytest.mark.parametrize("standing", [2, 3])
def test_given_a_suspended_supplier_takes_its_signature(world, active, standing):
    world.stand("supplier", standing)
    world.decide(active, "terminateByAgreement", *WHY)
    agree(world, active, "supplier")
    assert active.status() == AgreementStatus.CLOSED
