"""Completion, termination and the final account: the acts of `IAgreementEnding`."""

from __future__ import annotations

from collections.abc import Iterator

from reference.ledger import ESCROW
from reference.paying import Paying
from reference.refusals import Checks, Refused, weigh
from reference.state import SENT_BACK, UNDER_DECISION, Milestone
from reference.values import (
    DAY,
    NO_MILESTONE,
    NONE,
    AgreementStatus,
    Ground,
    GuaranteeKind,
    MilestoneStatus,
)

S, M = AgreementStatus, MilestoneStatus


class Ending(Paying):
    """The acts after which nothing more is submitted."""

    def silence_accepts(self, item: Milestone) -> bool:
        """Whether silence can accept a submission as it stands."""
        raise NotImplementedError

    # --- completion ---

    def complete(self, by: str) -> None:
        """Anyone records that all work is accepted; half of the retention is released."""
        weigh(self._may_complete())
        self.status, self.completed_at = S.COMPLETED, self.now
        self.tell("AgreementCompleted", defects_end_at=self.defects_end())
        if half := self.ledger.retained // 2:
            self.release(half)
        if not self.conditions.defects_days and not self.noticed_at:
            self._draw_final_account()

    def _may_complete(self) -> Checks:
        ledger = self.ledger
        yield from self.in_status(S.ACTIVE)
        yield from self.not_held()
        if ledger.accepted != ledger.scheduled or not self.milestones:
            yield Refused("WorkNotDone", scheduled=ledger.scheduled, accepted=ledger.accepted)
        for index, item in enumerate(self.milestones):
            if not item.done:
                yield Refused("MilestonePending", milestone=index)

    def release_retention(self, by: str) -> None:
        """Anyone has the rest of the retention released against a guarantee for it."""
        weigh(self._may_release())
        self.release(self.ledger.retained)

    def _may_release(self) -> Checks:
        retained = self.ledger.retained
        yield from self.in_status(S.COMPLETED)
        yield from self.not_held()
        if retained == 0:
            yield Refused("NothingRetained")
        if self.noticed_at:
            yield Refused("NoticeInvalid", noticed_at=self.noticed_at)
        found, end = self.guarantees[GuaranteeKind.RETENTION], self.defects_end()
        yield from self.covers(GuaranteeKind.RETENTION, retained)
        if found.expires_at <= end:
            yield Refused("TooEarly", present=found.expires_at, earliest=end)

    # --- default ---

    def notice_default(self, by: str, reason: bytes, document: bytes) -> None:
        """The committee gives notice."""
        decision = ("noticeDefault", reason, document)
        weigh(self._may_notice(by, decision, reason))
        if self.decide(by, decision):
            self.noticed_at = self.now
            self.tell(
                "DefaultNoticed",
                curable_until=self.curable_until(),
                reason=reason,
                document=document,
            )

    def _may_notice(self, by: str, decision: tuple[object, ...], reason: bytes) -> Checks:
        yield from self.in_status(S.ACTIVE, S.COMPLETED)
        yield from self.on_committee(by)
        if self.noticed_at:
            yield Refused("NoticeInvalid", noticed_at=self.noticed_at)
        if self.status == S.COMPLETED:
            yield from self.timely(self.defects_end())
        yield from self.reasoned(reason)
        yield from self.new_vote(by, decision, NO_MILESTONE)

    def withdraw_notice(self, by: str, reason: bytes, document: bytes) -> None:
        """The committee takes a notice back."""
        decision = ("withdrawNotice", self.noticed_at, reason, document)
        weigh(self._may_withdraw(by, decision, reason))
        if self.decide(by, decision):
            self.noticed_at = 0
            self.tell("DefaultCured", reason=reason, document=document)

    def _may_withdraw(self, by: str, decision: tuple[object, ...], reason: bytes) -> Checks:
        yield from self.in_status(S.ACTIVE, S.COMPLETED)
        yield from self.on_committee(by)
        if not self.noticed_at:
            yield Refused("NoticeInvalid", noticed_at=0)
        yield from self.reasoned(reason)
        yield from self.new_vote(by, decision, NO_MILESTONE)

    def terminate_for_default(self, by: str, reason: bytes, document: bytes) -> None:
        """The committee ends it for what was not mended in time."""
        decision = ("terminateForDefault", self.noticed_at, reason, document)
        weigh(self._may_end_for_default(by, decision, reason))
        if self.decide(by, decision):
            self._end(Ground.DEFAULT, reason, document)

    def _may_end_for_default(self, by: str, decision: tuple[object, ...], reason: bytes) -> Checks:
        yield from self.in_status(S.ACTIVE, S.COMPLETED)
        yield from self.on_committee(by)
        if not self.noticed_at:
            yield Refused("NoticeInvalid", noticed_at=0)
        else:
            yield from self.ripe(self.curable_until())
        yield from self.reasoned(reason)
        yield from self.new_vote(by, decision, NO_MILESTONE)

    def curable_until(self) -> int:
        """When a noticed default counts as not mended."""
        return self.end_of(self.noticed_at, self.conditions.cure_days * DAY)

    # --- other endings ---

    def terminate(self, by: str, reason: bytes, document: bytes) -> None:
        """The committee ends it for the buyer's convenience."""
        decision = ("terminate", reason, document)
        weigh(self._may_terminate(by, decision, reason))
        if self.decide(by, decision):
            self._end(Ground.CONVENIENCE, reason, document)

    def _may_terminate(self, by: str, decision: tuple[object, ...], reason: bytes) -> Checks:
        yield from self.in_status(S.SIGNED, S.ACTIVE)
        yield from self.on_committee(by)
        yield from self.reasoned(reason)
        yield from self.new_vote(by, decision, NO_MILESTONE)

    def terminate_by_agreement(self, by: str, reason: bytes, document: bytes) -> None:
        """Both sides, the committee by quorum, end it for the same reason."""
        decision = ("terminateByAgreement", reason, document)
        weigh(self._may_agree(by, decision, reason))
        votes = self.votes[decision]
        votes.add(self.directory.who(by))
        self.tell_vote(by, decision)
        members = votes & set(self.parties.committee)
        if self.parties.supplier in votes and len(members) >= self.parties.quorum:
            self._end(Ground.BY_AGREEMENT, reason, document)

    def _may_agree(self, by: str, decision: tuple[object, ...], reason: bytes) -> Checks:
        yield from self.in_status(S.ACTIVE)
        yield from self.not_held()
        if self.directory.who(by) != self.parties.supplier:
            yield from self.on_committee(by)
        yield from self.reasoned(reason)
        yield from self.new_vote(by, decision, NO_MILESTONE)

    def lapse(self, by: str) -> None:
        """Anyone ends what nobody ended."""
        weigh(self._may_lapse())
        self._end(Ground.LAPSE, None, NONE)

    def _may_lapse(self) -> Checks:
        yield from self.in_status(S.SIGNED, S.ACTIVE)
        yield from self.ripe(self.lapses_at())

    def lapses_at(self) -> int:
        """When the agreement lapses; no pause moves it."""
        return max(self.ends_at, self.deployed_at) + self.conditions.lapse_days * DAY

    def _end(self, ground: Ground, reason: bytes | None, document: bytes) -> None:
        self.status, self.ground = S.TERMINATED, ground
        told = {} if reason is None else {"reason": reason}
        self.tell("AgreementTerminated", ground=ground, document=document, **told)
        nothing_pending = next(self.pending(), None) is None
        if nothing_pending and not self.held_until():
            self._draw_final_account()

    # --- the final account ---

    def close(self, by: str) -> None:
        """Anyone draws the final account."""
        weigh(self._may_close())
        self._draw_final_account()

    def _may_close(self) -> Checks:
        yield from self.in_status(S.COMPLETED, S.TERMINATED)
        yield from self.not_held()
        if self.status == S.COMPLETED:
            yield from self.ripe(self.closable_at())
        if self.status == S.TERMINATED:
            for index in self.pending():
                yield Refused("MilestonePending", milestone=index)

    def closable_at(self) -> int:
        """The end of the defects period, or later if a notice is still to be acted on."""
        if not self.noticed_at:
            return self.defects_end()
        double = 2 * self.conditions.cure_days * DAY
        return max(self.defects_end(), self.end_of(self.noticed_at, double))

    def pending(self) -> Iterator[int]:
        """Milestones on which something can still be decided."""
        return (i for i, item in enumerate(self.milestones) if self._is_pending(item))

    def _is_pending(self, item: Milestone) -> bool:
        if self.ground == Ground.BY_AGREEMENT:
            return False
        if item.status == M.DISPUTED:
            return True
        if item.status in SENT_BACK:
            return self.now <= self.dispute_ends(item)
        if item.status not in UNDER_DECISION:
            return False
        return self.silence_accepts(item) or self.now <= self.decidable_until(item)

    def decidable_until(self, item: Milestone) -> int:
        """The last moment in which a submission that silence cannot accept keeps all waiting."""
        days = item.review_span + self.conditions.dispute_days
        return self.end_of(item.submitted_at, days * DAY)

    def _draw_final_account(self) -> None:
        ledger = self.ledger
        cancelled, withheld = ledger.scheduled - ledger.accepted, ledger.damages
        kept = self._keep()
        released = ledger.retained - sum(kept)
        self.status = S.CLOSED
        if released:
            self.release(released)
        for item in self.milestones:
            if not item.done:
                self.settle_rest(item)
        self._refund()
        self.committed = ledger.accepted
        self.tell(
            "AgreementClosed",
            account={
                "accepted": ledger.accepted,
                "cancelled": cancelled,
                "retention_released": released,
                "retention_kept": sum(kept),
                "damages": withheld,
                "advance_unrecovered": ledger.outstanding,
                "damages_unrecovered": ledger.carried,
                "refunded": ledger.refunded,
                "released": ledger.value - ledger.accepted,
                "interest_owed": ledger.interest,
            },
        )
        ledger.outstanding = ledger.carried = 0

    def _keep(self) -> tuple[int, int, int]:
        """What of the retention stays with the buyer: for damages, the advance, and default."""
        ledger, left = self.ledger, self.ledger.retained
        damages = min(left, ledger.carried)
        advance = min(left - damages, ledger.outstanding)
        left -= damages + advance
        ledger.carried -= damages
        ledger.outstanding -= advance
        return damages, advance, left if self.ground == Ground.DEFAULT else 0

    def _refund(self) -> None:
        """What is kept, what was withheld for delay, and what was not spent go back."""
        ledger = self.ledger
        ledger.retained = ledger.damages = 0
        ledger.refund(ledger.balances[ESCROW] - ledger.owed, self.account(self.parties.treasury))
