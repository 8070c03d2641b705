"""Guarantees, the advance payment, and amendments."""

from __future__ import annotations

from typing import assert_never

from backend.acts.blocks import Act
from backend.acts.scenario.acts import changes
from backend.acts.scenario.agreed import milestone_structs
from backend.acts.scenario.desk import Desk
from backend.chain.identity import code_to_bytes32
from backend.core.documents import NO_DOCUMENT

NOBODY = NO_CODE = bytes(32)
KINDS = ("performance", "advance", "retention")  # GuaranteeKind


def changes_calls(desk: Desk, act: changes.ChangesAct) -> list[Act]:
    """The transactions of an act, in order."""
    match act:
        case changes.Guarantee():
            what = (KINDS.index(act.kind), desk.minor(act.amount), desk.seconds(act.until))
            return desk.each(act.by, "recordGuarantee", *what, desk.note(act.document))
        case changes.Advance():
            return desk.by_supplier("payAdvance")
        case changes.Amend():
            return [desk.act(act.by, "proposeAmendment", _amendment(desk, act))]
        case changes.Sign():
            by = act.by or [desk.contract.supplier]
            return desk.each(by, "signAmendment", *_proposed(desk))
        case changes.Enact():
            missing = desk.ledger.missing(_proposal(desk))
            return desk.by_treasury(missing, act.deposit, "enactAmendment", *_proposed(desk))
        case _:
            assert_never(act)


def _proposal(desk: Desk) -> changes.Amend:
    proposal = desk.ledger.proposal
    assert proposal is not None  # noqa: S101 - reading a scenario checks it
    return proposal


def _proposed(desk: Desk) -> tuple[int, dict[str, object]]:
    """Number and content of the amendment that waits for signatures."""
    return desk.ledger.proposals, _amendment(desk, _proposal(desk))


def _amendment(desk: Desk, told: changes.Amend) -> dict[str, object]:
    first = len(desk.ledger.milestones) + 1
    return {
        "increase": desk.minor(told.increase),
        "decrease": desk.minor(told.decrease),
        "endsAt": desk.seconds(told.ends),
        "changes": [_change(desk, each) for each in told.changes],
        "milestones": milestone_structs(desk, told.milestones, first),
        "reason": code_to_bytes32(told.reason),
        "legalGround": code_to_bytes32(told.legal_ground) if told.legal_ground else NO_CODE,
        "document": desk.note(told.note) if told.note else NO_DOCUMENT,
        "validUntil": desk.seconds(told.valid_until),
    }


def _change(desk: Desk, told: changes.Change) -> dict[str, object]:
    before = desk.ledger.milestones[told.milestone - 1]
    payee = told.payee or before.payee
    amount = before.amount if told.amount is None else told.amount
    return {
        "milestone": told.milestone - 1,
        "amount": 0 if told.remove else desk.minor(amount),
        "dueAt": desk.seconds(told.due or before.due),
        "payee": desk.member(payee).id if payee else NOBODY,
        "removed": told.remove,
    }
