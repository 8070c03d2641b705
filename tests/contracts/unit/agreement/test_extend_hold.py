"""Branches: extend_hold.tree."""

import ape
import pytest

DAY = 86_400


@pytest.fixture
def held(world, law, active):
    """Held for ten days, and until when."""
    until = ape.chain.pending_timestamp + 10 * DAY
    active.hold(until, law.digest("audit"), law.NONE, sender=world.account["auditor"])
    return active, until


def extend(world, law, agreement, until):
    """The auditor extends the hold."""
    why = (law.digest("measuring"), law.NONE)
    return agreement.extendHold(until, *why, sender=world.account["auditor"])


def test_reverts_when_nothing_is_held(world, law, refused, held):
    agreement, until = held
    ape.chain.pending_timestamp = until
    with refused(agreement.NotStopped):
        extend(world, law, agreement, until + DAY)


def test_reverts_when_extended_before(world, law, refused, held):
    agreement, until = held
    extend(world, law, agreement, until + DAY)
    with refused(agreement.HoldExtendedBefore):
        extend(world, law, agreement, until + 2 * DAY)


def test_reverts_when_it_would_last_too_long(world, law, refused, held):
    agreement, until = held
    latest = until + 30 * DAY
    with refused(agreement.TooLate, present=latest + 1, latest=latest):
        extend(world, law, agreement, latest + 1)
    with refused(agreement.TooEarly, present=until, earliest=until):
        extend(world, law, agreement, until)


def test_extends_it(world, law, emitted, held):
    agreement, until = held
    later = until + 30 * DAY
    emitted(
        extend(world, law, agreement, later),
        [
            agreement.AgreementHoldPlaced(
                by=world.id["auditor"],
                until=later,
                reason=law.digest("measuring"),
                document=law.NONE,
            )
        ],
    )
    assert agreement.pausedBetween(until, later) == 30 * DAY
