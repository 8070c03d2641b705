"""What happened and what comes next, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from backend.acts.agreements import (
    ACTIVE,
    CLOSED,
    INSPECTED,
    OWED,
    REJECTED,
    SCHEDULED,
    SIGNED,
    SUBMITTED,
    AgreementView,
    Happening,
    Milestone,
)
from backend.acts.directory import Directory
from backend.chain.identity import bytes32_to_code

Values = dict[str, Any]


def tell(happening: Happening, names: Directory) -> str:
    """One event as a sentence; empty for events that another sentence tells already."""
    told = _SENTENCES.get(happening.name)
    return told(happening.values, names) if told else ""


def next_steps(view: AgreementView, names: Directory) -> Iterator[str]:
    """What comes next, and who must act."""
    parties = view.parties
    if view.status == SIGNED:
        yield (
            f"{names.participant(parties['treasury'])} must fund it with "
            f"{names.amount(view.money['value'])}: `termin agreement fund`"
        )
    missing = view.money["value"] - view.money["funded"]
    if view.status == ACTIVE and missing:
        yield (
            f"{names.participant(parties['treasury'])} must bring in the {names.amount(missing)} "
            "that an amendment added: `termin agreement fund`"
        )
    for milestone in view.milestones:
        yield from _next_of_milestone(view, milestone, names)
    if view.status == ACTIVE and view.money["accepted"] == view.money["value"]:
        yield "All is accepted; the committee can close it: `termin agreement close`"


def _next_of_milestone(
    view: AgreementView, milestone: Milestone, names: Directory
) -> Iterator[str]:
    number, parties = milestone.number, view.parties
    head = f"{number}. {milestone.title} ({names.amount(milestone.amount)}):"
    if milestone.status == OWED:
        yield f"{head} {names.participant(milestone.payee)} can pull it: `termin payment claim`"
    if view.status != ACTIVE:
        return
    if milestone.status in {SCHEDULED, REJECTED}:
        again = " again" if milestone.status == REJECTED else ""
        who = names.participant(parties["supplier"])
        yield f"{head} {who} submits it{again}: `termin milestone submit {number}`"
    elif milestone.status == SUBMITTED and parties["inspectors"]:
        who = " or ".join(names.participant(each) for each in parties["inspectors"])
        yield f"{head} {who} must attest it: `termin milestone attest {number}`"
    elif milestone.status in {SUBMITTED, INSPECTED}:
        missing = parties["quorum"] - milestone.approvals
        who = ", ".join(names.participant(each) for each in parties["committee"])
        yield f"{head} {missing} more of {who} must accept it: `termin milestone accept {number}`"


def _milestone(values: Values) -> str:
    return f"milestone {values['milestone'] + 1}"


def _submitted(v: Values, names: Directory) -> str:
    evidence = v["evidence"].hex()[:12]
    times = f", submission {v['attempt']}" if v["attempt"] > 1 else ""
    who = names.participant(v["by"])
    return f"{who} submitted {_milestone(v)}{times}; evidence sha256 {evidence}…"


def _attested(v: Values, names: Directory) -> str:
    seen = datetime.fromtimestamp(v["seenAt"], UTC).strftime("%Y-%m-%d")
    return f"{names.participant(v['by'])} attested {_milestone(v)}, seen on {seen}"


def _approved(v: Values, names: Directory) -> str:
    votes = f"{v['approvals']} of {v['quorum']} needed"
    return f"{names.participant(v['by'])} accepted {_milestone(v)} ({votes})"


def _disapproved(v: Values, names: Directory) -> str:
    votes = f"{v['rejections']} of {v['needed']} needed"
    reason = bytes32_to_code(v["reason"])
    return f"{names.participant(v['by'])} rejected {_milestone(v)}: {reason} ({votes})"


def _paid(v: Values, names: Directory) -> str:
    claimed = ", as a claim" if v["claimed"] else ""
    payee, amount = names.participant(v["payee"]), names.amount(v["amount"])
    return f"{payee} was paid {amount} for {_milestone(v)}{claimed}"


def _amended(v: Values, names: Directory) -> str:
    before, after = names.amount(v["previousValue"]), names.amount(v["value"])
    reason = bytes32_to_code(v["reason"])
    who = names.participant(v["by"])
    return f"{who} signed amendment {v['amendment']}: {before} became {after}, {reason}"


def _closing(v: Values, names: Directory) -> str:
    votes = f"{v['approvals']} of {v['quorum']} needed"
    reason = bytes32_to_code(v["reason"])
    return f"{names.participant(v['by'])} wants it closed: {reason} ({votes})"


def _closed(v: Values, names: Directory) -> str:
    cancelled, refunded = names.amount(v["cancelled"]), names.amount(v["refunded"])
    reason = bytes32_to_code(v["reason"])
    return f"closed: {reason}; {cancelled} cancelled, {refunded} went back to the treasury"


_SENTENCES: dict[str, Callable[[Values, Directory], str]] = {
    "AgreementFunded": lambda v, n: (
        f"{n.participant(v['by'])} funded it with {n.amount(v['amount'])}"
    ),
    "MilestoneSubmitted": _submitted,
    "MilestoneAttested": _attested,
    "MilestoneApproved": _approved,
    "MilestoneDisapproved": _disapproved,
    "MilestoneRejected": lambda v, _: (
        f"{_milestone(v)} is rejected: {bytes32_to_code(v['reason'])}; it can be submitted again"
    ),
    "PaymentMade": _paid,
    "PaymentOwed": lambda v, n: (
        f"{n.participant(v['payee'])} is owed {n.amount(v['amount'])} for {_milestone(v)} and "
        "can claim it"
    ),
    "AmendmentProposed": lambda v, n: (
        f"{n.participant(v['by'])} proposed amendment {v['amendment']}: "
        f"{bytes32_to_code(v['terms']['reason'])}"
    ),
    "AmendmentSigned": _amended,
    "ClosureApproved": _closing,
    "AgreementClosed": _closed,
}

STATUS_WORDS = {SIGNED: "signed, waiting for funding", ACTIVE: "active", CLOSED: "closed"}
