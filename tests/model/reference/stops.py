"""Holds by auditors and suspensions: the other acts of `IAgreementConflicts`."""

from __future__ import annotations

from reference.clocks import Stop
from reference.paying import Paying
from reference.people import Role
from reference.refusals import Checks, Refused, weigh
from reference.values import DAY, NO_MILESTONE, NONE, AgreementStatus

S = AgreementStatus
OPEN = (S.ACTIVE, S.COMPLETED, S.TERMINATED)


class Stops(Paying):
    """What stops payments or clocks."""

    holds: list[Stop]
    suspensions: list[Stop]

    # --- holds ---

    def held_until(self) -> int:
        """When the hold in force ends; 0 if there is none."""
        return self._end_of(self.holds)

    def hold(self, by: str, until: int, reason: bytes, document: bytes) -> None:
        """An auditor stops all payments, and the clocks."""
        weigh(self._may_hold(by, until, reason))
        if self.suspended_until():
            self._resume()
        self._stop(self.holds, until)
        self._tell_hold(by, until, reason, document)

    def _may_hold(self, by: str, until: int, reason: bytes) -> Checks:
        yield from self.in_status(*OPEN)
        yield from self._audits(by)
        yield from self.not_held()
        longest = self.conditions.hold_days * DAY
        if self.holds and not self.held_until():
            yield from self.rested(self.holds[-1].end + longest)
        yield from self._lasts(self.now, until, self.now + longest)
        yield from self.reasoned(reason)

    def extend_hold(self, by: str, until: int, reason: bytes, document: bytes) -> None:
        """An auditor lets a hold last longer, once."""
        weigh(self._may_extend(by, until, reason))
        self.holds[-1].end, self.holds[-1].extended = until, True
        self._tell_hold(by, until, reason, document)

    def _may_extend(self, by: str, until: int, reason: bytes) -> Checks:
        yield from self.in_status(*OPEN)
        yield from self._audits(by)
        end = self.held_until()
        if not end:
            yield Refused("NotStopped")
        else:
            if self.holds[-1].extended:
                yield Refused("HoldExtendedBefore")
            yield from self._lasts(end, until, end + self.conditions.hold_days * DAY)
        yield from self.reasoned(reason)

    def lift_hold(self, by: str) -> None:
        """An auditor ends a hold."""
        weigh(self._may_lift(by))
        self.holds[-1].end = self.now
        self.tell("AgreementHoldLifted", by=self.directory.who(by))

    def _may_lift(self, by: str) -> Checks:
        yield from self.in_status(*OPEN)
        yield from self._audits(by)
        if not self.held_until():
            yield Refused("NotStopped")

    def rested(self, earliest: int) -> Checks:
        """A hold must be long enough after the one before."""
        yield from self.ripe(earliest)

    def _audits(self, by: str) -> Checks:
        who = self.directory.who(by)
        if who == NONE or self.is_own(who):
            yield Refused("CallerNotAuditor", caller=by, participant=who)
        if who != NONE:
            yield from self.directory.active(who, Role.AUDITOR)

    def _tell_hold(self, by: str, until: int, reason: bytes, document: bytes) -> None:
        self.tell(
            "AgreementHoldPlaced",
            by=self.directory.who(by),
            until=until,
            reason=reason,
            document=document,
        )

    def _lasts(self, after: int, until: int, latest: int) -> Checks:
        """A stop must end after one moment and not after another."""
        if until <= after:
            yield Refused("TooEarly", present=until, earliest=after)
        if until > latest:
            yield Refused("TooLate", present=until, latest=latest)

    def _stop(self, stops: list[Stop], until: int) -> None:
        stop = Stop(self.now, until)
        stops.append(stop)
        self.pauses.stops.append(stop)

    def _end_of(self, stops: list[Stop]) -> int:
        return stops[-1].end if stops and stops[-1].holds(self.now) else 0

    # --- suspensions ---

    def suspended_until(self) -> int:
        """When the suspension in force ends; 0 if there is none."""
        return self._end_of(self.suspensions)

    def suspend(self, by: str, until: int, reason: bytes, document: bytes) -> None:
        """The committee stops the clocks."""
        decision = ("suspend", until, reason, document)
        weigh(self._may_suspend(by, decision, until, reason))
        if self.decide(by, decision):
            self._stop(self.suspensions, until)
            self.tell("AgreementSuspended", until=until, reason=reason, document=document)

    def _may_suspend(
        self, by: str, decision: tuple[object, ...], until: int, reason: bytes
    ) -> Checks:
        yield from self.in_status(*OPEN)
        yield from self.not_held()
        yield from self.on_committee(by)
        if self.suspended_until():
            yield Refused("AlreadySuspended", until=self.suspended_until())
        past = sum(stop.end - stop.start for stop in self.suspensions)
        left = self.conditions.suspension_days * DAY - past
        yield from self._lasts(self.now, until, self.now + left)
        yield from self.reasoned(reason)
        yield from self.new_vote(by, decision, NO_MILESTONE)

    def resume(self, by: str) -> None:
        """The committee ends a suspension."""
        decision = ("resume", len(self.suspensions))
        weigh(self._may_resume(by, decision))
        if self.decide(by, decision):
            self._resume()

    def _resume(self) -> None:
        self.suspensions[-1].end = self.now
        self.tell("AgreementResumed")

    def _may_resume(self, by: str, decision: tuple[object, ...]) -> Checks:
        yield from self.on_committee(by)
        if not self.suspended_until():
            yield Refused("NotStopped")
        yield from self.new_vote(by, decision, NO_MILESTONE)
