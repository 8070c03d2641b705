"""Plain words for what the index calls by codes."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import NullTranslations
from typing import Literal

Mood = Literal["done", "late", "open", "waiting", "stopped"]


@dataclass(frozen=True, slots=True)
class State:
    """Where something stands, in words; `mood` chooses sign and colour."""

    mood: Mood
    text: str


class Codes:
    """The words of one language for codes."""

    def __init__(self, texts: NullTranslations) -> None:
        self._ = texts.gettext
        self._n = texts.ngettext

    def reason(self, code: str | None) -> str:
        """A coded reason in words; an unknown code with spaces."""
        _ = self._
        known = {
            "additional-work": _("additional work"),
            "advance-unrecovered": _("advance not recovered"),
            "area-short": _("area too small"),
            "budget-refocusing": _("budget moved to other needs"),
            "chassis-discontinued": _("model no longer made"),
            "coating-unfinished": _("coating unfinished"),
            "completed": _("completed"),
            "contract-terminated": _("contract terminated"),
            "contractor-default": _("default of the contractor"),
            "default": _("default of the contractor"),
            "dimension-mismatch": _("dimensions differ"),
            "flood": _("flood"),
            "guarantee-lapsed": _("guarantee lapsed"),
            "guarantee-renewed": _("guarantee renewed"),
            "incomplete-documents": _("documents incomplete"),
            "item-damaged": _("item damaged"),
            "joint-measurement": _("measured by both sides"),
            "landslide-again": _("another landslide"),
            "lapsed": _("its last day had passed"),
            "measured-inside": _("measured on the inside"),
            "minor-damage": _("minor damage"),
            "paid-above-value": _("paid above the value that was published"),
            "payee-change": _("another payee"),
            "progress-below-claim": _("progress below what was claimed"),
            "quality-defects": _("defects of quality"),
            "route-changed": _("route changed"),
            "second-survey": _("second survey"),
            "tax-clearance-expired": _("tax clearance expired"),
            "terminated": _("terminated"),
            "time-extension": _("extension of time"),
            "volume-audit": _("audit of volumes"),
            "work-resumed": _("work resumed"),
            "work-stopped": _("work stopped"),
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
            "authority": _("authority"),
            "collector": _("tax office"),
            "payee": _("payee"),
            "subcontractor": _("subcontractor"),
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
            "proposed": _("proposed, not in force yet"),
            "enacted": _("in force"),
            "void": _("void, as another took effect since"),
            "expired": _("expired"),
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
            "decision": _("Decision of the committee"),
            "acceptance": _("Decision of the committee"),
            "termination": _("Decision to end the contract"),
            "notice": _("Notice of default"),
            "cure": _("Why the notice was withdrawn"),
            "hold": _("Why payments were stopped"),
            "suspension": _("Why it was stopped"),
            "calendar": _("Decision on working days"),
            "succession": _("Decision on another account"),
            "guarantee": _("Guarantee"),
            "dispute": _("What the dispute is about"),
            "ruling": _("Ruling"),
            "stop": _("Why it was stopped"),
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
            "Issued": _("Money was brought in against a bank deposit"),
            "Redeemed": _("Money was taken out to a bank account"),
            "LineAppropriated": _("A budget line was set"),
            "LineCommitted": _("Budget was committed to a contract"),
            "LineReleased": _("Budget was given back by a contract"),
            "FactoryDeployed": _("The register of contracts was opened"),
            "TokenAdmitted": _("A currency was admitted"),
            "AgreementCreated": _("A contract was made"),
            "AgreementFunded": _("The treasury set money aside"),
            "AgreementActivated": _("A contract is fully funded and work counts"),
            "MilestoneSubmitted": _("The supplier reported a stage as done"),
            "MilestoneAttested": _("An inspector reported what was seen"),
            "MilestoneApproved": _("A member of the committee accepted a stage"),
            "MilestoneDisapproved": _("A member of the committee rejected a stage"),
            "MilestoneRejected": _("The committee rejected a stage"),
            "PaymentMade": _("A payment was made"),
            "PaymentOwed": _("A payment is owed and waits for the payee"),
            "AmendmentProposed": _("An amendment was proposed"),
            "AmendmentSigned": _("An amendment was signed"),
            "AgreementSigned": _("The supplier signed a contract"),
            "MilestonesScheduled": _("Stages were agreed"),
            "MilestonePartlyAccepted": _("The committee accepted a part of a stage"),
            "MilestoneChanged": _("A stage was changed"),
            "MilestoneCancelled": _("The rest of a stage was given up"),
            "DeductionPaid": _("A tax office or subcontractor got its part"),
            "ClaimPaid": _("A payee collected what was owed"),
            "InterestAccrued": _("Interest for late payment became due"),
            "InterestPaid": _("The treasury paid interest"),
            "DecisionApproved": _("A party is for a decision"),
            "GuaranteeRecorded": _("A guarantee was recorded"),
            "GuaranteeCalled": _("A guarantee was called"),
            "AmendmentEnacted": _("An amendment took effect"),
            "DisputeOpened": _("A stage was taken to dispute"),
            "SettlementOffered": _("A side offered to settle"),
            "DisputeSettled": _("A dispute was settled"),
            "DisputeRuled": _("A dispute was decided"),
            "AgreementHoldPlaced": _("An auditor stopped all payments"),
            "AgreementHoldLifted": _("An auditor let payments go on"),
            "AgreementSuspended": _("The work was suspended"),
            "AgreementResumed": _("The work goes on"),
            "AgreementCompleted": _("All work was accepted"),
            "DefaultNoticed": _("The supplier was given notice of a default"),
            "DefaultCured": _("A notice of default was withdrawn"),
            "AgreementTerminated": _("A contract ended before its work was done"),
            "AgreementClosed": _("The final account of a contract was drawn"),
            "FactoryAdmitted": _("Contracts of a register may hold money"),
            "SuccessionProposed": _("A participant is to act with another account"),
            "ParticipantSucceeded": _("A participant acts with another account"),
            "CalendarYearSet": _("The working days of a year were set"),
            "Forwarded": _("What a given-up account held went to its successor"),
        }[name]

    # --- conditions, payments, conflicts ---

    def basis(self, basis: str) -> str:
        """What a payment rests on."""
        _ = self._
        return {
            "acceptance": _("accepted by the committee"),
            "partial-acceptance": _("accepted in part"),
            "silence": _("accepted by silence: the review period passed without a decision"),
            "settlement": _("settled by both sides"),
            "ruling": _("ruled by the arbiter"),
            "default-ruling": _("nobody ruled in time: the agreed share"),
            "advance": _("advance payment"),
            "retention-release": _("retention released"),
            "damages-returned": _("delay damages returned after an extension"),
        }[basis]

    def part(self, part: str) -> str:
        """A part of a payment."""
        _ = self._
        return {
            "advance": _("recovered from the advance"),
            "retention": _("retained"),
            "damages": _("withheld for delay"),
            "tax": _("tax"),
            "direct-payment": _("straight to a subcontractor"),
            "net": _("to the payee"),
        }[part]

    def guarantee(self, kind: str) -> str:
        """What a guarantee stands for."""
        _ = self._
        return {
            "performance": _("performance security"),
            "advance": _("guarantee for the advance"),
            "retention": _("guarantee for the retention"),
        }[kind]

    def guarantee_state(self, status: str) -> State:
        """Where a guarantee stands."""
        _ = self._
        return {
            "in-force": State("done", _("in force")),
            "expired": State("late", _("expired")),
            "replaced": State("waiting", _("replaced")),
            "called": State("stopped", _("called")),
        }[status]

    def dispute(self, status: str) -> State:
        """Where a dispute stands."""
        _ = self._
        return {
            "open": State("late", _("open")),
            "settled": State("done", _("settled")),
            "ruled": State("done", _("ruled by the arbiter")),
            "defaulted": State("done", _("decided by the agreed share")),
            "dropped": State("stopped", _("dropped when the contract ended")),
        }[status]

    def side(self, side: str) -> str:
        """A side of a dispute or signature."""
        _ = self._
        return {
            "supplier": _("the supplier"),
            "committee": _("the committee"),
            "authority": _("the authority"),
        }[side]

    def stop(self, kind: str) -> str:
        """What stops a contract for a time."""
        _ = self._
        return {
            "hold": _("held by an auditor: no payments"),
            "suspension": _("suspended: all clocks stand still"),
        }[kind]

    def ground(self, ground: str) -> str:
        """Why a contract ended early."""
        _ = self._
        return {
            "convenience": _("decision of the buyer"),
            "by-agreement": _("agreement of both sides"),
            "default": _("default of the supplier"),
            "lapse": _("its last day had passed"),
        }[ground]
