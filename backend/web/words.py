"""Plain words for where things stand and what comes next."""

from __future__ import annotations

from backend.queries.contracts import ContractSummary
from backend.queries.milestones import MilestoneRow
from backend.web.codes import Codes, State


class Words(Codes):
    """The words of one language."""

    # --- where things stand ---

    def days_late(self, days: int) -> str:
        """By how much something is late."""
        ngettext = self._n
        return ngettext("%(num)s day late", "%(num)s days late", days) % {"num": days}

    def contract_state(self, contract: ContractSummary) -> State:
        """Where a contract stands."""
        _ = self._
        if contract.owed.minor:
            return State("late", _("payment owed"))
        ended = self._ended(contract)
        if ended:
            return ended
        if contract.days_late:
            return State("late", self.days_late(contract.days_late))
        if contract.status == "signed":
            return State("waiting", _("waiting for signature or money"))
        if not contract.milestones:
            return State("waiting", _("no stages yet"))
        if contract.milestones_accepted == contract.milestones:
            return State("done", _("all stages accepted"))
        return State("open", _("on time") if contract.next_due_at else _("under way"))

    def _ended(self, contract: ContractSummary) -> State | None:
        _ = self._
        if contract.status == "terminated":
            return State("stopped", _("ended early, being settled"))
        if contract.status == "completed":
            return State("done", _("completed, defects period runs"))
        if contract.status != "closed":
            return None
        early = contract.milestones_cancelled > 0
        return State("stopped", _("closed early")) if early else State("done", _("completed"))

    def milestone_state(self, row: MilestoneRow) -> State:
        """Where a stage stands."""
        _ = self._
        states: dict[str, State] = {
            "scheduled": State("waiting", _("planned")),
            "submitted": State("open", _("reported as done")),
            "inspected": State("open", _("inspected")),
            "rejected": State("late", _("rejected")),
            "paid": State("done", _("paid")),
            "owed": State("late", _("accepted, payment owed")),
            "cancelled": State("stopped", _("cancelled")),
            "disputed": State("late", _("in dispute")),
            "partly-accepted": State("open", _("accepted in part")),
        }
        state = states[row.status]
        if row.days_late and row.status not in ("rejected", "disputed"):
            return State("late", f"{state.text}, {self.days_late(row.days_late)}")
        return state

    def days_off(self, days: int) -> str:
        """By how much something came before or after its date."""
        _, ngettext = self._, self._n
        if days == 0:
            return _("on the day")
        if days > 0:
            return self.days_late(days)
        return ngettext("%(num)s day early", "%(num)s days early", -days) % {"num": -days}

    def step(self, name: str, basis: str | None) -> str:
        """What happened to a stage, in a word; `basis` is what a payment rests on.

        Of silence, and that nobody ruled, only the payment tells.
        """
        _ = self._
        if name == "PaymentMade" and basis in ("silence", "default-ruling"):
            return self.basis(basis)
        if name == "PaymentMade" and basis != "acceptance":
            return _("paid")
        return {
            "MilestoneSubmitted": _("reported as done"),
            "MilestoneAttested": _("inspected"),
            "MilestoneRejected": _("rejected"),
            "MilestonePartlyAccepted": _("accepted in part"),
            "MilestoneChanged": _("changed by amendment"),
            "MilestoneCancelled": _("the rest was given up"),
            "DisputeOpened": _("taken to dispute"),
            "SettlementOffered": _("settlement offered"),
            "DisputeSettled": _("settled"),
            "DisputeRuled": _("ruled"),
            "PaymentMade": _("accepted and paid"),
            "PaymentOwed": _("accepted, payment owed"),
            "ClaimPaid": _("collected by the payee"),
        }[name]

    def next_act(self, row: MilestoneRow) -> str:
        """Who must act next on a stage, and how."""
        _ = self._
        acts = {
            "treasury": _("The treasury must set the money aside before work is accepted."),
            "supplier": _("The supplier must report the work as done."),
            "inspector": _("An inspector must look at the work and report what was seen."),
            "committee": _(
                "The committee must decide: %(approvals)s of %(quorum)s needed votes are in."
            ),
            "arbiter": _("The arbiter must rule on what is in dispute."),
            "payee": _("The payee can collect the money that is owed, unless it is suspended."),
        }
        text = acts[row.waits_for or "supplier"]
        if row.status == "rejected":
            text = _("The supplier must put right what was found and report the work again.")
        return text % {"approvals": row.approvals, "quorum": row.quorum}

    def waiting(self, actor: str) -> str:
        """A heading over what waits for somebody."""
        _ = self._
        return {
            "committee": _("Waiting for the committee"),
            "inspector": _("Waiting for an inspector"),
            "treasury": _("Waiting for the treasury"),
            "arbiter": _("Waiting for the arbiter"),
            "payee": _("Owed and not yet collected"),
            "late": _("Past their date"),
        }[actor]
