"""Branches: complete.tree."""

import pytest

from ...payments import paid, settle
from ...vocabulary import (
    DAY,
    MONDAY,
    NO_MILESTONE,
    NONE,
    AgreementStatus,
    Amendment,
    Basis,
    Conditions,
    FinalAccount,
    MilestoneStatus,
    Money,
    Payment,
    Standing,
    TaxBase,
    bits,
    digest,
)

FIVE_PERCENT = Conditions(retention_rate=500, defects_days=90)


def complete(world, agreement):
    return agreement.complete(sender=world.stranger)


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=AgreementStatus[state.upper()],
        expected=bits(AgreementStatus.ACTIVE),
    ):
        complete(world, agreement)


def test_reverts_when_payments_are_held(world, refused, chain, kept, begin):
    agreement = begin(FIVE_PERCENT, 1_000)
    settle(world, agreement)
    chain.pending_timestamp = MONDAY
    until = MONDAY + DAY
    agreement.hold(until, digest("audit"), NONE, sender=world.account["auditor"])
    chain.pending_timestamp = until - 1
    with kept(agreement), refused(agreement.AgreementHeld, until=until):
        complete(world, agreement)
    chain.pending_timestamp = until
    complete(world, agreement)


def test_reverts_when_some_work_is_not_accepted(world, refused, kept, active, paid, varied):
    for agreement, scheduled, accepted in (
        (active, 80_000, 0),
        (paid, 80_000, 50_000),
        (varied, 70_021, 14_000),
    ):
        with (
            kept(agreement),
            refused(agreement.WorkNotDone, scheduled=scheduled, accepted=accepted),
        ):
            complete(world, agreement)


def test_reverts_when_a_milestone_of_nothing_is_not_accepted(world, refused, kept, begin):
    agreement = begin(Conditions(), 1_000, 0)
    settle(world, agreement)
    with kept(agreement), refused(agreement.MilestonePending, milestone=1):
        complete(world, agreement)
    settle(world, agreement, 1)
    complete(world, agreement)


def test_reverts_when_nothing_was_ever_scheduled(world, refused, begin):
    agreement = begin(Conditions())
    with refused(agreement.WorkNotDone, scheduled=0, accepted=0):
        complete(world, agreement)


def test_releases_half_of_the_retention_rounded_down_and_begins_the_defects_period(
    world, emitted, told, ledger, begin
):
    """5 % of 50,001 and of 30,001, each rounded up: 2,501 + 1,501 = 4,002, and a unit more."""
    agreement = begin(FIVE_PERCENT, 50_001, 30_001, 1)
    for milestone in range(3):
        settle(world, agreement, milestone)
    assert world.money(agreement).retained == 4_003
    before = world.balance("supplier")
    receipt = complete(world, agreement)
    emitted(
        receipt,
        [
            agreement.AgreementCompleted(defectsEndAt=receipt.timestamp + 90 * DAY),
            *told(agreement).sent(Payment(2_001, net=2_001), Basis.RETENTION_RELEASE),
        ],
    )
    assert agreement.status() == AgreementStatus.COMPLETED
    assert world.balance("supplier") == before + 2_001
    assert world.money(agreement) == Money(
        100_000, 80_003, 100_000, accepted=80_003, paid=78_001, retained=2_002
    )
    ledger(agreement)


def test_releases_nothing_of_one_unit(world, emitted, begin):
    agreement = begin(FIVE_PERCENT, 1)
    settle(world, agreement)
    receipt = complete(world, agreement)
    end = receipt.timestamp + 90 * DAY
    emitted(receipt, [agreement.AgreementCompleted(defectsEndAt=end)])
    assert world.money(agreement).retained == 1


def test_withholds_taxes_on_what_is_received(world, emitted, told, ledger, begin):
    """Half of 1,000 is 500, of which 3 %: 15."""
    taxes = (
        (world.id["collector"], 3, 100, TaxBase.RECEIVED),
        (world.id["collector"], 3, 100, TaxBase.GROSS),
    )
    agreement = begin(FIVE_PERCENT._replace(taxes=taxes), 20_000)
    settle(world, agreement)
    receipt = complete(world, agreement)
    expected = told(agreement)
    emitted(
        receipt,
        [
            agreement.AgreementCompleted(defectsEndAt=receipt.timestamp + 90 * DAY),
            *expected.sent(Payment(500, taxes=15, net=485), Basis.RETENTION_RELEASE),
            expected.transfer("collector", 15),
            expected.deduction(15),
        ],
    )
    ledger(agreement)


