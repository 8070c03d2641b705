"""Branches: rule.tree."""

import ape
import pytest

DAY = 86_400


@pytest.fixture
def contested(world):
    """The first milestone in dispute, and an arbiter named."""
    agreement = world.begin(inspectors=(), arbiter=world.id["arbiter"])
    world.submit(agreement, 0)
    world.turn_down(agreement, 0)
    world.dispute(agreement, 0)
    return agreement


def test_reverts_when_no_arbiter_was_named(world, law, refused):
    agreement = world.begin(inspectors=())
    world.submit(agreement, 0)
    world.turn_down(agreement, 0)
    world.dispute(agreement, 0)
    caller = world.account["arbiter"]
    with refused(
        agreement.CallerNotArbiter,
        caller=caller.address,
        participant=world.id["arbiter"],
        arbiter=law.NONE,
    ):
        agreement.rule(0, 1, law.digest("why"), law.NONE, sender=caller)


def test_reverts_when_caller_is_not_the_arbiter(world, law, refused, contested):
    for name in ("first", "supplier", "auditor"):
        caller = world.account[name]
        with refused(
            contested.CallerNotArbiter,
            caller=caller.address,
            participant=world.id[name],
            arbiter=world.id["arbiter"],
        ):
            contested.rule(0, 1, law.digest("why"), law.NONE, sender=caller)


def test_reverts_when_the_arbiter_is_not_active(world, law, refused, contested):
    world.stand("arbiter", law.Standing.SUSPENDED)
    with refused(
        world.registry.ParticipantNotActive,
        participant=world.id["arbiter"],
        standing=law.Standing.SUSPENDED,
    ):
        contested.rule(0, 1, law.digest("why"), law.NONE, sender=world.account["arbiter"])


def test_reverts_after_the_ruling_period(world, law, refused, contested):
    end = ape.chain.blocks.head.timestamp + 30 * DAY
    ape.chain.pending_timestamp = end + 1
    with refused(contested.TooLate, present=end + 1, latest=end):
        contested.rule(0, 1, law.digest("why"), law.NONE, sender=world.account["arbiter"])


def test_reverts_when_the_amount_exceeds_what_is_in_dispute(world, law, refused, contested):
    with refused(contested.AmountOutOfRange, given=50_001, smallest=0, largest=50_000):
        contested.rule(0, 50_001, law.digest("why"), law.NONE, sender=world.account["arbiter"])


def test_reverts_when_the_reason_is_missing(world, law, refused, contested):
    with refused(contested.ReasonMissing):
        contested.rule(0, 1, law.NONE, law.NONE, sender=world.account["arbiter"])


def test_reverts_when_ruled_before(world, law, refused, contested):
    arbiter = world.account["arbiter"]
    contested.rule(0, 1, law.digest("why"), law.NONE, sender=arbiter)
    with refused(
        contested.MilestoneUnexpectedStatus,
        milestone=0,
        current=law.MilestoneStatus.PAID,
        expected=law.bits(law.MilestoneStatus.DISPUTED),
    ):
        contested.rule(0, 1, law.digest("why"), law.NONE, sender=arbiter)


@pytest.mark.parametrize("amount", [0, 1, 50_000])
def test_pays_what_is_ruled(world, law, emitted, told, ledger, contested, amount):
    why = (law.digest("measured"), law.digest("ruling"))
    receipt = contested.rule(0, amount, *why, sender=world.account["arbiter"])
    expect, rest = told(contested), 50_000 - amount
    expected = [
        contested.DisputeRuled(
            milestone=0,
            by=world.id["arbiter"],
            amount=amount,
            rest=rest,
            reason=why[0],
            document=why[1],
        )
    ]
    if rest:
        expected.append(contested.MilestoneCancelled(milestone=0, amount=rest))
    if amount:
        payment = law.Payment(gross=amount, net=amount)
        expected += expect.sent(payment, law.Basis.RULING, 0, attempt=1)
    emitted(receipt, expected)
    ledger(contested)
