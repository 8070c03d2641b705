"""Sentences of guarantees and amendments."""

from __future__ import annotations

from backend.acts.directory import Directory
from backend.acts.telling.common import Sentences, Values, by, milestone_of, reason_of
from backend.acts.words import GUARANTEES
from backend.chain.identity import bytes32_to_code


def _guarantee(v: Values, names: Directory) -> str:
    amount, until = names.amount(v["amount"]), names.moment(v["expiresAt"])
    return f"the {GUARANTEES[v['kind']]} is {amount} until {until}"


def _proposed(v: Values, names: Directory) -> str:
    return f"{by(v, names)} proposed amendment {v['amendment']}: {reason_of(v['terms'])}"


def _enacted(v: Values, names: Directory) -> str:
    before, after = names.amount(v["previousValue"]), names.amount(v["value"])
    value = f"the value is {after}" + (f", before {before}" if before != after else " as before")
    ground = bytes32_to_code(v["legalGround"])
    grounded = f", on the legal ground {ground}" if ground else ""
    return f"amendment {v['amendment']} took effect: {reason_of(v)}{grounded}; {value}"


def _changed(v: Values, names: Directory) -> str:
    due = f"due {names.moment(v['dueAt'])}" if v["dueAt"] else "without a date"
    payee = names.participant(v["payee"])
    return f"{milestone_of(v)} is now {names.amount(v['amount'])} for {payee}, {due}"


CHANGES: Sentences = {
    "GuaranteeRecorded": _guarantee,
    "AmendmentProposed": _proposed,
    "AmendmentSigned": lambda v, n: f"{by(v, n)} signed amendment {v['amendment']}",
    "AmendmentEnacted": _enacted,
    "MilestoneChanged": _changed,
    "MilestoneCancelled": lambda v, n: f"{n.amount(v['amount'])} of {milestone_of(v)} was given up",
}
