"""Branches: notice_default.tree."""

import ape
import pytest

DAY = 86_400


@pytest.mark.parametrize("state", ["signed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_going_on(world, law, refused, request, state):
    agreement, status = request.getfixturevalue(state), law.AgreementStatus
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=status[state.upper()],
        expected=law.bits(status.ACTIVE, status.COMPLETED),
    ):
        agreement.noticeDefault(law.digest("stopped"), law.NONE, sender=world.account["first"])


def test_reverts_when_the_reason_is_missing(world, law, refused, active):
    with refused(active.ReasonMissing):
        active.noticeDefault(law.NONE, law.NONE, sender=world.account["first"])


def test_reverts_when_a_notice_is_in_force(world, law, refused, active):
    receipt = world.decide(active, "noticeDefault", law.digest("stopped"), law.NONE)
    with refused(active.NoticeInvalid, noticedAt=receipt.timestamp):
        active.noticeDefault(law.digest("again"), law.NONE, sender=world.account["first"])


def test_reverts_after_the_defects_period(world, law, refused):
    agreement = world.begin(conditions=law.Conditions(retention_rate=500, defects_days=90))
    world.pay(agreement, 0)
    world.pay(agreement, 1)
    end = agreement.complete(sender=world.stranger).timestamp + 90 * DAY
    ape.chain.pending_timestamp = end + 1
    with refused(agreement.TooLate, present=end + 1, latest=end):
        agreement.noticeDefault(law.digest("crack"), law.NONE, sender=world.account["first"])


def test_reverts_when_a_member_votes_twice(world, law, refused, active):
    why = (law.digest("stopped"), law.NONE)
    active.noticeDefault(*why, sender=world.account["first"])
    with refused(active.AlreadyVoted, milestone=2**256 - 1, participant=world.id["first"]):
        active.noticeDefault(*why, sender=world.account["first"])


def test_gives_notice_by_a_quorum(world, law, emitted, told, active):
    why = (law.digest("stopped"), law.digest("letter"))
    expect = told(active)
    first = active.noticeDefault(*why, sender=world.account["first"])
    emitted(first, [expect.decision("noticeDefault", why, "first", 1)])
    second = active.noticeDefault(*why, sender=world.account["second"])
    emitted(
        second,
        [
            expect.decision("noticeDefault", why, "second", 2),
            active.DefaultNoticed(
                curableUntil=second.timestamp + 14 * DAY, reason=why[0], document=why[1]
            ),
        ],
    )
