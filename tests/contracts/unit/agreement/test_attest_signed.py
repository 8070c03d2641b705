"""Branches: attest_signed.tree. What is common to acts that are signed offline: signed_offline."""

import pytest

from ...signing import approval
from ...vocabulary import MONDAY, NONE, ONGOING, digest


def bring(world, agreement, **changes):
    said = {"milestone": 0, "attempt": 1, "seenAt": 1_767_400_000, "report": digest("report")}
    said |= changes
    signed = approval(agreement, "Inspection", said, world.account["surveyor"])
    return agreement.attestSigned(*said.values(), signed, sender=world.stranger)


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=ONGOING,
    ):
        bring(world, agreement)


def test_reverts_when_the_inspector_is_not_active(world, law, refused, submitted):
    world.stand("surveyor", law.Standing.SUSPENDED)
    with refused(
        world.registry.ParticipantNotActive,
        participant=world.id["surveyor"],
        standing=law.Standing.SUSPENDED,
    ):
        bring(world, submitted)


def test_reverts_when_the_inspector_lost_its_role(world, law, refused, submitted):
    world.registry.setRoles(world.id["surveyor"], law.Role.AUDITOR, sender=world.registrar)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["surveyor"],
        roles=law.Role.AUDITOR,
        required=law.Role.INSPECTOR,
    ):
        bring(world, submitted)


def test_reverts_when_the_attempt_was_replaced(world, refused, submitted):
    world.turn_down(submitted)
    world.submit(submitted)
    with refused(submitted.MilestoneStaleAttempt, milestone=0, given=1, current=2):
        bring(world, submitted)


def test_reverts_when_it_was_seen_after_the_block(world, refused, chain, submitted):
    chain.pending_timestamp = MONDAY
    with refused(submitted.DateInFuture, given=MONDAY + 1, present=MONDAY):
        bring(world, submitted, seenAt=MONDAY + 1)


def test_reverts_when_the_report_is_missing(world, refused, submitted):
    with refused(submitted.EvidenceMissing, milestone=0):
        bring(world, submitted, report=NONE)


def test_attests_for_the_inspector(world, law, emitted, submitted):
    before = world.milestones(submitted)
    receipt = bring(world, submitted)
    event = submitted.MilestoneAttested(
        milestone=0,
        attempt=1,
        by=world.id["surveyor"],
        seenAt=1_767_400_000,
        report=digest("report"),
    )
    emitted(receipt, [event])
    attested = before[0]._replace(status=law.MilestoneStatus.INSPECTED)
    assert world.milestones(submitted) == [attested, before[1]]
