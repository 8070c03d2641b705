"""What comes next in an agreement, who must act, and what anyone may do now.

What may be done is not worked out here: the contract itself is asked, and its refusals tell from
when on an act will be possible.
"""

from __future__ import annotations

from collections.abc import Iterator

from backend.acts.agreements import (
    ACTIVE,
    ADVANCE,
    CLOSED,
    COMPLETED,
    PERFORMANCE,
    SIGNED,
    TERMINATED,
    AgreementView,
)
from backend.acts.amendments import lacking, open_amendments
from backend.acts.asking import (
    ANY_REASON,
    NO_DOCUMENT,
    STRANGER,
    Asking,
    Prospect,
    earliest,
)
from backend.acts.decisions import open_decisions
from backend.acts.directory import Directory
from backend.acts.milestone_prospects import milestone_steps
from backend.acts.refusals import explain
from backend.acts.standing import guarantee_required, in_force
from backend.acts.words import GUARANTEES, of_milestone
from backend.chain.rpc import Rpc

ADVANCE_BASIS = 7


def next_steps(rpc: Rpc, view: AgreementView, names: Directory) -> Iterator[str]:
    """What comes next, and who must act."""
    at = Prospect(rpc, view, names, Asking(rpc, view.now))
    yield from _stops(at)
    if view.status == SIGNED:
        yield from _signature(at)
    if view.status == ACTIVE:
        yield from _guarantees(at)
        yield from _advance(at)
    if view.status in {ACTIVE, TERMINATED}:
        for milestone in view.milestones:
            yield from milestone_steps(at, milestone)
    yield from _changes(at)
    yield from _endings(at)
    yield from _money(at)


def _stops(at: Prospect) -> Iterator[str]:
    if at.view.held_until:
        until = at.names.moment(at.view.held_until)
        yield f"All payments stand still until {until}; the auditor can lift the hold earlier"
    if at.view.suspended_until:
        until = at.names.moment(at.view.suspended_until)
        yield f"All clocks stand still until {until}; the committee can end the suspension earlier"
    if at.view.noticed and at.view.status in {ACTIVE, COMPLETED}:
        member = at.account(at.view.parties["committee"][0])
        refused = at.refusal(member, "terminateForDefault", ANY_REASON, NO_DOCUMENT)
        moment = earliest(refused)
        when = f"after {at.names.moment(moment)}" if moment else "now"
        yield (
            f"The committee can end it for default {when}, or withdraw its notice: "
            "`termin agreement terminate --for-default`, `termin agreement withdraw-notice`"
        )


def _signature(at: Prospect) -> Iterator[str]:
    if not at.view.happened("AgreementSigned"):
        yield f"{at.party('supplier')} must sign it: `termin agreement sign`"
    missing = at.view.money["value"] - at.view.money["funded"]
    if missing:
        amount = at.names.amount(missing)
        yield f"{at.party('treasury')} must fund it with {amount}: `termin agreement fund`"


def _guarantees(at: Prospect) -> Iterator[str]:
    for kind in (PERFORMANCE, ADVANCE):
        if not in_force(at.view, kind):
            required = at.names.amount(guarantee_required(at.view, kind))
            yield (
                f"What the supplier earns waits until the committee records a {GUARANTEES[kind]} "
                f"of at least {required}: `termin guarantee record`"
            )


def _advance(at: Prospect) -> Iterator[str]:
    paid = (each.values["basis"] for each in at.view.happened("PaymentMade"))
    if not at.view.conditions["advanceRate"] or ADVANCE_BASIS in paid:
        return
    refused = at.anyone("payAdvance")
    if refused is None:
        yield "Anyone can have the advance paid: `termin advance pay`"
    elif refused.name == "GuaranteeLapsed":
        kind = GUARANTEES[refused.arguments["kind"]]
        required = at.names.amount(refused.arguments["required"])
        yield f"The advance waits for a {kind} of at least {required}: `termin guarantee record`"


def _changes(at: Prospect) -> Iterator[str]:
    if at.view.status == ACTIVE:
        for amendment in open_amendments(at.view):
            yield lacking(at, amendment)
    if at.view.status == CLOSED:
        return
    for decision in open_decisions(at.rpc, at.view, at.names, at.chain):
        votes = f"{decision.approvals} of {decision.quorum} of the committee"
        how = f": `termin agreement support {decision.number}`" if decision.data else ""
        yield f"{votes} are for this, and the others can support it{how}: " + decision.phrase(
            at.names
        )


def _endings(at: Prospect) -> Iterator[str]:
    if at.view.status == ACTIVE and at.anyone("complete") is None:
        yield "All is accepted; anyone can record it: `termin agreement complete`"
    if at.view.status in {SIGNED, ACTIVE} and at.anyone("lapse") is None:
        yield "Its last day has passed; anyone can end it: `termin agreement lapse`"
    if at.view.status not in {COMPLETED, TERMINATED}:
        return
    yield from _retention(at)
    refused = at.anyone("close")
    moment = earliest(refused)
    if refused is None:
        yield "Anyone can draw the final account: `termin agreement close`"
    elif moment:
        yield f"After {at.names.moment(moment)} anyone can draw the final account"
    elif refused.name == "MilestonePending":
        yield f"The final account waits for {of_milestone(refused.arguments['milestone'])}"


def _retention(at: Prospect) -> Iterator[str]:
    retained = at.view.money["retained"]
    if not retained or at.view.status != COMPLETED:
        return
    refused, amount = at.anyone("releaseRetention"), at.names.amount(retained)
    if refused is None:
        yield (
            f"Anyone can have the rest of the retention, {amount}, released: "
            "`termin retention release`"
        )
    elif refused.name == "GuaranteeLapsed":
        yield (
            f"The rest of the retention, {amount}, is released with the final account, or at once "
            f"against a {GUARANTEES[2]} of as much: `termin guarantee record`"
        )


def _money(at: Prospect) -> Iterator[str]:
    for claim in at.view.claims:
        payee, amount = at.names.participant(claim.payee), at.names.amount(claim.amount)
        refused = at.refused(STRANGER, "claim", claim.milestone, claim.payee)
        about = of_milestone(claim.milestone)
        owed = f"{payee} is owed {amount}" + (f" for {about}" if about else "")
        if refused is None:
            yield f"{owed}; anyone can have it paid: `termin payment claim`"
        else:
            yield f"{owed}, which waits: {explain(refused.refusal, refused.detail, at.names)}"
    interest = at.view.money["interestOwed"]
    if interest:
        who = at.party("treasury")
        yield f"{who} owes {at.names.amount(interest)} interest: `termin interest pay`"
