"""Money that comes in, and the life of a milestone from submission to payment."""

from __future__ import annotations

from typing import assert_never

from backend.acts.approvals import ACCEPTANCE, Content, sign
from backend.acts.blocks import Act
from backend.acts.scenario.acts import work
from backend.acts.scenario.desk import Desk
from backend.acts.words import NO_MILESTONE

OFFLINE_SECONDS = 7 * 86_400
"""For how long after it is brought in a signature that was given offline would still count."""


def work_calls(desk: Desk, act: work.WorkAct) -> list[Act]:
    """The transactions of an act, in order."""
    match act:
        case work.Fund():
            value = desk.ledger.value
            return desk.by_treasury(value, act.deposit, "fund", value)
        case work.PayInterest():
            amount = desk.minor(act.amount)
            return desk.by_treasury(amount, act.deposit, "payInterest", amount)
        case work.Claim():
            return _claim(desk, act)
        case _:
            return _milestone_calls(desk, act, act.milestone - 1)


def _milestone_calls(
    desk: Desk,
    act: work.Submit
    | work.Inspect
    | work.Accept
    | work.AcceptOffline
    | work.AcceptPart
    | work.Reject
    | work.Silence,
    milestone: int,
) -> list[Act]:
    attempt = desk.ledger.attempt(act.milestone)
    match act:
        case work.Submit():
            evidence = desk.report(act.milestone, act.evidence)
            return desk.by_supplier("submit", milestone, evidence)
        case work.Inspect():
            by = act.by or desk.contract.inspectors[0]
            seen, report = desk.seconds(act.seen), desk.report(act.milestone, act.report)
            return [desk.act(by, "attest", milestone, attempt, seen, report)]
        case work.Accept():
            return desk.each(act.by, "accept", milestone, attempt)
        case work.AcceptOffline():
            approvals = [_approval(desk, act, each) for each in act.by]
            bearer = act.bearer or desk.contract.supplier
            return [desk.act(bearer, "acceptSigned", milestone, attempt, approvals)]
        case work.AcceptPart():
            part = (desk.minor(act.amount), *desk.why(act.reason, act.note))
            return desk.each(act.by, "acceptPart", milestone, attempt, *part)
        case work.Reject():
            why = desk.why(act.reason, act.note)
            return desk.each(act.by, "reject", milestone, attempt, *why)
        case work.Silence():
            return desk.by_supplier("acceptBySilence", milestone, attempt)
        case _:
            assert_never(act)


def _claim(desk: Desk, act: work.Claim) -> list[Act]:
    payee, milestone = desk.contract.supplier, NO_MILESTONE
    if act.milestone is not None:
        payee = desk.ledger.milestones[act.milestone - 1].payee or payee
        milestone = act.milestone - 1
    payee = act.payee or payee
    return [desk.act(payee, "claim", milestone, desk.member(payee).id)]


def _approval(desk: Desk, act: work.AcceptOffline, by: str) -> dict[str, object]:
    message = {
        "milestone": act.milestone - 1,
        "attempt": desk.ledger.attempt(act.milestone),
        "validUntil": desk.seconds(act.at) + OFFLINE_SECONDS,
    }
    content = Content(ACCEPTANCE, desk.books.made.chain_id, desk.address, message)
    return sign(content, desk.member(by).signer).struct