def test_owes_what_is_released_when_the_supplier_is_not_active(world, ledger, begin):
    agreement = begin(FIVE_PERCENT, 20_000)
    settle(world, agreement)
    world.stand("supplier", Standing.SUSPENDED)
    complete(world, agreement)
    assert agreement.owedTo(NO_MILESTONE, world.id["supplier"]) == 500
    world.stand("supplier", Standing.ACTIVE)
    agreement.claim(NO_MILESTONE, world.id["supplier"], sender=world.stranger)
    assert world.money(agreement).owed == 0
    ledger(agreement)


def test_releases_it_though_guarantees_have_lapsed(world, ledger, begin):
    """And lets out what was owed for them."""
    agreement = begin(FIVE_PERCENT._replace(security_rate=500), 20_000)
    settle(world, agreement)
    assert agreement.owedTo(0, world.id["supplier"]) == 19_000
    assert paid(agreement, complete(world, agreement)) == Payment(500, net=500)
    agreement.claim(0, world.id["supplier"], sender=world.stranger)
    assert world.money(agreement).owed == 0
    ledger(agreement)


def test_completes_what_ended_in_other_ways_than_acceptance(world, begin):
    """Removed, ruled to nothing, and settled on a part."""
    agreement = begin(FIVE_PERCENT, 1_000, 2_000, 3_000)
    world.amend(agreement, Amendment(changes=((0, 0, 0, NONE, True),)))
    for milestone in (1, 2):
        world.submit(agreement, milestone)
        world.turn_down(agreement, milestone)
        world.dispute(agreement, milestone)
    agreement.rule(1, 0, digest("no"), NONE, sender=world.account["arbiter"])
    world.decide(agreement, "offerSettlement", 2, 600)
    agreement.offerSettlement(2, 600, sender=world.account["supplier"])
    complete(world, agreement)
    cancelled = MilestoneStatus.CANCELLED
    statuses = [item.status for item in world.milestones(agreement)]
    assert statuses == [cancelled, cancelled, MilestoneStatus.PAID]
    assert agreement.status() == AgreementStatus.COMPLETED


def test_given_no_defects_period_closes_at_once(world, emitted, told, ledger, begin):
    """1,000 are retained of 20,000: both halves go out in one transaction."""
    agreement = begin(FIVE_PERCENT._replace(defects_days=0), 20_000)
    settle(world, agreement)
    committed = world.budget.get(world.line).committed
    receipt = complete(world, agreement)
    account = FinalAccount(20_000, 0, 500, refunded=80_000, released=80_000)
    expected = told(agreement)
    half = expected.sent(Payment(500, net=500), Basis.RETENTION_RELEASE)
    emitted(
        receipt,
        [
            agreement.AgreementCompleted(defectsEndAt=receipt.timestamp),
            *half,
            expected("AgreementClosed", account=account),
            expected.released(80_000, committed - 80_000),
            *half,
            expected.transfer("treasury", 80_000),
        ],
    )
    assert agreement.status() == AgreementStatus.CLOSED
    assert ledger(agreement) == (0, 20_000, 0, 80_000)


def test_given_a_notice_of_default_leaves_the_final_account_to_wait_for_it(
    world, refused, chain, begin
):
    """As for any completed work, twice the 14 days to cure it, without a defects period as well."""
    agreement = begin(FIVE_PERCENT._replace(defects_days=0), 20_000)
    settle(world, agreement)
    for name in ("first", "second"):
        chain.pending_timestamp = MONDAY
        agreement.noticeDefault(digest("cracks"), NONE, sender=world.account[name])
    complete(world, agreement)
    assert agreement.status() == AgreementStatus.COMPLETED
    end = MONDAY + 28 * DAY
    chain.pending_timestamp = end
    with refused(agreement.TooEarly, present=end, earliest=end):
        agreement.close(sender=world.stranger)
