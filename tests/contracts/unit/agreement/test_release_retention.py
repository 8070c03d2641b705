"""Branches: release_retention.tree."""

import pytest

from ...payments import settle
from ...vocabulary import (
    DAY,
    FAR_FUTURE,
    MONDAY,
    NONE,
    AgreementStatus,
    Basis,
    Conditions,
    GuaranteeKind,
    Money,
    Payment,
    TaxBase,
    bits,
    digest,
)

KIND = GuaranteeKind.RETENTION
WHY = (digest("cracks"), NONE)
END = MONDAY + 90 * DAY


@pytest.fixture
def retained(world, chain, begin):
    """Completed on a Monday: 2,000 of 40,000 are retained for 90 days, 2,000 are released."""

    def start(**conditions):
        rules = Conditions(retention_rate=1_000, defects_days=90, **conditions)
        agreement = begin(rules, 40_000)
        chain.pending_timestamp = MONDAY - DAY
        settle(world, agreement)
        chain.pending_timestamp = MONDAY
        agreement.complete(sender=world.stranger)
        return agreement

    return start


def release(world, agreement):
    return agreement.releaseRetention(sender=world.stranger)


@pytest.mark.parametrize("state", ["signed", "active", "terminated", "closed"])
def test_reverts_when_the_work_is_not_completed(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=AgreementStatus[state.upper()],
        expected=bits(AgreementStatus.COMPLETED),
    ):
        release(world, agreement)


def test_reverts_when_payments_are_held(world, refused, chain, kept, retained):
    agreement = retained()
    world.assure(agreement, KIND, 2_000)
    until = MONDAY + DAY
    agreement.hold(until, *WHY, sender=world.account["auditor"])
    chain.pending_timestamp = until - 1
    with kept(agreement), refused(agreement.AgreementHeld, until=until):
        release(world, agreement)
    chain.pending_timestamp = until
    release(world, agreement)


def test_reverts_when_nothing_is_retained(world, refused, retained):
    agreement = retained()
    world.assure(agreement, KIND, 2_000)
    release(world, agreement)
    with refused(agreement.NothingRetained):
        release(world, agreement)


def test_reverts_when_a_notice_of_default_is_in_force(world, refused, kept, retained):
    agreement = retained()
    world.assure(agreement, KIND, 2_000)
    noticed = world.decide(agreement, "noticeDefault", *WHY).timestamp
    with kept(agreement), refused(agreement.NoticeInvalid, noticedAt=noticed):
        release(world, agreement)


def test_reverts_when_the_guarantee_is_missing_too_small_or_lapsed(
    world, refused, chain, kept, retained
):
    agreement = retained()
    with kept(agreement):
        lapsed = {"kind": KIND, "required": 2_000}
        with refused(agreement.GuaranteeLapsed, **lapsed, amount=0, expiresAt=0):
            release(world, agreement)
    for amount, expiry, moment in (
        (1_999, FAR_FUTURE - 1, MONDAY + 1),
        (2_000, MONDAY + DAY, MONDAY + DAY),
    ):
        world.assure(agreement, KIND, amount, expiry)
        chain.pending_timestamp = moment
        with refused(agreement.GuaranteeLapsed, **lapsed, amount=amount, expiresAt=expiry):
            release(world, agreement)


def test_reverts_when_the_guarantee_ends_before_the_defects_period(
    world, refused, chain, kept, retained
):
    """Which a hold of ten days moves."""
    agreement = retained()
    for expiry in (END - 1, END):
        world.assure(agreement, KIND, 2_000, expiry)
        with kept(agreement), refused(agreement.TooEarly, present=expiry, earliest=END):
            release(world, agreement)
    world.assure(agreement, KIND, 2_000, END + 1)
    with chain.isolate():
        release(world, agreement)
        assert world.money(agreement).retained == 0
    chain.pending_timestamp = MONDAY + DAY
    until = MONDAY + 11 * DAY
    agreement.hold(until, *WHY, sender=world.account["auditor"])
    chain.pending_timestamp = until
    with refused(agreement.TooEarly, present=END + 1, earliest=END + 10 * DAY):
        release(world, agreement)


def test_releases_the_rest(world, emitted, told, ledger, retained):
    agreement = retained()
    world.assure(agreement, KIND, 2_000)
    before = world.balance("supplier")
    receipt = release(world, agreement)
    emitted(receipt, told(agreement).sent(Payment(2_000, net=2_000), Basis.RETENTION_RELEASE))
    assert world.balance("supplier") == before + 2_000
    assert world.money(agreement) == Money(100_000, 40_000, 100_000, accepted=40_000, paid=40_000)
    assert agreement.status() == AgreementStatus.COMPLETED
    ledger(agreement)


def test_given_the_notice_was_withdrawn_releases(world, retained):
    agreement = retained()
    world.assure(agreement, KIND, 2_000)
    world.decide(agreement, "noticeDefault", *WHY)
    world.decide(agreement, "withdrawNotice", *WHY)
    release(world, agreement)
    assert world.money(agreement).retained == 0


def test_withholds_taxes_on_what_is_received(world, emitted, told, ledger, retained):
    """1.5 % of 2,000: 30."""
    agreement = retained(taxes=((world.id["collector"], 15, 1_000, TaxBase.RECEIVED),))
    world.assure(agreement, KIND, 2_000)
    expected = told(agreement)
    emitted(
        release(world, agreement),
        [
            *expected.sent(Payment(2_000, taxes=30, net=1_970), Basis.RETENTION_RELEASE),
            expected.transfer("collector", 30),
            expected.deduction(30),
        ],
    )
    ledger(agreement)


def test_leaves_nothing_for_the_final_account(world, chain, ledger, retained):
    agreement = retained()
    world.assure(agreement, KIND, 2_000)
    release(world, agreement)
    chain.pending_timestamp = END + 1
    receipt = agreement.close(sender=world.stranger)
    assert agreement.PaymentMade.from_receipt(receipt) == []
    assert ledger(agreement) == (0, 40_000, 0, 60_000)
