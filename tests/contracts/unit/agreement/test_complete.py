"""Branches: complete.tree."""

import ape
import pytest

DAY = 86_400


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.ACTIVE),
    ):
        agreement.complete(sender=world.stranger)


def test_reverts_when_some_work_is_not_accepted(world, refused, paid):
    with refused(paid.WorkNotDone, scheduled=80_000, accepted=50_000):
        paid.complete(sender=world.stranger)


def test_reverts_when_payments_are_held(world, law, refused, paid):
    world.pay(paid, 1)
    until = ape.chain.pending_timestamp + 5 * DAY
    paid.hold(until, law.digest("audit"), law.NONE, sender=world.account["auditor"])
    with refused(paid.AgreementHeld, until=until):
        paid.complete(sender=world.stranger)


def test_releases_half_of_the_retention_and_begins_the_defects_period(
    world, law, emitted, told, ledger
):
    agreement = world.begin(conditions=law.Conditions(retention_rate=501, defects_days=90))
    world.pay(agreement, 0)
    world.pay(agreement, 1)
    # 501 / 10,000 of 50,000 and of 30,000, each rounded up: 2,505 + 1,503 = 4,008.
    assert world.money(agreement).retained == 4_008
    receipt = agreement.complete(sender=world.stranger)
    half = law.Payment(gross=2_004, net=2_004)
    expect = told(agreement)
    emitted(
        receipt,
        [
            agreement.AgreementCompleted(defectsEndAt=receipt.timestamp + 90 * DAY),
            *expect.sent(half, law.Basis.RETENTION_RELEASE),
        ],
    )
    assert agreement.status() == law.AgreementStatus.COMPLETED
    assert world.money(agreement).retained == 2_004
    ledger(agreement)


def test_given_no_defects_period_closes_at_once(world, law, ledger):
    agreement = world.begin(conditions=law.Conditions(retention_rate=500, defects_days=0))
    world.pay(agreement, 0)
    world.pay(agreement, 1)
    agreement.complete(sender=world.stranger)
    assert agreement.status() == law.AgreementStatus.CLOSED
    # 80,000 to the payees, and what was not scheduled back.
    assert ledger(agreement) == (0, 80_000, 0, 20_000)
