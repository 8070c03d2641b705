"""Sentences of signature, funding, and the work."""

from __future__ import annotations

from backend.acts.directory import Directory
from backend.acts.telling.common import Sentences, Values, by, milestone_of, reason_of, votes


def _scheduled(v: Values, names: Directory) -> str:
    if v["first"] == 0:
        return ""
    total = names.amount(sum(each["amount"] for each in v["milestones"]))
    first, last = v["first"] + 1, v["first"] + len(v["milestones"])
    what = f"milestone {first} was" if first == last else f"milestones {first} to {last} were"
    return f"{what} added, for {total}"


def _submitted(v: Values, names: Directory) -> str:
    evidence = v["evidence"].hex()[:12]
    times = f", submission {v['attempt']}" if v["attempt"] > 1 else ""
    return f"{by(v, names)} submitted {milestone_of(v)}{times}; evidence sha256 {evidence}…"


def _attested(v: Values, names: Directory) -> str:
    return f"{by(v, names)} attested {milestone_of(v)}, seen on {names.day(v['seenAt'])}"


def _approved(v: Values, names: Directory) -> str:
    return f"{by(v, names)} accepted {milestone_of(v)} ({votes(v)})"


def _partly_accepted(v: Values, names: Directory) -> str:
    amount, rest = names.amount(v["amount"]), names.amount(v["rest"])
    return (
        f"a quorum accepted {amount} of {milestone_of(v)}: {reason_of(v)}; {rest} is left, to be "
        "submitted again or disputed"
    )


def _disapproved(v: Values, names: Directory) -> str:
    needed = f"{v['rejections']} of {v['needed']} needed"
    return f"{by(v, names)} rejected {milestone_of(v)}: {reason_of(v)} ({needed})"


WORK: Sentences = {
    "MilestonesScheduled": _scheduled,
    "AgreementSigned": lambda v, n: f"{by(v, n)} signed it",
    "AgreementFunded": lambda v, n: f"{by(v, n)} funded it with {n.amount(v['amount'])}",
    "AgreementActivated": lambda _v, _n: "it is active: work can be submitted",
    "MilestoneSubmitted": _submitted,
    "MilestoneAttested": _attested,
    "MilestoneApproved": _approved,
    "MilestonePartlyAccepted": _partly_accepted,
    "MilestoneDisapproved": _disapproved,
    "MilestoneRejected": lambda v, _: (
        f"{milestone_of(v)} is rejected: {reason_of(v)}; it can be submitted again or disputed"
    ),
}
