"""Branches: withdraw_notice.tree."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from ...vocabulary import MONDAY, NO_MILESTONE, NONE, AgreementStatus, bits, digest

WHY = (digest("resumed"), digest("letter"))
STOPPED = (digest("stopped"), NONE)


@pytest.fixture
def noticed(world, chain, active):
    """Noticed on a Monday."""
    for name in ("first", "second"):
        chain.pending_timestamp = MONDAY
        active.noticeDefault(*STOPPED, sender=world.account[name])
    return active


def withdraw(world, agreement, by="first", why=WHY):
    return agreement.withdrawNotice(*why, sender=world.account[by])


@pytest.mark.parametrize("state", ["signed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_going_on(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=AgreementStatus[state.upper()],
        expected=bits(AgreementStatus.ACTIVE, AgreementStatus.COMPLETED),
    ):
        withdraw(world, agreement)


def test_reverts_when_the_reason_is_missing(world, refused, noticed):
    with refused(noticed.ReasonMissing):
        withdraw(world, noticed, why=(NONE, NONE))


@pytest.mark.parametrize("state", ["active", "completed"])
def test_reverts_when_there_is_no_notice(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(agreement.NoticeInvalid, noticedAt=0):
        withdraw(world, agreement)


def test_reverts_when_caller_is_not_on_the_committee(world, refused, noticed):
    for name in ("supplier", "auditor"):
        caller = world.account[name]
        with refused(
            noticed.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
        ):
            withdraw(world, noticed, name)


def test_reverts_when_the_member_has_voted(world, refused, noticed):
    withdraw(world, noticed)
    with refused(noticed.AlreadyVoted, milestone=NO_MILESTONE, participant=world.id["first"]):
        withdraw(world, noticed)


def votes(told, agreement, noticed_at, *names):
    """Votes are for the notice, by its second."""
    call = bytes(agreement.withdrawNotice.encode_input(*WHY))
    content = keccak(encode(["bytes", "uint40"], [call, noticed_at]))
    return [
        told(agreement).decision("withdrawNotice", WHY, name, count, content=content)
        for count, name in enumerate(names, 1)
    ]


def test_withdraws_it_by_a_quorum(world, emitted, told, kept, noticed):
    first, second = votes(told, noticed, MONDAY, "third", "first")
    with kept(noticed):
        emitted(withdraw(world, noticed, "third"), [first])
        receipt = withdraw(world, noticed)
    emitted(receipt, [second, noticed.DefaultCured(reason=WHY[0], document=WHY[1])])


def test_forgets_votes_on_an_earlier_notice(world, refused, emitted, told, chain, noticed):
    withdraw(world, noticed, "third")
    world.decide(noticed, "withdrawNotice", digest("another"), NONE)
    for name in ("first", "second"):
        chain.pending_timestamp = MONDAY + 100
        noticed.noticeDefault(*STOPPED, sender=world.account[name])
    (vote,) = votes(told, noticed, MONDAY + 100, "first")
    emitted(withdraw(world, noticed), [vote])


def test_lets_another_be_given(world, noticed):
    world.decide(noticed, "withdrawNotice", *WHY)
    receipt = world.decide(noticed, "noticeDefault", *STOPPED)
    assert noticed.DefaultNoticed.from_receipt(receipt)
