"""One agreement: all rooms together, and what it says of itself."""

from __future__ import annotations

from typing import Any

from reference.changes import Changes
from reference.disputes import Disputes
from reference.ending import Ending
from reference.stops import Stops
from reference.values import AgreementStatus, MilestoneStatus, MilestoneTerms, MilestoneView
from reference.work import Work


class Agreement(Work, Changes, Disputes, Stops, Ending):
    """The reference model. Acts take `by`, an account, and `now`; they raise `Refused`."""

    def __init__(self, *arguments: Any, milestones: tuple[MilestoneTerms, ...], **named: Any):
        super().__init__(*arguments, **named)
        self.proposals, self.proposed = {}, 0
        self.holds, self.suspensions = [], []
        self.supply = self.ledger.balances.total()
        for terms in milestones:
            self.schedule(terms)

    def act(self, name: str, by: str, now: int, **arguments: Any) -> None:
        """Do one act, and see that the books balance afterwards."""
        self.now = now
        self.events.clear()
        getattr(self, name)(by, **arguments)
        self.ledger.check(self.supply, closed=self.status == AgreementStatus.CLOSED)

    def view(self) -> list[MilestoneView]:
        """What `milestones()` gives."""
        return [self._view(index) for index in range(len(self.milestones))]

    def _view(self, index: int) -> MilestoneView:
        item = self.milestones[index]
        current = not item.done and item.status != MilestoneStatus.SCHEDULED
        return MilestoneView(
            amount=item.amount,
            due_at=item.due_at,
            status=self.status_of(index),
            attempt=item.attempt if current else 0,
            approvals=self._bits(item.approvals) if current else 0,
            rejections=self._bits(item.rejections) if current else 0,
            accepted=item.accepted,
            submitted_at=item.submitted_at if current else 0,
            review_ends_at=self.review_view(item),
        )

    def _bits(self, members: set[bytes]) -> int:
        return sum(1 << self.parties.committee.index(member) for member in members)
