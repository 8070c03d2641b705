"""What is agreed and how it stands: conditions, guarantees, milestones, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backend.acts.agreements import (
    ACTIVE,
    ADVANCE,
    PERFORMANCE,
    RETENTION,
    SIGNED,
    AgreementView,
    Milestone,
)
from backend.acts.directory import Directory
from backend.acts.words import (
    BASIS_POINTS,
    GUARANTEES,
    MILESTONE_STATUS,
    basis_points,
    days,
    each_day,
    percent,
)

TAX_BASES = ("of what is accepted", "of what the supplier receives")


def condition_lines(agreed: Mapping[str, Any], names: Directory) -> Iterator[str]:
    """The conditions of an agreement, one rule on each line."""
    yield _advance(agreed)
    yield (
        f"Retention: {_or_none(agreed['retentionRate'])}. "
        f"Performance security: {_or_none(agreed['securityRate'], ' of the value')}."
    )
    yield _damages(agreed)
    yield (
        f"Amendments: {basis_points(agreed['amendmentCap'])} of the original value may be added "
        "without a legal ground."
    )
    yield _review(agreed)
    yield (
        f"Disputes: within {days(agreed['disputeDays'])} of a decision; "
        f"{days(agreed['rulingDays'])} to rule, then the supplier gets "
        f"{basis_points(agreed['defaultShare'])} of what is in dispute."
    )
    yield (
        f"Stops: a hold of at most {days(agreed['holdDays'])}, suspensions of at most "
        f"{days(agreed['suspensionDays'])} in all."
    )
    yield (
        f"Endings: {days(agreed['cureDays'])} to mend a default, {days(agreed['defectsDays'])} for "
        f"defects, lapse {days(agreed['lapseDays'])} after the end of the work."
    )
    yield from _taxes(agreed, names)
    for direct in agreed["directPayments"]:
        to, amount = names.participant(direct["recipient"]), names.amount(direct["amount"])
        yield f"Direct payment: {amount} of milestone {direct['milestone'] + 1} to {to}."


def guarantee_required(view: AgreementView, kind: int) -> int:
    """How much a guarantee must reach for payments to go out: nothing once the work is over."""
    if view.status not in {SIGNED, ACTIVE}:
        return 0
    if kind == PERFORMANCE:
        rate: int = view.conditions["securityRate"]
        return -(-view.money["value"] * rate // BASIS_POINTS)
    return view.money["advanceOutstanding"] if kind == ADVANCE else 0


def in_force(view: AgreementView, kind: int) -> bool:
    """Whether a guarantee is as large as it must be, and has not expired."""
    required, given = guarantee_required(view, kind), view.guarantees[kind]
    return required == 0 or (given["amount"] >= required and given["expiresAt"] > view.now)


def guarantee_lines(view: AgreementView, names: Directory) -> Iterator[str]:
    """Each guarantee that is recorded or needed."""
    for kind in (PERFORMANCE, ADVANCE, RETENTION):
        given, required = view.guarantees[kind], guarantee_required(view, kind)
        if not given["amount"] and not required:
            continue
        needed = f"; {names.amount(required)} is needed" if required else ""
        name = GUARANTEES[kind].capitalize()
        if not given["amount"]:
            yield f"{name}: none{needed}"
            continue
        verb = "until" if given["expiresAt"] > view.now else "EXPIRED on"
        amount, until = names.amount(given["amount"]), names.moment(given["expiresAt"])
        yield f"{name}: {amount} {verb} {until}{needed}"


def milestone_line(milestone: Milestone, view: AgreementView, names: Directory) -> str:
    """One milestone: what it pays, to whom, by when, and where it stands."""
    due = f", due {names.day(milestone.due_at)}" if milestone.due_at else ""
    other = milestone.payee != view.parties["supplier"]
    payee = f" to {names.participant(milestone.payee)}" if other else ""
    part = 0 < milestone.accepted < milestone.amount
    accepted = f", {names.amount(milestone.accepted)} of it accepted" if part else ""
    return (
        f"{milestone.number}. {milestone.title}: {names.amount(milestone.amount)}{payee}{due}; "
        f"{MILESTONE_STATUS[milestone.status]}{accepted}"
    )


def _advance(agreed: Mapping[str, Any]) -> str:
    if not agreed["advanceRate"]:
        return "Advance: none."
    return (
        f"Advance: {basis_points(agreed['advanceRate'])} of the value, against a guarantee; "
        f"recovered by {basis_points(agreed['recoveryRate'])} of each accepted amount."
    )


def _damages(agreed: Mapping[str, Any]) -> str:
    interest = each_day(agreed["interestRate"]) if agreed["interestRate"] else "none"
    damages = "none"
    if agreed["damagesRate"]:
        damages = (
            f"{each_day(agreed['damagesRate'])} of what is late, at most "
            f"{basis_points(agreed['damagesCap'])} of the value"
        )
    return f"Delay damages: {damages}. Interest on late payment: {interest}."


def _review(agreed: Mapping[str, Any]) -> str:
    payment = f"payment is late {days(agreed['paymentDays'])} later"
    if not agreed["reviewDays"]:
        return f"Review: silence never accepts; {payment}."
    review = days(agreed["reviewDays"], "working")
    return f"Review: {review}, then silence accepts; {payment}."


def _taxes(agreed: Mapping[str, Any], names: Directory) -> Iterator[str]:
    for tax in agreed["taxes"]:
        rate = percent(tax["numerator"], tax["denominator"])
        to = names.participant(tax["recipient"])
        yield f"Tax: {rate} {TAX_BASES[tax['base']]}, to {to}."


def _or_none(rate: int, of: str = " of each accepted amount") -> str:
    return f"{basis_points(rate)}{of}" if rate else "none"
