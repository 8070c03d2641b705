"""Branches: close.tree."""

import ape
import pytest

DAY = 86_400


@pytest.mark.parametrize("state", ["signed", "active", "closed"])
def test_reverts_when_the_agreement_is_going_on_or_closed(world, law, refused, request, state):
    agreement, status = request.getfixturevalue(state), law.AgreementStatus
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=status[state.upper()],
        expected=law.bits(status.COMPLETED, status.TERMINATED),
    ):
        agreement.close(sender=world.stranger)


def test_reverts_when_a_milestone_is_still_to_be_decided_on(world, law, refused, kept):
    agreement = world.begin(conditions=law.Conditions(review_days=5), inspectors=())
    world.submit(agreement, 1)
    world.terminate(agreement)
    with kept(agreement), refused(agreement.MilestonePending, milestone=1):
        agreement.close(sender=world.stranger)


def test_reverts_while_a_rejected_milestone_can_be_disputed(world, law, refused):
    agreement = world.begin(inspectors=())
    world.submit(agreement, 0)
    end = world.turn_down(agreement, 0).timestamp + 14 * DAY
    world.terminate(agreement)
    ape.chain.pending_timestamp = end
    with refused(agreement.MilestonePending, milestone=0):
        agreement.close(sender=world.stranger)
    ape.chain.pending_timestamp = end + 1
    agreement.close(sender=world.stranger)
    assert agreement.status() == law.AgreementStatus.CLOSED


def test_reverts_in_the_defects_period(world, law, refused):
    agreement = world.begin(conditions=law.Conditions(defects_days=90))
    world.pay(agreement, 0)
    world.pay(agreement, 1)
    end = agreement.complete(sender=world.stranger).timestamp + 90 * DAY
    ape.chain.pending_timestamp = end
    with refused(agreement.TooEarly, present=end, earliest=end):
        agreement.close(sender=world.stranger)


def test_reverts_while_a_notice_of_default_runs(world, law, refused):
    agreement = world.begin(conditions=law.Conditions(defects_days=1))
    world.pay(agreement, 0)
    world.pay(agreement, 1)
    agreement.complete(sender=world.stranger)
    noticed = world.decide(agreement, "noticeDefault", law.digest("crack"), law.NONE).timestamp
    # The committee has as long again as the cure period to act on it.
    end = noticed + 28 * DAY
    ape.chain.pending_timestamp = end
    with refused(agreement.TooEarly, present=end, earliest=end):
        agreement.close(sender=world.stranger)
    ape.chain.pending_timestamp = end + 1
    agreement.close(sender=world.stranger)


def test_given_a_termination_draws_the_final_account(world, law, emitted, told, ledger, kept):
    agreement = world.begin(inspectors=())
    world.submit(agreement, 0)
    submitted = ape.chain.blocks.head.timestamp
    world.terminate(agreement)
    assert agreement.status() == law.AgreementStatus.TERMINATED
    committed = world.budget.get(world.line).committed
    # Without a review period, a submission is cancelled when it can no longer be disputed.
    ape.chain.pending_timestamp = submitted + 14 * DAY + 1
    receipt = agreement.close(sender=world.stranger)
    expect = told(agreement)
    emitted(
        receipt,
        [
            expect("AgreementClosed", account=(0, 80_000, 0, 0, 0, 0, 0, 100_000, 100_000, 0)),
            expect.released(100_000, committed - 100_000),
            expect.transfer("treasury", 100_000),
        ],
    )
    assert {each.status for each in world.milestones(agreement)} == {law.MilestoneStatus.CANCELLED}
    assert ledger(agreement) == (0, 0, 0, 100_000)


def test_given_completed_work_releases_the_rest_of_the_retention(world, law, ledger):
    agreement = world.begin(conditions=law.Conditions(retention_rate=500, defects_days=90))
    world.pay(agreement, 0)
    world.pay(agreement, 1)
    end = agreement.complete(sender=world.stranger).timestamp + 90 * DAY
    ape.chain.pending_timestamp = end + 1
    receipt = agreement.close(sender=world.stranger)
    (made,) = agreement.PaymentMade.from_receipt(receipt)
    assert (made.basis, law.plain(made.payment)[0]) == (law.Basis.RETENTION_RELEASE, 2_000)
    assert ledger(agreement) == (0, 80_000, 0, 20_000)


def test_sets_the_advance_off_against_the_retention(world, law, ledger):
    rules = law.Conditions(advance_rate=1_000, recovery_rate=1_000, retention_rate=1_000)
    agreement = world.begin(conditions=rules)
    world.assure(agreement, law.GuaranteeKind.ADVANCE, 10_000)
    agreement.payAdvance(sender=world.stranger)
    world.pay(agreement, 0)
    # 10,000 − 5,000 recovered are outstanding, 5,000 are retained.
    receipt = world.terminate(agreement)
    (closed,) = agreement.AgreementClosed.from_receipt(receipt)
    _, _, released, kept_back, _, unrecovered, *_ = closed.account
    assert (released, kept_back, unrecovered) == (0, 5_000, 0)
    assert ledger(agreement) == (0, 50_000, 0, 50_000)


def test_leaves_claims_to_be_pulled(world, law, ledger):
    agreement = world.begin()
    world.stand("supplier", law.Standing.DEBARRED)
    world.pay(agreement, 0)
    world.terminate(agreement)
    assert ledger(agreement) == (50_000, 0, 50_000, 50_000)
    agreement.claim(0, world.id["supplier"], sender=world.stranger)
    assert ledger(agreement) == (0, 50_000, 0, 50_000)
