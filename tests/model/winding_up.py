"""Every path ends with a zero balance: brings an agreement to its end, whatever happened to it."""

from __future__ import annotations

from collections.abc import Callable

from player import Player
from reference.ledger import ESCROW
from reference.state import SENT_BACK, UNDER_DECISION
from reference.values import AgreementStatus, MilestoneStatus, Standing
from world import STRANGER

MOST_STEPS = 100


def wind_up(player: Player) -> None:
    """Wait, and let anyone do what time makes due, until nothing is left."""
    _reinstate(player)
    for _ in range(MOST_STEPS):
        if player.closed:
            break
        _wait(player, player.model.held_until, after=0)
        _step(player)
    assert player.closed, f"still {player.model.status.name}"
    for milestone, payee in list(player.model.ledger.claims):
        assert player.play("claim", STRANGER, milestone=milestone, payee=payee)
    assert player.model.ledger.balances[ESCROW] == 0
    line = player.world.ask("Budget", player.world.budget, "get", player.world.line)
    assert line["committed"] == player.model.ledger.accepted


def _wait(player: Player, end: Callable[[], int], after: int = 1) -> None:
    """Wait until a moment has passed; stops that are in force may move it further."""
    while player.now < end() + after:
        player.model.now = player.now = end() + after


def _reinstate(player: Player) -> None:
    for person in player.model.directory.people.values():
        if person.standing != Standing.ACTIVE:
            player.stand(person.id, Standing.ACTIVE)


def _step(player: Player) -> None:
    model = player.model
    if model.status in (AgreementStatus.SIGNED, AgreementStatus.ACTIVE):
        _wait(player, model.lapses_at)
        assert player.play("lapse", STRANGER)
    elif model.status == AgreementStatus.COMPLETED:
        _wait(player, model.closable_at)
        assert player.play("close", STRANGER)
    else:
        pending = next(model.pending(), None)
        if pending is None:
            assert player.play("close", STRANGER)
        else:
            _decide(player, pending)


def _decide(player: Player, index: int) -> None:
    model = player.model
    item = model.milestones[index]
    if item.status == MilestoneStatus.DISPUTED:
        _wait(player, lambda: model.ruling_ends(index))
        assert player.play("rule_by_default", STRANGER, milestone=index)
    elif item.status in SENT_BACK:
        _wait(player, lambda: model.dispute_ends(item))
    elif item.status in UNDER_DECISION and not model.silence_accepts(item):
        _wait(player, lambda: model.decidable_until(item))
    else:
        _wait(player, lambda: model.review_ends(item))
        arguments = {"milestone": index, "attempt": item.attempt}
        assert player.play("accept_by_silence", STRANGER, **arguments)
