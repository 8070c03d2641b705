"""What the acts of a history choose from: mostly what makes sense, sometimes what does not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from hypothesis import strategies as st
from player import Player
from reference.agreement import Agreement
from reference.state import SENT_BACK, UNDER_DECISION
from reference.values import (
    DAY,
    NO_MILESTONE,
    NONE,
    AgreementStatus,
    MilestoneStatus,
)
from world import STRANGER

T = TypeVar("T")
REASONS = (b"delay".ljust(32, b"\0"), b"quality".ljust(32, b"\0"))
DOCUMENTS = (NONE, b"\7" * 32)
EVIDENCE = b"\3" * 32
LONGEST = 400 * DAY


class Choice:
    """Draws for one step; `data` is Hypothesis's."""

    def __init__(self, data: st.DataObject, player: Player) -> None:
        self.data = data
        self.player = player
        self.model: Agreement = player.model

    def of(self, *options: T) -> T:
        """One of some options."""
        return self.data.draw(st.sampled_from(options))

    def number(self, smallest: int, largest: int) -> int:
        """A number within bounds."""
        return self.data.draw(st.integers(smallest, max(smallest, largest)))

    def seldom(self, parts: int = 12) -> bool:
        """True once in so many times, and never in the simplest history."""
        return self.number(1, parts) == parts

    def mostly(self, usual: T, *others: T) -> T:
        """The usual, seldom something else."""
        return self.of(*others) if self.seldom() else usual

    # --- who ---

    def account(self, name: str) -> str:
        """The account of this participant, seldom of another."""
        if self.seldom(15):
            return self.of(STRANGER, *self.player.world.account.values())
        return self.player.world.account[name]

    def anyone(self) -> str:
        """Any account."""
        return self.of(STRANGER, *self.player.world.account.values())

    def members(self) -> list[str]:
        """Accounts of the committee, mostly as many as a quorum, in any order."""
        parties = self.model.parties
        accounts = [self.model.account(member) for member in parties.committee]
        order = self.data.draw(st.permutations(accounts))
        some = self.number(1, len(accounts))
        votes = some if self.seldom(4) else parties.quorum
        chosen = list(order[:votes])
        if self.seldom(15):
            chosen.append(self.of(chosen[0], self.anyone()))
        return chosen

    # --- what ---

    def reason(self) -> bytes:
        """A coded reason, seldom none."""
        return self.mostly(REASONS[0], NONE, *REASONS)

    def document(self) -> bytes:
        """A document or none."""
        return self.mostly(NONE, *DOCUMENTS)

    def milestone(self, *statuses: MilestoneStatus) -> int:
        """A milestone in one of these statuses, seldom another or none of the schedule."""
        items = self.model.milestones
        fit = [i for i, item in enumerate(items) if item.status in statuses]
        if not fit or self.seldom(15):
            return self.of(*range(len(items) + 1), NO_MILESTONE)
        return self.of(*fit)

    def attempt(self, milestone: int) -> int:
        """The number of the latest submission, seldom another."""
        items = self.model.milestones
        latest = items[milestone].attempt if milestone < len(items) else 1
        return self.mostly(latest, latest + 1, max(latest - 1, 0))

    def rest(self, milestone: int) -> int:
        """What is left of a milestone."""
        items = self.model.milestones
        return items[milestone].rest if milestone < len(items) else 1

    def amount(self, largest: int) -> int:
        """An amount up to a bound, seldom one beyond, often at an edge."""
        edges = [0, 1, largest // 2, max(largest - 1, 0), largest]
        if self.seldom():
            return largest + 1
        return self.of(*edges) if self.of(True, False) else self.number(0, largest)

    # --- when ---

    def moments(self) -> list[int]:
        """When something that the rules know of happens next."""
        model, now = self.model, self.player.now
        found = [*self._of_agreement(), *self._of_milestones()]
        found += [model.held_until(), model.suspended_until()]
        found += [guarantee.expires_at for guarantee in model.guarantees.values()]
        return sorted({moment for moment in found if now < moment <= now + LONGEST})

    def _of_agreement(self) -> Iterable[int]:
        model = self.model
        if self.seldom():
            yield model.lapses_at()
        if model.status == AgreementStatus.COMPLETED:
            yield from (model.defects_end(), model.closable_at())
        if model.noticed_at:
            yield model.curable_until()
        if model.holds:
            yield model.holds[-1].end + model.conditions.hold_days * DAY

    def _of_milestones(self) -> Iterable[int]:
        model = self.model
        for index, item in enumerate(model.milestones):
            yield item.due_at
            if item.status in UNDER_DECISION:
                yield model.review_ends(item)
                yield model.decidable_until(item)
            if item.status in SENT_BACK:
                yield model.dispute_ends(item)
            if item.status == MilestoneStatus.DISPUTED:
                yield model.ruling_ends(index)
