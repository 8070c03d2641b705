"""Branches: extend_hold.tree."""

import pytest

from ...vocabulary import DAY, MONDAY, NONE, AgreementStatus, Role, bits, digest

WHY = (digest("measuring"), digest("order"))
UNTIL = MONDAY + 10 * DAY


@pytest.fixture
def held(world, chain, active):
    """Held from a Monday for ten days."""
    chain.pending_timestamp = MONDAY
    active.hold(UNTIL, digest("audit"), NONE, sender=world.account["auditor"])
    return active


def extend(world, agreement, until, by="auditor", why=WHY):
    return agreement.extendHold(until, *why, sender=world.account[by])


@pytest.mark.parametrize("state", ["signed", "closed"])
def test_reverts_when_nothing_goes_on(world, refused, request, state):
    agreement, status = request.getfixturevalue(state), AgreementStatus
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=status[state.upper()],
        expected=bits(status.ACTIVE, status.COMPLETED, status.TERMINATED),
    ):
        extend(world, agreement, UNTIL)


def test_reverts_when_the_reason_is_missing(world, refused, held):
    with refused(held.ReasonMissing):
        extend(world, held, UNTIL + DAY, why=(NONE, NONE))


def test_reverts_when_caller_is_no_auditor(world, law, refused, held):
    with refused(
        held.CallerNotAuditor,
        caller=world.account["first"].address,
        participant=world.id["first"],
    ):
        extend(world, held, UNTIL + DAY, "first")
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["arbiter"],
        roles=Role.ARBITER,
        required=Role.AUDITOR,
    ):
        extend(world, held, UNTIL + DAY, "arbiter")
    world.stand("auditor", law.Standing.SUSPENDED)
    with refused(
        world.registry.ParticipantNotActive,
        participant=world.id["auditor"],
        standing=law.Standing.SUSPENDED,
    ):
        extend(world, held, UNTIL + DAY)


def test_reverts_when_nothing_is_held(world, refused, chain, active, request):
    chain.pending_timestamp = MONDAY
    with refused(active.NotStopped):
        extend(world, active, UNTIL)
    held = request.getfixturevalue("held")
    with chain.isolate():
        chain.pending_timestamp = UNTIL
        with refused(held.NotStopped):
            extend(world, held, UNTIL + DAY)
    chain.pending_timestamp = UNTIL - 1
    extend(world, held, UNTIL + DAY)
    assert held.pausedBetween(0, 2**64 - 1) == 11 * DAY


def test_reverts_when_extended_before(world, refused, held):
    extend(world, held, UNTIL + DAY)
    with refused(held.HoldExtendedBefore):
        extend(world, held, UNTIL + 2 * DAY)


def test_reverts_when_it_would_last_too_long_or_no_longer(world, refused, held):
    """30 days more at most."""
    latest = UNTIL + 30 * DAY
    for moment in (latest + 1, 2**64 - 1):
        with refused(held.TooLate, present=moment, latest=latest):
            extend(world, held, moment)
    for moment in (0, UNTIL - 1, UNTIL):
        with refused(held.TooEarly, present=moment, earliest=UNTIL):
            extend(world, held, moment)


def test_extends_it(world, emitted, refused, chain, owed, request):
    """Payments are held until then, and the next hold waits from then on."""
    held = request.getfixturevalue("held")
    later = UNTIL + 30 * DAY
    event = held.AgreementHoldPlaced(
        by=world.id["auditor"], until=later, reason=WHY[0], document=WHY[1]
    )
    emitted(extend(world, held, later), [event])
    assert held.pausedBetween(0, 2**64 - 1) == 40 * DAY
    chain.pending_timestamp = later - 1
    with refused(held.AgreementHeld, until=later):
        held.complete(sender=world.stranger)
    chain.pending_timestamp = later
    with refused(held.TooEarly, present=later, earliest=later + 30 * DAY):
        held.hold(later + DAY, *WHY, sender=world.account["auditor"])
