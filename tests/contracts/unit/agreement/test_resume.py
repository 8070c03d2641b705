"""Branches: resume.tree."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from ...vocabulary import DAY, MONDAY, NO_MILESTONE, NONE, digest

WHY = (digest("flood"), NONE)
UNTIL = MONDAY + 10 * DAY
EVER = 2**64 - 1


@pytest.fixture
def suspended(world, chain, active):
    """Suspended from a Monday for ten days."""
    chain.pending_timestamp = MONDAY - DAY
    active.suspend(UNTIL, *WHY, sender=world.account["first"])
    chain.pending_timestamp = MONDAY
    active.suspend(UNTIL, *WHY, sender=world.account["second"])
    return active


def resume(world, agreement, by="first"):
    return agreement.resume(sender=world.account[by])


@pytest.mark.parametrize("state", ["signed", "active", "closed"])
def test_reverts_when_nothing_is_suspended(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(agreement.NotStopped):
        resume(world, agreement)


def test_reverts_when_the_suspension_is_over(world, refused, chain, suspended):
    resume(world, suspended)
    with chain.isolate():
        chain.pending_timestamp = UNTIL
        with refused(suspended.NotStopped):
            resume(world, suspended, "second")
    chain.pending_timestamp = UNTIL - 1
    resume(world, suspended, "second")
    assert suspended.pausedBetween(0, EVER) == 10 * DAY - 1


def test_reverts_when_caller_is_not_on_the_committee(world, refused, suspended):
    for name in ("supplier", "auditor"):
        caller = world.account[name]
        with refused(
            suspended.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
        ):
            resume(world, suspended, name)


def test_reverts_when_the_member_has_voted(world, refused, suspended):
    resume(world, suspended)
    error = suspended.AlreadyVoted
    with refused(error, milestone=NO_MILESTONE, participant=world.id["first"]):
        resume(world, suspended)


def test_forgets_votes_on_an_earlier_suspension(world, chain, suspended):
    resume(world, suspended)
    later = UNTIL + 20 * DAY
    for name in ("first", "second"):
        chain.pending_timestamp = UNTIL
        suspended.suspend(later, *WHY, sender=world.account[name])
    resume(world, suspended, "second")
    assert suspended.pausedBetween(UNTIL, EVER) == 20 * DAY


def test_ends_it_early_by_a_quorum(world, emitted, told, chain, suspended):
    """Votes are for the suspension, by its number."""
    content = keccak(encode(["bytes", "uint256"], [bytes(suspended.resume.encode_input()), 1]))
    votes = [
        told(suspended).decision("resume", (), name, count, content=content)
        for count, name in ((1, "third"), (2, "first"))
    ]
    emitted(resume(world, suspended, "third"), votes[:1])
    assert suspended.pausedBetween(0, EVER) == 10 * DAY
    chain.pending_timestamp = MONDAY + 3 * DAY
    emitted(resume(world, suspended), [votes[1], suspended.AgreementResumed()])
    assert suspended.pausedBetween(0, EVER) == 3 * DAY
