"""Plain words for what the index calls by codes."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import NullTranslations
from typing import Literal

from backend.queries.contracts import ContractSummary
from backend.queries.milestones import MilestoneRow

Mood = Literal["done", "late", "open", "waiting", "stopped"]


@dataclass(frozen=True, slots=True)
class State:
    """Where something stands, in words; `mood` chooses sign and colour."""

    mood: Mood
    text: str


class Words:
    """The words of one language."""

    def __init__(self, texts: NullTranslations) -> None:
        self._ = texts.gettext
        self._n = texts.ngettext

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
        if contract.late:
            return State("late", self.days_late(contract.days_late))
        if contract.status == "closed":
            early = contract.milestones_cancelled > 0
            return State("stopped", _("closed early")) if early else State("done", _("completed"))
        if contract.status == "signed":
            return State("waiting", _("waiting for money"))
        if not contract.milestones:
            return State("waiting", _("no stages yet"))
        if contract.milestones_accepted == contract.milestones:
            return State("done", _("all stages accepted"))
        return State("open", _("on time") if contract.next_due_at else _("under way"))

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
        }
        state = states[row.status]
        if row.days_late and row.status != "rejected":
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

    def step(self, name: str) -> str:
        """What happened to a stage, in a word."""
        _ = self._
        return {
            "MilestoneSubmitted": _("reported as done"),
            "MilestoneAttested": _("inspected"),
            "MilestoneRejected": _("rejected"),
            "MilestoneAccepted": _("accepted"),
            "AcceptedAndPaid": _("accepted and paid"),
            "PaymentMade": _("paid"),
            "PaymentOwed": _("payment owed"),
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
            "payee": _("Owed and not yet collected"),
            "late": _("Past their date"),
        }[actor]

    # --- codes ---

    def reason(self, code: str | None) -> str:
        """A coded reason in words; an unknown code with spaces."""
        _ = self._
        known = {
            "additional-work": _("additional work"),
            "completed": _("completed"),
            "contract-terminated": _("contract terminated"),
            "contractor-default": _("default of the contractor"),
            "dimension-mismatch": _("dimensions differ"),
            "guarantee-lapsed": _("guarantee lapsed"),
            "guarantee-renewed": _("guarantee renewed"),
            "incomplete-documents": _("documents incomplete"),
            "paid-above-value": _("paid above the value that was published"),
            "progress-below-claim": _("progress below what was claimed"),
            "quality-defects": _("defects of quality"),
            "tax-clearance-expired": _("tax clearance expired"),
            "terminated": _("terminated"),
            "time-extension": _("extension of time"),
        }
        return known.get(code or "", (code or "").replace("-", " "))

    def role(self, role: str) -> str:
        """A role of a participant."""
        _ = self._
        return {
            "buyer": _("buyer"),
            "supplier": _("supplier"),
            "committee": _("committee"),
            "inspector": _("inspector"),
            "treasury": _("treasury"),
            "auditor": _("auditor"),
            "arbiter": _("arbiter"),
            "payee": _("payee"),
        }[role]

    def standing(self, standing: str) -> State:
        """The standing of a participant."""
        _ = self._
        states: dict[str, State] = {
            "active": State("done", _("in good standing")),
            "suspended": State("late", _("suspended")),
            "debarred": State("stopped", _("barred from new contracts")),
        }
        return states[standing]

    def amendment(self, status: str) -> str:
        """The status of an amendment."""
        _ = self._
        return {
            "proposed": _("proposed, not signed yet"),
            "signed": _("signed by both sides"),
            "replaced": _("replaced by a later proposal"),
        }[status]

    def paper(self, kind: str) -> str:
        """What a document is."""
        _ = self._
        return {
            "agreement": _("Title and description of the contract"),
            "milestone": _("Description of the stage"),
            "evidence": _("Evidence of the supplier"),
            "report": _("Report of the inspector"),
            "rejection": _("Why it was rejected"),
            "amendment": _("Why it was amended"),
            "closure": _("Decision to close"),
            "budget": _("Budget decision"),
            "standing": _("Decision on standing"),
            "participant": _("Name of the participant"),
        }[kind]

    def event(self, name: str) -> str:
        """What an event means, as a heading."""
        _ = self._
        return {
            "ParticipantRegistered": _("A participant was registered"),
            "ParticipantRolesChanged": _("The roles of a participant changed"),
            "ParticipantStandingChanged": _("The standing of a participant changed"),
            "ParticipantDocumentChanged": _("The name of a participant changed"),
            "EscrowAdmitted": _("A contract may hold money"),
            "Issued": _("Money was brought in against a bank deposit"),
            "Redeemed": _("Money was taken out to a bank account"),
            "LineAppropriated": _("A budget line was set"),
            "LineCommitted": _("Budget was committed to a contract"),
            "LineReleased": _("Budget was given back by a contract"),
            "FactoryDeployed": _("The register of contracts was opened"),
            "TokenAdmitted": _("A currency was admitted"),
            "AgreementCreated": _("A contract was made"),
            "MilestoneScheduled": _("A stage was agreed"),
            "AgreementFunded": _("The treasury set money aside"),
            "AgreementActivated": _("A contract is fully funded and work counts"),
            "MilestoneSubmitted": _("The supplier reported a stage as done"),
            "MilestoneAttested": _("An inspector reported what was seen"),
            "MilestoneApproved": _("A member of the committee accepted a stage"),
            "MilestoneAccepted": _("The committee accepted a stage"),
            "MilestoneDisapproved": _("A member of the committee rejected a stage"),
            "MilestoneRejected": _("The committee rejected a stage"),
            "PaymentMade": _("A payment was made"),
            "PaymentOwed": _("A payment is owed and waits for the payee"),
            "AmendmentProposed": _("An amendment was proposed"),
            "AmendmentSigned": _("An amendment was signed"),
            "ClosureApproved": _("A member of the committee wants the contract closed"),
            "AgreementClosed": _("A contract was closed"),
        }[name]
