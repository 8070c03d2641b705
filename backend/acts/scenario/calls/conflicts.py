"""Disputes over milestones, holds by auditors, and suspension by force majeure."""

from __future__ import annotations

from typing import assert_never

from backend.acts.blocks import Act
from backend.acts.scenario.acts import conflicts
from backend.acts.scenario.desk import Desk

HOLDS = {"hold": "hold", "extend-hold": "extendHold"}


def conflicts_calls(desk: Desk, act: conflicts.ConflictsAct) -> list[Act]:
    """The transactions of an act, in order."""
    match act:
        case conflicts.Hold():
            what = (desk.seconds(act.until), *desk.why(act.reason, act.note))
            return [desk.act(act.by, HOLDS[act.act], *what)]
        case conflicts.LiftHold():
            return [desk.act(act.by, "liftHold")]
        case conflicts.Suspend():
            what = (desk.seconds(act.until), *desk.why(act.reason, act.note))
            return desk.each(act.by, "suspend", *what)
        case conflicts.Resume():
            return desk.each(act.by, "resume")
        case _:
            return _dispute_calls(desk, act, act.milestone - 1)


def _dispute_calls(
    desk: Desk,
    act: conflicts.Dispute | conflicts.Offer | conflicts.Rule | conflicts.DefaultRuling,
    milestone: int,
) -> list[Act]:
    match act:
        case conflicts.Dispute():
            why = desk.why(act.reason, act.note)
            return desk.each(act.by or [desk.contract.supplier], "dispute", milestone, *why)
        case conflicts.Offer():
            by, amount = act.by or [desk.contract.supplier], desk.minor(act.amount)
            return desk.each(by, "offerSettlement", milestone, amount)
        case conflicts.Rule():
            arbiter = desk.contract.arbiter
            assert arbiter is not None  # noqa: S101 - reading a scenario checks it
            ruling = (desk.minor(act.amount), *desk.why(act.reason, act.note))
            return [desk.act(arbiter, "rule", milestone, *ruling)]
        case conflicts.DefaultRuling():
            return desk.by_supplier("ruleByDefault", milestone)
        case _:
            assert_never(act)
