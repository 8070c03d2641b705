"""Branches: rule.tree."""

import pytest

from ...vocabulary import (
    DAY,
    MONDAY,
    NONE,
    ONGOING,
    Basis,
    Milestone,
    MilestoneStatus,
    Money,
    Payment,
    Role,
    bits,
    digest,
)

WHY = (digest("measured"), digest("ruling"))


def rule(world, agreement, amount=20_000, milestone=0, by="arbiter", why=WHY):
    return agreement.rule(milestone, amount, *why, sender=world.account[by])


@pytest.fixture
def contested(world, chain):
    """In dispute since a Monday; the arbiter has 30 days."""
    agreement = world.begin(inspectors=(), arbiter=world.id["arbiter"])
    chain.pending_timestamp = MONDAY - DAY
    world.submit(agreement)
    world.turn_down(agreement)
    chain.pending_timestamp = MONDAY
    world.dispute(agreement)
    return agreement


END = MONDAY + 30 * DAY


@pytest.mark.parametrize("state", ["signed", "completed", "closed"])
def test_reverts_when_nothing_is_decided_on(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=ONGOING,
    ):
        rule(world, agreement)


def test_reverts_when_payments_are_held(world, refused, chain, kept, contested):
    chain.pending_timestamp = MONDAY + DAY
    until = MONDAY + 2 * DAY
    contested.hold(until, *WHY, sender=world.account["auditor"])
    chain.pending_timestamp = until - 1
    with kept(contested), refused(contested.AgreementHeld, until=until):
        rule(world, contested)
    chain.pending_timestamp = until
    rule(world, contested)


@pytest.mark.parametrize(("milestone", "current"), [(0, 5), (1, 1), (3, 3), (4, 4), (5, 9), (7, 7)])
def test_reverts_when_the_milestone_is_not_in_dispute(world, refused, varied, milestone, current):
    with refused(
        varied.MilestoneUnexpectedStatus,
        milestone=milestone,
        current=current,
        expected=bits(MilestoneStatus.DISPUTED),
    ):
        rule(world, varied, 1, milestone)


def test_reverts_when_no_arbiter_was_named(world, refused):
    agreement = world.begin(inspectors=())
    world.submit(agreement)
    world.turn_down(agreement)
    world.dispute(agreement)
    for caller, participant in (
        (world.account["arbiter"], world.id["arbiter"]),
        (world.stranger, NONE),
    ):
        with refused(
            agreement.CallerNotArbiter,
            caller=caller.address,
            participant=participant,
            arbiter=NONE,
        ):
            agreement.rule(0, 1, *WHY, sender=caller)


def test_reverts_when_caller_is_not_the_arbiter(world, refused, kept, contested):
    with kept(contested):
        for name in ("first", "supplier", "auditor"):
            caller = world.account[name]
            with refused(
                contested.CallerNotArbiter,
                caller=caller.address,
                participant=world.id[name],
                arbiter=world.id["arbiter"],
            ):
                rule(world, contested, by=name)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_arbiter_is_not_active(world, refused, contested, standing):
    world.stand("arbiter", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["arbiter"], standing=standing
    ):
        rule(world, contested)


def test_reverts_when_the_arbiter_lost_its_role(world, refused, contested):
    world.registry.setRoles(world.id["arbiter"], Role.AUDITOR, sender=world.registrar)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["arbiter"],
        roles=Role.AUDITOR,
        required=Role.ARBITER,
    ):
        rule(world, contested)


def test_reverts_after_the_ruling_period(world, refused, chain, contested):
    with chain.isolate():
        chain.pending_timestamp = END + 1
        with refused(contested.TooLate, present=END + 1, latest=END):
            rule(world, contested)
    chain.pending_timestamp = END
    rule(world, contested)
    assert world.milestones(contested)[0].status == MilestoneStatus.PAID


def test_reverts_when_the_amount_exceeds_what_is_in_dispute(world, refused, kept, contested):
    with kept(contested):
        for amount in (50_001, 2**96 + 1, 2**128 - 1):
            with refused(contested.AmountOutOfRange, given=amount, smallest=0, largest=50_000):
                rule(world, contested, amount)


def test_reverts_when_the_reason_is_missing(world, refused, contested):
    with refused(contested.ReasonMissing):
        rule(world, contested, why=(NONE, digest("ruling")))


@pytest.mark.parametrize("amount", [0, 1, 49_999, 50_000])
def test_pays_what_is_ruled_and_gives_up_the_rest(world, emitted, told, ledger, contested, amount):
    receipt = rule(world, contested, amount)
    rest = 50_000 - amount
    expected = [
        contested.DisputeRuled(
            milestone=0,
            by=world.id["arbiter"],
            amount=amount,
            rest=rest,
            reason=WHY[0],
            document=WHY[1],
        )
    ]
    if rest:
        expected.append(contested.MilestoneCancelled(milestone=0, amount=rest))
    if amount:
        payment = Payment(amount, net=amount)
        expected += told(contested).sent(payment, Basis.RULING, 0, attempt=1)
    emitted(receipt, expected)
    status = MilestoneStatus.PAID if amount else MilestoneStatus.CANCELLED
    assert world.milestones(contested)[0] == Milestone(
        amount or 50_000, 1_780_000_000, status, accepted=amount
    )
    assert world.money(contested) == Money(
        100_000, 80_000 - rest, 100_000, accepted=amount, paid=amount
    )
    ledger(contested)


@pytest.mark.parametrize("amount", [0, 1_000, 6_005])
def test_leaves_what_was_accepted_of_a_part(world, varied, amount):
    """The sixth milestone: 4,000 of 10,005 are accepted, 6,005 in dispute."""
    world.dispute(varied, 5)
    scheduled = world.money(varied).scheduled
    rule(world, varied, amount, 5)
    milestone = world.milestones(varied)[5]
    assert (milestone.status, milestone.accepted) == (MilestoneStatus.PAID, 4_000 + amount)
    assert milestone.amount == 4_000 + amount
    assert world.money(varied).scheduled == scheduled - 6_005 + amount


def test_counts_no_time_for_which_the_clocks_stood_still(world, refused, chain, contested):
    chain.pending_timestamp = MONDAY + DAY
    contested.hold(MONDAY + 11 * DAY, *WHY, sender=world.account["auditor"])
    end = END + 10 * DAY
    with chain.isolate():
        chain.pending_timestamp = end + 1
        with refused(contested.TooLate, present=end + 1, latest=end):
            rule(world, contested)
    chain.pending_timestamp = end
    rule(world, contested)
    assert world.milestones(contested)[0].status == MilestoneStatus.PAID


def test_rules_after_a_termination(world, law, contested):
    world.terminate(contested)
    assert contested.status() == law.AgreementStatus.TERMINATED
    before = world.balance("supplier")
    rule(world, contested)
    assert world.balance("supplier") == before + 20_000


def test_owes_when_the_supplier_is_not_active(world, law, ledger, contested):
    world.stand("supplier", law.Standing.SUSPENDED)
    rule(world, contested)
    assert contested.owedTo(0, world.id["supplier"]) == 20_000
    assert world.milestones(contested)[0].status == MilestoneStatus.OWED
    ledger(contested)
