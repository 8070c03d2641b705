"""Branches: release_retention.tree."""

import pytest

DAY = 86_400


@pytest.fixture
def retained(world, law):
    """Completed, with 2,000 retained for 90 days more."""
    agreement = world.begin(conditions=law.Conditions(retention_rate=500, defects_days=90))
    world.pay(agreement, 0)
    world.pay(agreement, 1)
    agreement.complete(sender=world.stranger)
    return agreement


@pytest.mark.parametrize("state", ["signed", "active", "terminated", "closed"])
def test_reverts_when_the_work_is_not_completed(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.COMPLETED),
    ):
        agreement.releaseRetention(sender=world.stranger)


def test_reverts_when_nothing_is_retained(world, law, refused, retained):
    world.assure(retained, law.GuaranteeKind.RETENTION, 2_000)
    retained.releaseRetention(sender=world.stranger)
    with refused(retained.NothingRetained):
        retained.releaseRetention(sender=world.stranger)


def test_reverts_when_a_notice_of_default_is_in_force(world, law, refused, retained):
    world.assure(retained, law.GuaranteeKind.RETENTION, 2_000)
    receipt = world.decide(retained, "noticeDefault", law.digest("cracks"), law.NONE)
    with refused(retained.NoticeInvalid, noticedAt=receipt.timestamp):
        retained.releaseRetention(sender=world.stranger)


@pytest.mark.parametrize("amount", [0, 1_999])
def test_reverts_when_the_guarantee_is_too_small_or_missing(
    world, law, refused, kept, retained, amount
):
    expires_at = 0
    if amount:
        expires_at = law.FAR_FUTURE - 1
        world.assure(retained, law.GuaranteeKind.RETENTION, amount, expires_at)
    with (
        kept(retained),
        refused(
            retained.GuaranteeLapsed,
            kind=law.GuaranteeKind.RETENTION,
            amount=amount,
            required=2_000,
            expiresAt=expires_at,
        ),
    ):
        retained.releaseRetention(sender=world.stranger)


def test_reverts_when_the_guarantee_ends_before_the_defects_period(world, law, refused):
    agreement = world.begin(conditions=law.Conditions(retention_rate=500, defects_days=90))
    world.pay(agreement, 0)
    world.pay(agreement, 1)
    end = agreement.complete(sender=world.stranger).timestamp + 90 * DAY
    world.assure(agreement, law.GuaranteeKind.RETENTION, 2_000, end - 1)
    with refused(agreement.TooEarly, present=end - 1, earliest=end):
        agreement.releaseRetention(sender=world.stranger)
    world.assure(agreement, law.GuaranteeKind.RETENTION, 2_000, end)
    agreement.releaseRetention(sender=world.stranger)


def test_releases_the_rest(world, law, emitted, told, retained, ledger):
    world.assure(retained, law.GuaranteeKind.RETENTION, 2_000)
    receipt = retained.releaseRetention(sender=world.stranger)
    rest = law.Payment(gross=2_000, net=2_000)
    emitted(receipt, told(retained).sent(rest, law.Basis.RETENTION_RELEASE))
    assert world.money(retained).retained == 0
    ledger(retained)
