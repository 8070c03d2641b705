"""What comes next for one milestone, and who must act; see `prospects`."""

from __future__ import annotations

from collections.abc import Iterator

from backend.acts.agreements import (
    ACTIVE,
    DISPUTED,
    INSPECTED,
    PARTLY_ACCEPTED,
    REJECTED,
    SCHEDULED,
    SUBMITTED,
    Milestone,
)
from backend.acts.asking import ANY_REASON, NO_DOCUMENT, Prospect, earliest
from backend.acts.directory import NOBODY
from backend.chain.reader import View, read

DAY = 86_400


def milestone_steps(at: Prospect, milestone: Milestone) -> Iterator[str]:
    """What comes next for a milestone of an agreement that is active or terminated."""
    head = f"{milestone.number}. {milestone.title} ({at.names.amount(milestone.rest)}):"
    steps = {
        SCHEDULED: _submission,
        REJECTED: _again,
        PARTLY_ACCEPTED: _again,
        SUBMITTED: _decision,
        INSPECTED: _decision,
        DISPUTED: _ruling,
    }.get(milestone.status)
    if steps:
        yield from (f"{head} {step}" for step in steps(at, milestone))


def _submission(at: Prospect, milestone: Milestone, again: str = "") -> Iterator[str]:
    if at.view.status == ACTIVE:
        command = f"`termin milestone submit {milestone.number}`"
        yield f"{at.party('supplier')} submits it{again}: {command}"


def _again(at: Prospect, milestone: Milestone) -> Iterator[str]:
    yield from _submission(at, milestone, " again")
    if _supplier_can_dispute(at, milestone):
        until = at.names.moment(_dispute_ends(at, milestone))
        yield (
            f"{at.party('supplier')} can dispute the decision until {until}: "
            f"`termin milestone dispute {milestone.number}`"
        )


def _decision(at: Prospect, milestone: Milestone) -> Iterator[str]:
    number, parties = milestone.number, at.view.parties
    if milestone.status == SUBMITTED and parties["inspectors"]:
        who = " or ".join(at.names.participant(each) for each in parties["inspectors"])
        yield f"{who} must attest it: `termin milestone attest {number}`"
    else:
        who = ", ".join(at.names.participant(each) for each in _undecided(at, milestone))
        missing = parties["quorum"] - milestone.approvals
        yield f"{missing} more of {who} must accept it: `termin milestone accept {number}`"
    refused = at.anyone("acceptBySilence", number - 1, milestone.attempt)
    moment = earliest(refused)
    if refused is None:
        yield f"anyone can accept it, since nobody decided: `termin milestone silence {number}`"
    elif moment:
        yield f"if nobody decides, silence accepts it after {at.names.moment(moment)}"
    elif _supplier_can_dispute(at, milestone):
        yield (
            f"{at.party('supplier')} can dispute that nobody decides: "
            f"`termin milestone dispute {number}`"
        )


def _ruling(at: Prospect, milestone: Milestone) -> Iterator[str]:
    number, arbiter = milestone.number, at.view.parties["arbiter"]
    yield f"both sides can settle it: `termin milestone offer {number}`"
    refused = at.anyone("ruleByDefault", number - 1)
    moment = earliest(refused)
    if refused is None:
        yield f"anyone can apply the default: `termin milestone rule-by-default {number}`"
    elif moment and arbiter != NOBODY:
        who, until = at.names.participant(arbiter), at.names.moment(moment)
        yield f"{who} rules on it until {until}: `termin milestone rule {number}`"


def _undecided(at: Prospect, milestone: Milestone) -> list[bytes]:
    """The members of the committee that have not voted on the latest submission."""
    voted = {
        each.values["by"]
        for each in at.view.happened("MilestoneApproved", "MilestoneDisapproved")
        if (each.values["milestone"], each.values["attempt"])
        == (milestone.number - 1, milestone.attempt)
    }
    return [member for member in at.view.parties["committee"] if member not in voted]


def _supplier_can_dispute(at: Prospect, milestone: Milestone) -> bool:
    account = at.account(at.view.parties["supplier"])
    arguments = (milestone.number - 1, ANY_REASON, NO_DOCUMENT)
    return at.refusal(account, "dispute", *arguments) is None


def _dispute_ends(at: Prospect, milestone: Milestone) -> int:
    decided = [
        each.timestamp
        for each in at.view.happened("MilestoneRejected", "MilestonePartlyAccepted")
        if each.values["milestone"] == milestone.number - 1
    ]
    start = max(decided)
    view = View("Agreement", at.view.address, "pausedBetween", (start, at.view.now))
    paused: int = read(at.rpc, view)
    length: int = at.view.conditions["disputeDays"]
    return start + length * DAY + paused
