"""Branches: lapse.tree."""

import ape
import pytest

DAY = 86_400
ENDS_AT = 1_798_675_200  # of the draft


@pytest.mark.parametrize("state", ["completed", "terminated", "closed"])
def test_reverts_when_the_agreement_has_ended(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    status = law.AgreementStatus
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=status[state.upper()],
        expected=law.bits(status.SIGNED, status.ACTIVE),
    ):
        agreement.lapse(sender=world.stranger)


def test_reverts_on_the_last_day(world, refused, active):
    last = ENDS_AT + 365 * DAY
    ape.chain.pending_timestamp = last
    with refused(active.TooEarly, present=last, earliest=last):
        active.lapse(sender=world.stranger)


def test_given_it_was_never_active_returns_the_money(world, law, ledger, signed):
    world.fund(signed)
    ape.chain.pending_timestamp = ENDS_AT + 365 * DAY + 1
    signed.lapse(sender=world.stranger)
    assert signed.status() == law.AgreementStatus.CLOSED
    assert ledger(signed) == (0, 0, 0, 100_000)


def test_given_open_work_cancels_it_and_returns_the_money(world, law, ledger, paid):
    ape.chain.pending_timestamp = ENDS_AT + 365 * DAY + 1
    committed = world.budget.get(world.line).committed
    receipt = paid.lapse(sender=world.stranger)
    names = [each.event_name for each in receipt.events]
    assert names == ["AgreementTerminated", "AgreementClosed", "LineReleased", "Transfer"]
    (ended,) = paid.AgreementTerminated.from_receipt(receipt)
    assert ended.ground == law.Ground.LAPSE
    assert world.milestones(paid)[1].status == law.MilestoneStatus.CANCELLED
    assert ledger(paid) == (0, 50_000, 0, 50_000)
    assert world.budget.get(world.line).committed == committed - 50_000
