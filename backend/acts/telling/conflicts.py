"""Sentences of decisions, disputes, stops and endings."""

from __future__ import annotations

from collections.abc import Iterator

from backend.acts.decisions import act_words
from backend.acts.directory import NOBODY, Directory
from backend.acts.telling.common import Sentences, Values, by, milestone_of, reason_of, votes
from backend.acts.words import GROUNDS, GUARANTEES


def _decided(v: Values, names: Directory) -> str:
    return f"{by(v, names)} is for this: {act_words(v['act'])} ({votes(v)})"


def _disputed(v: Values, names: Directory) -> str:
    amount = names.amount(v["amount"])
    return f"{by(v, names)} took {milestone_of(v)} to dispute, {amount}: {reason_of(v)}"


def _offered(v: Values, names: Directory) -> str:
    return f"{by(v, names)} offered to settle {milestone_of(v)} for {names.amount(v['amount'])}"


def _settled(v: Values, names: Directory) -> str:
    amount, rest = names.amount(v["amount"]), names.amount(v["rest"])
    return f"{milestone_of(v)} was settled for {amount}; {rest} stays with the buyer"


def _ruled(v: Values, names: Directory) -> str:
    amount, rest = names.amount(v["amount"]), names.amount(v["rest"])
    outcome = f"{amount} for the supplier, {rest} stays with the buyer"
    if v["by"] == NOBODY:
        return f"nobody ruled on {milestone_of(v)} in time, so that the default applies: {outcome}"
    return f"{by(v, names)} ruled on {milestone_of(v)}, {reason_of(v)}: {outcome}"


def _held(v: Values, names: Directory) -> str:
    return f"{by(v, names)} stopped all payments until {names.moment(v['until'])}: {reason_of(v)}"


def _closed(v: Values, names: Directory) -> str:
    return "the final account is drawn: " + ", ".join(account_parts(v["account"], names))


def account_parts(account: Values, names: Directory) -> Iterator[str]:
    """The lines of a final account that are not zero, and what was accepted and went back."""
    for part, words, always in (
        ("accepted", "{} accepted", True),
        ("cancelled", "{} cancelled", False),
        ("retentionReleased", "{} of the retention released", False),
        ("retentionKept", "{} of the retention kept", False),
        ("damages", "{} delay damages kept", False),
        ("advanceUnrecovered", "{} of the advance called from its guarantee", False),
        ("damagesUnrecovered", "{} delay damages not recovered", False),
        ("refunded", "{} went back to the treasury", True),
        ("released", "{} went back to the budget line", False),
        ("interestOwed", "{} interest owed", False),
    ):
        if always or account[part]:
            yield words.format(names.amount(account[part]))


CONFLICTS: Sentences = {
    "DecisionApproved": _decided,
    "DisputeOpened": _disputed,
    "SettlementOffered": _offered,
    "DisputeSettled": _settled,
    "DisputeRuled": _ruled,
    "AgreementHoldPlaced": _held,
    "AgreementHoldLifted": lambda v, n: f"{by(v, n)} lifted the hold on payments",
    "AgreementSuspended": lambda v, n: (
        f"the work is suspended until {n.moment(v['until'])}: {reason_of(v)}"
    ),
    "AgreementResumed": lambda _v, _n: "the work goes on",
    "AgreementCompleted": lambda v, n: (
        f"all work is accepted: the defects period runs until {n.moment(v['defectsEndAt'])}"
    ),
    "DefaultNoticed": lambda v, n: (
        f"the supplier was given notice of a default, to be mended by "
        f"{n.moment(v['curableUntil'])}: {reason_of(v)}"
    ),
    "DefaultCured": lambda v, _: f"the notice of default was withdrawn: {reason_of(v)}",
    "GuaranteeCalled": lambda v, n: (
        f"{n.amount(v['amount'])} is called from the {GUARANTEES[v['kind']]}: {reason_of(v)}"
    ),
    "AgreementTerminated": lambda v, _: (
        f"it was ended before its work was done, by {GROUNDS[v['ground']]}: {reason_of(v)}"
    ),
    "AgreementClosed": _closed,
}
