"""Branches: notice_default.tree."""

import pytest

from ...payments import settle
from ...vocabulary import (
    DAY,
    MONDAY,
    NO_MILESTONE,
    NONE,
    AgreementStatus,
    Conditions,
    bits,
    digest,
)

WHY = (digest("stopped"), digest("letter"))
GOING_ON = bits(AgreementStatus.ACTIVE, AgreementStatus.COMPLETED)


def notice(world, agreement, by="first", why=WHY):
    return agreement.noticeDefault(*why, sender=world.account[by])


@pytest.mark.parametrize("state", ["signed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_going_on(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=AgreementStatus[state.upper()],
        expected=GOING_ON,
    ):
        notice(world, agreement)


def test_reverts_when_the_reason_is_missing(world, refused, active):
    with refused(active.ReasonMissing):
        notice(world, active, why=(NONE, digest("letter")))


def test_reverts_when_a_notice_is_in_force(world, refused, active):
    noticed = world.decide(active, "noticeDefault", *WHY).timestamp
    for why in (WHY, (digest("again"), NONE)):
        with refused(active.NoticeInvalid, noticedAt=noticed):
            notice(world, active, "third", why)


def test_reverts_when_the_defects_period_is_over(world, refused, chain, begin):
    agreement = begin(Conditions(defects_days=90), 1_000)
    settle(world, agreement)
    chain.pending_timestamp = MONDAY
    agreement.complete(sender=world.stranger)
    end = MONDAY + 90 * DAY
    chain.pending_timestamp = end
    notice(world, agreement)
    with chain.isolate():
        chain.pending_timestamp = end + 1
        with refused(agreement.TooLate, present=end + 1, latest=end):
            notice(world, agreement, "second")
    chain.pending_timestamp = end
    receipt = notice(world, agreement, "second")
    assert agreement.DefaultNoticed.from_receipt(receipt)


def test_reverts_when_caller_is_not_on_the_committee(world, refused, active):
    for name in ("supplier", "auditor", "treasury"):
        caller = world.account[name]
        with refused(
            active.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
        ):
            notice(world, active, name)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_member_is_not_active(world, refused, active, standing):
    world.stand("first", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["first"], standing=standing
    ):
        notice(world, active)


def test_reverts_when_the_member_has_voted(world, refused, active):
    notice(world, active)
    with refused(active.AlreadyVoted, milestone=NO_MILESTONE, participant=world.id["first"]):
        notice(world, active)


def test_counts_votes_for_the_same_reason_and_document_only(world, refused, active):
    notice(world, active)
    for why in ((digest("late"), WHY[1]), (WHY[0], NONE)):
        notice(world, active, "second", why)
    with refused(active.NoticeInvalid, noticedAt=0):
        active.withdrawNotice(*WHY, sender=world.account["first"])


@pytest.mark.parametrize("state", ["active", "completed"])
def test_gives_notice_by_a_quorum(world, emitted, told, kept, request, state):
    agreement = request.getfixturevalue(state)
    vote = told(agreement).decision
    with kept(agreement):
        receipt = notice(world, agreement, "third")
        emitted(receipt, [vote("noticeDefault", WHY, "third", 1)])
        receipt = notice(world, agreement)
    noticed = agreement.DefaultNoticed(
        curableUntil=receipt.timestamp + 14 * DAY, reason=WHY[0], document=WHY[1]
    )
    emitted(receipt, [vote("noticeDefault", WHY, "first", 2), noticed])


def test_given_a_hold_gives_notice(world, chain, active):
    until = chain.pending_timestamp + DAY
    active.hold(until, *WHY, sender=world.account["auditor"])
    receipt = world.decide(active, "noticeDefault", *WHY)
    assert active.DefaultNoticed.from_receipt(receipt)
