"""Branches: terminate.tree."""

import pytest

from ...payments import accept
from ...vocabulary import (
    NO_MILESTONE,
    NONE,
    AgreementStatus,
    FinalAccount,
    Ground,
    MilestoneStatus,
    Money,
    bits,
    digest,
)

WHY = (digest("no need"), digest("decision"))


def terminate(world, agreement, by="first", why=WHY):
    return agreement.terminate(*why, sender=world.account[by])


def ended(told, agreement):
    """What the vote that completes the quorum tells before the money moves."""
    expected = told(agreement)
    return [
        expected.decision("terminate", WHY, "third", 2),
        expected("AgreementTerminated", ground=Ground.CONVENIENCE, reason=WHY[0], document=WHY[1]),
    ]


@pytest.mark.parametrize("state", ["completed", "terminated", "closed"])
def test_reverts_when_the_agreement_has_ended(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=AgreementStatus[state.upper()],
        expected=bits(AgreementStatus.SIGNED, AgreementStatus.ACTIVE),
    ):
        terminate(world, agreement)


def test_reverts_when_the_reason_is_missing(world, refused, active):
    with refused(active.ReasonMissing):
        terminate(world, active, why=(NONE, digest("decision")))


def test_reverts_when_caller_is_not_on_the_committee(world, refused, kept, active):
    with kept(active):
        for caller, participant in (
            (world.account["supplier"], world.id["supplier"]),
            (world.account["treasury"], world.id["treasury"]),
            (world.account["authority"], world.id["authority"]),
            (world.admin, NONE),
        ):
            with refused(
                active.CallerNotOnCommittee, caller=caller.address, participant=participant
            ):
                active.terminate(*WHY, sender=caller)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_member_is_not_active(world, refused, active, standing):
    world.stand("first", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["first"], standing=standing
    ):
        terminate(world, active)


def test_reverts_when_the_member_has_voted(world, refused, active):
    terminate(world, active)
    with refused(active.AlreadyVoted, milestone=NO_MILESTONE, participant=world.id["first"]):
        terminate(world, active)


def test_counts_votes_for_the_same_reason_and_document_only(world, emitted, told, kept, active):
    with kept(active):
        for name, why in (
            ("first", WHY),
            ("second", (WHY[0], NONE)),
            ("third", (digest("default"), WHY[1])),
        ):
            receipt = terminate(world, active, name, why)
            emitted(receipt, [told(active).decision("terminate", why, name, 1)])


def test_given_no_money_releases_the_budget(world, emitted, told, ledger, signed):
    committed = world.budget.get(world.line).committed
    terminate(world, signed)
    receipt = terminate(world, signed, "third")
    expected = told(signed)
    account = FinalAccount(cancelled=80_000, released=100_000)
    emitted(
        receipt,
        [
            *ended(told, signed),
            expected("AgreementClosed", account=account),
            expected.released(100_000, committed - 100_000),
        ],
    )
    assert signed.status() == AgreementStatus.CLOSED
    assert world.money(signed) == Money(value=100_000)
    assert ledger(signed) == (0, 0, 0, 0)


@pytest.mark.parametrize("state", ["signed", "active", "paid"])
def test_given_nothing_pending_closes_at_once(world, emitted, told, ledger, request, state):
    """Also of an agreement that has the money, but not the supplier's signature."""
    agreement = request.getfixturevalue(state)
    if state == "signed":
        world.fund(agreement)
    accepted = 50_000 if state == "paid" else 0
    committed = world.budget.get(world.line).committed
    terminate(world, agreement)
    receipt = terminate(world, agreement, "third")
    rest = 100_000 - accepted
    account = FinalAccount(accepted, 80_000 - accepted, refunded=rest, released=rest)
    expected = told(agreement)
    emitted(
        receipt,
        [
            *ended(told, agreement),
            expected("AgreementClosed", account=account),
            expected.released(rest, committed - rest),
            expected.transfer("treasury", rest),
        ],
    )
    assert agreement.status() == AgreementStatus.CLOSED
    assert world.milestones(agreement)[1].status == MilestoneStatus.CANCELLED
    assert ledger(agreement) == (0, accepted, 0, rest)


def test_given_a_claim_leaves_it(world, ledger, owed):
    world.terminate(owed)
    assert owed.status() == AgreementStatus.CLOSED
    assert ledger(owed) == (50_000, 0, 50_000, 50_000)
    owed.claim(0, world.id["supplier"], sender=world.stranger)
    assert ledger(owed) == (0, 50_000, 0, 50_000)


def test_given_every_status_waits_for_what_is_pending(world, varied):
    before = world.milestones(varied), world.money(varied)
    world.terminate(varied)
    assert varied.status() == AgreementStatus.TERMINATED
    assert (world.milestones(varied), world.money(varied)) == before


def test_given_a_submission_waits_for_its_decision_and_takes_no_other(
    world, emitted, told, refused, ledger, begin, law
):
    agreement = begin(law.Conditions(), 50_000, 30_000)
    world.submit(agreement)
    terminate(world, agreement)
    emitted(terminate(world, agreement, "third"), ended(told, agreement))
    assert agreement.status() == AgreementStatus.TERMINATED
    assert world.held(agreement) == 100_000
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=AgreementStatus.TERMINATED,
        expected=bits(AgreementStatus.ACTIVE),
    ):
        world.submit(agreement, 1)
    accept(world, agreement)
    agreement.close(sender=world.stranger)
    assert ledger(agreement) == (0, 50_000, 0, 50_000)
