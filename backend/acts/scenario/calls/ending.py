"""How a contract ends."""

from __future__ import annotations

from typing import assert_never

from backend.acts.blocks import Act
from backend.acts.scenario.acts import ending
from backend.acts.scenario.desk import Desk

DECISIONS = {
    "notice": "noticeDefault",
    "withdraw-notice": "withdrawNotice",
    "terminate": "terminate",
    "terminate-for-default": "terminateForDefault",
}


def ending_calls(desk: Desk, act: ending.EndingAct) -> list[Act]:
    """The transactions of an act, in order."""
    match act:
        case ending.Complete():
            return desk.by_supplier("complete")
        case ending.ReleaseRetention():
            return desk.by_supplier("releaseRetention")
        case ending.Decide():
            return desk.each(act.by, DECISIONS[act.act], *desk.why(act.reason, act.note))
        case ending.TerminateByAgreement():
            both = [*act.by, desk.contract.supplier]
            return desk.each(both, "terminateByAgreement", *desk.why(act.reason, act.note))
        case ending.Lapse():
            return desk.by_supplier("lapse")
        case ending.Close():
            return desk.by_supplier("close")
        case _:
            assert_never(act)
