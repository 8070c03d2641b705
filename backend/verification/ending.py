"""Signature, money, stops and the end of an agreement: the other acts of the contracts."""

from __future__ import annotations

from typing import Any

from backend.verification.arithmetic import DAY
from backend.verification.rows import AWAITED, BASES, DONE, GROUNDS, Row, document, moment
from backend.verification.spool import NO_MILESTONE, Fact
from backend.verification.work import Work

_RELEASE = BASES.index("retention-release")
_LATEST_COUNTED = ("proposals", "amendments", "guarantees", "stops", "notices")


class Ending(Work):
    """What concerns the agreement as a whole."""

    # --- signature and money ---

    def agreement_signed(self, fact: Fact) -> None:
        """The supplier signed."""
        self.expected(fact)
        self.require(fact, by=self.supplier)
        self.signed = True
        self.moments["supplier_signed_at"] = fact.timestamp
        self._activate_if_ready()

    def agreement_funded(self, fact: Fact) -> None:
        """The whole value at first, later what an amendment adds."""
        self.expected(fact)
        total = self.total
        total.funded += fact.values["amount"]
        self.require(fact, by=self.parties["treasury"], funded=total.funded)
        if self.status == "signed":
            self.require(fact, amount=total.value)
            self.is_funded = True
            self._activate_if_ready()

    def agreement_activated(self, fact: Fact) -> None:
        """Work can be submitted."""
        if self.expected(fact) is None:
            self.differ(fact, "event", None, fact.values)
        self.status = "active"
        self.moments["activated_at"] = fact.timestamp

    def _activate_if_ready(self) -> None:
        if self.signed and self.is_funded:
            self.expect("AgreementActivated")

    def guarantee_recorded(self, fact: Fact) -> None:
        """A guarantee, in place of the earlier one of its kind."""
        self.expected(fact)
        self._count("guarantees")
        values = fact.values
        self.guarantees[values["kind"]] = (values["amount"], values["expiresAt"])

    # --- stops ---

    def hold_placed(self, fact: Fact) -> None:
        """An auditor's hold, or the longer end of the one in force."""
        self.expected(fact)
        until = fact.values["until"]
        if self.is_held(fact.timestamp):
            self.pauses.end_latest(until)
        else:
            self._count("stops")
            self.pauses.begin(fact.timestamp, until)
        self.held_until = until

    def hold_lifted(self, fact: Fact) -> None:
        """The hold ends now."""
        self.expected(fact)
        self.held_until = fact.timestamp
        self.pauses.end_latest(fact.timestamp)

    def suspended(self, fact: Fact) -> None:
        """The clocks stop."""
        self.expected(fact)
        self._count("stops")
        self.pauses.begin(fact.timestamp, fact.values["until"])

    def resumed(self, fact: Fact) -> None:
        """The suspension ends now."""
        self.expected(fact)
        self.pauses.end_latest(fact.timestamp)

    # --- the end ---

    def agreement_completed(self, fact: Fact) -> None:
        """`AgreementEnding.complete`: half of what is retained must be released."""
        self.expected(fact)
        self.status = "completed"
        end = fact.timestamp + self.conditions["defectsDays"] * DAY
        self.require(fact, defectsEndAt=end)
        self.moments |= {"completed_at": fact.timestamp, "defects_end_at": moment(end)}
        if self.total.accepted != self.total.scheduled:
            self.differ(fact, "accepted", self.total.scheduled, self.total.accepted)
        self._expect_release(self.total.retained // 2)

    def default_noticed(self, fact: Fact) -> None:
        """The supplier is to mend something."""
        self.expected(fact)
        self._count("notices")
        self.require(fact, curableUntil=fact.timestamp + self.conditions["cureDays"] * DAY)

    def default_cured(self, fact: Fact) -> None:
        """The notice is withdrawn."""
        self.expected(fact)

    def agreement_terminated(self, fact: Fact) -> None:
        """Nothing more can be submitted."""
        self.expected(fact)
        self.status = "terminated"
        self.moments |= {
            "terminated_at": fact.timestamp,
            "termination_ground": GROUNDS[fact.values["ground"]],
            "termination_reason": fact.values["reason"],
            "termination_document": document(fact.values["document"]),
        }

    def agreement_closed(self, fact: Fact) -> None:
        """`AgreementEnding._settle`: every figure of the final account."""
        self.expected(fact)
        account = self._settle()
        for name, value in account.items():
            if fact.values["account"][name] != value:
                self.differ(fact, f"account.{name}", value, fact.values["account"][name])
        self.status = "closed"
        self.moments["closed_at"] = fact.timestamp
        self.final_account = account
        total = self.total
        total.scheduled -= account["cancelled"]
        total.cancelled += account["cancelled"]
        total.refunded = account["refunded"]
        total.released += account["released"]
        total.advance_outstanding = total.retained = 0
        total.damages = total.damages_carried = 0
        for item in self.milestones:
            if item.status in {*DONE, "cancelled"}:
                continue
            item.cancelled += item.rest
            if item.accepted:
                item.amount = item.accepted
            item.give_up(fact.timestamp)
        self._expect_release(account["retentionReleased"])

    def _settle(self) -> Row:
        total = self.total
        forfeited = self.moments.get("termination_ground") == "default"
        for_damages = min(total.retained, total.damages_carried)
        for_advance = min(total.retained - for_damages, total.advance_outstanding)
        kept = total.retained if forfeited else for_damages + for_advance
        spent = total.accepted + total.advance_outstanding
        return {
            "accepted": total.accepted,
            "cancelled": total.scheduled - total.accepted,
            "retentionReleased": total.retained - kept,
            "retentionKept": kept,
            "damages": total.damages,
            "advanceUnrecovered": total.advance_outstanding - for_advance,
            "damagesUnrecovered": total.damages_carried - for_damages,
            "refunded": total.funded - spent + total.damages + kept,
            "released": total.value - total.accepted,
            "interestOwed": total.interest_owed,
        }

    def _expect_release(self, amount: int) -> None:
        if amount:
            self.expect("PaymentMade", milestone=NO_MILESTONE, basis=_RELEASE, gross=amount)

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    # --- what it all comes to ---

    def columns(self) -> dict[str, Any]:
        """The columns of `agreements` that change with the events, besides the money."""
        latest = self.pauses.spans[-1] if self.pauses.spans else (0, 0)
        statuses = [item.status for item in self.milestones]
        return {
            "status": self.status,
            "ends_at": moment(self.ends_at),
            "stopped_from": latest[0],
            "stopped_until": latest[1],
            "milestones": len(statuses),
            "milestones_accepted": sum(status in DONE for status in statuses),
            "milestones_cancelled": statuses.count("cancelled"),
            "payments": sum(payment.status == "paid" for payment in self.payments),
            "changed_at": self.last.timestamp,
            "changed_block": self.last.block,
            "changed_log_index": self.last.log_index,
            "changed_transaction": self.last.transaction,
            **{name: self.counts.get(name, 0) for name in _LATEST_COUNTED},
            **self.moments,
        }

    def finish(self) -> None:
        """Nothing comes any more: what depends on all that came."""
        super().finish()
        self._require_conservation()
        for item in self.milestones:
            item.late_after = self._late_after(item.due, item.agreed_at, item.status)

    def _require_conservation(self) -> None:
        """`Money` in `contracts/types/Agreements.sol`: what is held is accounted for."""
        total = self.total
        kept = total.retained + total.damages + total.owed
        earned = total.accepted + total.advance_outstanding + total.refunded
        expected = total.owed if self.status == "closed" else total.funded - earned + kept
        if total.held != expected:
            self.differ(self.last, "what is held by the end of it", expected, total.held)

    def _late_after(self, due: int, agreed_at: int, status: str) -> int | None:
        """When it becomes late, with all stops but the latest, of which less what had passed."""
        awaited = status in AWAITED and self.status not in {"terminated", "closed"}
        if not due or not awaited:
            return None
        moved = moment(due) or 0
        for begun, until in self.pauses.spans[:-1]:
            moved += max(0, until - max(begun, agreed_at))
        for begun, until in self.pauses.spans[-1:]:
            moved -= max(0, min(agreed_at, until) - begun)
        return moved
