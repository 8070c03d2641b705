"""Sentences of payments: every part of each, and what waits."""

from __future__ import annotations

from collections.abc import Iterator

from backend.acts.directory import NO_ACCOUNT, Directory
from backend.acts.telling.common import Sentences, Values, by, milestone_of
from backend.acts.words import days

(
    PARTIAL_ACCEPTANCE,
    SILENCE,
    SETTLEMENT,
    RULING,
    DEFAULT_RULING,
    ADVANCE,
    RETENTION_RELEASE,
    DAMAGES_RETURNED,
) = range(2, 10)
TAX = 1

HOW = {
    PARTIAL_ACCEPTANCE: ", accepted in part",
    SILENCE: ", accepted by silence",
    SETTLEMENT: ", as settled",
    RULING: ", as ruled",
    DEFAULT_RULING: ", as the default is",
}
WITHOUT_WORK = {
    ADVANCE: "as the advance",
    RETENTION_RELEASE: "of the retention",
    DAMAGES_RETURNED: "as delay damages given back",
}


def payment_parts(payment: Values, names: Directory) -> Iterator[str]:
    """What a payment was less than the amount it began with, part by part."""
    late = f" for {days(payment['lateDays'])}" if payment["lateDays"] else ""
    for part, words in (
        ("advance", "{} of the advance"),
        ("retention", "{} retention"),
        ("damages", f"{{}} delay damages{late}"),
        ("taxes", "{} taxes"),
        ("direct", "{} to subcontractors"),
    ):
        if payment[part]:
            yield words.format(names.amount(payment[part]))


def _paid(v: Values, names: Directory) -> str:
    payment, basis = v["payment"], v["basis"]
    payee, net = names.participant(v["payee"]), names.amount(payment["net"])
    for_what = WITHOUT_WORK.get(basis) or f"for {milestone_of(v)}{HOW.get(basis, '')}"
    owed = v["account"] == NO_ACCOUNT
    parts = list(payment_parts(payment, names))
    if owed and not parts and not payment["carried"]:
        return ""  # `PaymentOwed` tells all of it.
    verb = "earned" if owed else "was paid"
    less = f": {names.amount(payment['gross'])} less {', '.join(parts)}" if parts else ""
    carried = payment["carried"]
    rest = f"; {names.amount(carried)} of delay damages is carried forward" if carried else ""
    return f"{payee} {verb} {net} {for_what}{less}{rest}"


def _deduction(v: Values, names: Directory) -> str:
    recipient, amount = names.participant(v["recipient"]), names.amount(v["amount"])
    kind = "tax" if v["part"] == TAX else "direct payment"
    verb = "is owed" if v["account"] == NO_ACCOUNT else "received"
    return f"{recipient} {verb} {amount} of it as {kind}"


def _owed(v: Values, names: Directory) -> str:
    amount = names.amount(v["amount"])
    for_what = f" for {milestone_of(v)}" if milestone_of(v) else ""
    return f"{names.participant(v['payee'])} is owed {amount}{for_what} and can claim it"


def _claimed(v: Values, names: Directory) -> str:
    amount = names.amount(v["amount"])
    for_what = f" for {milestone_of(v)}" if milestone_of(v) else ""
    return f"{names.participant(v['payee'])} was paid {amount}{for_what}, as a claim"


def _interest(v: Values, names: Directory) -> str:
    amount, owed = names.amount(v["amount"]), names.amount(v["owed"])
    return (
        f"the payment for {milestone_of(v)} came {days(v['late'])} late: the buyer owes {amount} "
        f"interest, {owed} in all"
    )


def _interest_paid(v: Values, names: Directory) -> str:
    amount, owed = names.amount(v["amount"]), v["owed"]
    left = f"{names.amount(owed)} is still owed" if owed else "no more is owed"
    return f"{by(v, names)} paid {amount} interest to the supplier; {left}"


MONEY: Sentences = {
    "PaymentMade": _paid,
    "DeductionPaid": _deduction,
    "PaymentOwed": _owed,
    "ClaimPaid": _claimed,
    "InterestAccrued": _interest,
    "InterestPaid": _interest_paid,
}
