"""Branches: terminate_for_default.tree."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from ...payments import accept, settle
from ...vocabulary import (
    DAY,
    MONDAY,
    NO_MILESTONE,
    NONE,
    AgreementStatus,
    Conditions,
    FinalAccount,
    Ground,
    GuaranteeKind,
    bits,
    code,
    digest,
)

WHY = (digest("not cured"), digest("decision"))
STOPPED = (digest("stopped"), NONE)
# 14 days after a Monday.
CURED = MONDAY + 14 * DAY


def notice(world, chain, agreement, moment=MONDAY):
    """Notice in this second."""
    for name in ("first", "second"):
        chain.pending_timestamp = moment
        agreement.noticeDefault(*STOPPED, sender=world.account[name])


def terminate(world, agreement, by="first", why=WHY):
    return agreement.terminateForDefault(*why, sender=world.account[by])


def by_quorum(world, agreement):
    return world.decide(agreement, "terminateForDefault", *WHY)


def voted(told, agreement, by, approvals, noticed=MONDAY):
    """Votes are for the notice, by its second."""
    call = bytes(agreement.terminateForDefault.encode_input(*WHY))
    content = keccak(encode(["bytes", "uint40"], [call, noticed]))
    expected = told(agreement)
    return expected.decision("terminateForDefault", WHY, by, approvals, content=content)


@pytest.mark.parametrize("state", ["signed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_going_on(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=AgreementStatus[state.upper()],
        expected=bits(AgreementStatus.ACTIVE, AgreementStatus.COMPLETED),
    ):
        terminate(world, agreement)


def test_reverts_when_the_reason_is_missing(world, refused, chain, active):
    notice(world, chain, active)
    chain.pending_timestamp = CURED + 1
    with refused(active.ReasonMissing):
        terminate(world, active, why=(NONE, digest("decision")))


@pytest.mark.parametrize("state", ["active", "completed"])
def test_reverts_when_no_notice_was_given(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(agreement.NoticeInvalid, noticedAt=0):
        terminate(world, agreement)


def test_reverts_when_the_notice_was_withdrawn(world, refused, chain, active):
    notice(world, chain, active)
    world.decide(active, "withdrawNotice", digest("resumed"), NONE)
    chain.pending_timestamp = CURED + 1
    with refused(active.NoticeInvalid, noticedAt=0):
        terminate(world, active)


def test_reverts_when_the_cure_period_runs(world, refused, chain, active):
    notice(world, chain, active)
    for moment in (MONDAY + 1, CURED - 1, CURED):
        chain.pending_timestamp = moment
        with refused(active.TooEarly, present=moment, earliest=CURED):
            terminate(world, active)
    chain.pending_timestamp = CURED + 1
    by_quorum(world, active)
    assert active.status() == AgreementStatus.CLOSED


def test_reverts_when_caller_is_not_on_the_committee(world, refused, chain, active):
    notice(world, chain, active)
    chain.pending_timestamp = CURED + 1
    for name in ("supplier", "auditor"):
        caller = world.account[name]
        with refused(
            active.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
        ):
            terminate(world, active, name)


def test_reverts_when_the_member_has_voted(world, refused, kept, chain, active):
    notice(world, chain, active)
    chain.pending_timestamp = CURED + 1
    with kept(active):
        terminate(world, active)
        error = active.AlreadyVoted
        with refused(error, milestone=NO_MILESTONE, participant=world.id["first"]):
            terminate(world, active)


def test_forgets_votes_on_an_earlier_notice(world, emitted, told, chain, active):
    notice(world, chain, active)
    chain.pending_timestamp = CURED + 1
    terminate(world, active, "third")
    world.decide(active, "withdrawNotice", digest("resumed"), NONE)
    again = CURED + DAY
    notice(world, chain, active, again)
    chain.pending_timestamp = again + 14 * DAY + 1
    emitted(terminate(world, active), [voted(told, active, "first", 1, again)])
    assert active.status() == AgreementStatus.ACTIVE


def test_keeps_the_retention_and_calls_the_securities(world, emitted, told, ledger, chain, begin):
    """Advance 20,000; of 50,000: 10,000 recovered, 2,500 retained, 37,500 paid.
    The retention covers 2,500 of the 10,000 that are outstanding; 7,500 are called, and the
    performance security. Back go 100,000 less 20,000 and 37,500.
    """
    rates = Conditions(2_000, 2_000, 500, 500)
    agreement = begin(rates, 50_000, 30_000)
    world.assure(agreement, GuaranteeKind.PERFORMANCE, 5_000)
    world.assure(agreement, GuaranteeKind.ADVANCE, 20_000)
    world.assure(agreement, GuaranteeKind.RETENTION, 400)
    agreement.payAdvance(sender=world.stranger)
    settle(world, agreement)
    committed = world.budget.get(world.line).committed
    notice(world, chain, agreement)
    chain.pending_timestamp = CURED + 1
    terminate(world, agreement)
    receipt = terminate(world, agreement, "third")
    account = FinalAccount(
        accepted=50_000,
        cancelled=30_000,
        retention_kept=2_500,
        advance_unrecovered=7_500,
        refunded=42_500,
        released=50_000,
    )
    expected = told(agreement)
    emitted(
        receipt,
        [
            voted(told, agreement, "third", 2),
            expected("AgreementTerminated", ground=Ground.DEFAULT, reason=WHY[0], document=WHY[1]),
            expected(
                "GuaranteeCalled",
                kind=GuaranteeKind.ADVANCE,
                amount=7_500,
                reason=code("advance-unrecovered"),
            ),
            expected(
                "GuaranteeCalled",
                kind=GuaranteeKind.PERFORMANCE,
                amount=5_000,
                reason=code("default"),
            ),
            expected("AgreementClosed", account=account),
            expected.released(50_000, committed - 50_000),
            expected.transfer("treasury", 42_500),
        ],
    )
    assert ledger(agreement) == (0, 57_500, 0, 42_500)


def test_given_completed_work_calls_the_retention_guarantee_as_well(
    world, emitted, told, ledger, chain, begin
):
    """Of 4,000 that were retained, 2,000 are released; the others are kept. The guarantee of
    100 for them was too small to release them, and is called for what it is."""
    agreement = begin(Conditions(retention_rate=1_000, defects_days=90), 40_000)
    chain.pending_timestamp = MONDAY - DAY
    settle(world, agreement)
    agreement.complete(sender=world.stranger)
    world.assure(agreement, GuaranteeKind.RETENTION, 100)
    committed = world.budget.get(world.line).committed
    notice(world, chain, agreement)
    chain.pending_timestamp = CURED + 1
    terminate(world, agreement)
    receipt = terminate(world, agreement, "third")
    account = FinalAccount(accepted=40_000, retention_kept=2_000, refunded=62_000, released=60_000)
    expected = told(agreement)
    emitted(
        receipt,
        [
            voted(told, agreement, "third", 2),
            expected("AgreementTerminated", ground=Ground.DEFAULT, reason=WHY[0], document=WHY[1]),
            expected(
                "GuaranteeCalled",
                kind=GuaranteeKind.RETENTION,
                amount=100,
                reason=code("default"),
            ),
            expected("AgreementClosed", account=account),
            expected.released(60_000, committed - 60_000),
            expected.transfer("treasury", 62_000),
        ],
    )
    assert ledger(agreement) == (0, 38_000, 0, 62_000)


def test_given_a_submission_waits_for_its_decision_and_then_forfeits(world, ledger, chain, begin):
    """Accepted after the termination: 10 % of 40,000 are retained, and kept."""
    agreement = begin(Conditions(retention_rate=1_000), 40_000)
    notice(world, chain, agreement)
    chain.pending_timestamp = CURED
    world.submit(agreement)
    chain.pending_timestamp = CURED + 1
    by_quorum(world, agreement)
    assert agreement.status() == AgreementStatus.TERMINATED
    accept(world, agreement)
    receipt = agreement.close(sender=world.stranger)
    (closed,) = agreement.AgreementClosed.from_receipt(receipt)
    assert FinalAccount(*closed.account) == FinalAccount(
        accepted=40_000, retention_kept=4_000, refunded=64_000, released=60_000
    )
    assert ledger(agreement) == (0, 36_000, 0, 64_000)


def test_counts_no_time_for_which_the_clocks_stood_still(world, refused, chain, active):
    notice(world, chain, active)
    chain.pending_timestamp = MONDAY + DAY
    active.hold(MONDAY + 11 * DAY, *WHY, sender=world.account["auditor"])
    end = CURED + 10 * DAY
    chain.pending_timestamp = end
    with refused(active.TooEarly, present=end, earliest=end):
        terminate(world, active)
    chain.pending_timestamp = end + 1
    by_quorum(world, active)
    assert active.status() == AgreementStatus.CLOSED
