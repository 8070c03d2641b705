"""How a history begins, how time passes in it, and how it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from choosing import Choice
from drawing import begin, drafts
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from player import Player
from reference.values import DAY, AgreementStatus, MilestoneStatus, Standing
from winding_up import wind_up
from world import START, World

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def when(*statuses: AgreementStatus) -> Decorator:
    """Choose a rule where it makes sense, or in one of the reckless histories."""
    return precondition(lambda self: self.reckless or self.player.model.status in statuses)


def having(*statuses: MilestoneStatus) -> Decorator:
    """Choose a rule where a milestone has one of these, or in a reckless history."""
    return precondition(
        lambda self: (
            self.reckless or any(item.status in statuses for item in self.player.model.milestones)
        )
    )


class Machine(RuleBasedStateMachine):
    """`world` is set by the test; each history starts from its snapshot."""

    world: ClassVar[World]
    acts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.snapshot = self.world.chain.snapshot()
        self.player: Any = None
        self.reckless = False

    def teardown(self) -> None:
        """Bring the agreement to its end, and go back to the beginning."""
        try:
            if self.player is not None and self.player.agreed:
                wind_up(self.player)
            if self.player is not None:
                self.acts.update(self.player.acts)
        finally:
            self.world.chain.revert(self.snapshot)

    @initialize(data=st.data(), starts=st.integers(0, 5), reckless=st.integers(0, 9))
    def deploy(self, data: st.DataObject, starts: int, reckless: int) -> None:
        """An agreement; in most histories signed and funded at once."""
        draft = data.draw(drafts(self.world))
        model, address = begin(self.world, draft, START)
        self.player = Player(self.world, model, address, START)
        self.reckless = reckless == 9
        self.player.compare("deployment")
        if starts < 5:
            self.play("sign", self.world.account["supplier"])
            if model.ledger.value:
                self.play("fund", self.world.account["treasury"], value=model.ledger.value)

    def play(self, name: str, by: str, **arguments: Any) -> bool:
        """One act on both."""
        done: bool = self.player.play(name, by, **arguments)
        note(f"{self.player.now} {name} {arguments} by {by}: {'done' if done else 'refused'}")
        return done

    def choice(self, data: st.DataObject) -> Choice:
        """Draws for this step."""
        return Choice(data, self.player)

    # --- time and the registrar ---

    @rule(data=st.data(), seconds=st.one_of(st.integers(0, 40 * DAY), st.just(1)))
    def wait(self, data: st.DataObject, seconds: int) -> None:
        """Time passes: often to a moment that matters, or to the second before or after."""
        choice = self.choice(data)
        moments = choice.moments()
        if moments and choice.number(0, 3):
            seconds = choice.of(*moments) + choice.of(0, -1, 1) - self.player.now
        self.player.pass_time(max(seconds, 0))

    @rule(data=st.data())
    def change_standing(self, data: st.DataObject) -> None:
        """The registrar suspends, debars or reinstates somebody."""
        choice = self.choice(data)
        name = choice.of("supplier", "builder", "steelworks", "state", "second", "surveyor")
        person = self.player.model.directory.people[self.world.id[name]]
        worse = [s for s in (Standing.SUSPENDED, Standing.DEBARRED) if s != person.standing]
        well = person.standing == Standing.ACTIVE
        standing = choice.of(*worse) if well else choice.mostly(Standing.ACTIVE, *worse)
        self.player.stand(person.id, standing)
