"""The calls that the acts of `rules` come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.acts.approvals import ACCEPTANCE, Content, sign
from backend.acts.blocks import Act
from backend.acts.load.contracts import AMEND_GAS, APPROVE_GAS, CLOSE_GAS, MILESTONE_GAS, VOTE_GAS
from backend.acts.scenario import rules
from backend.acts.sending import call
from backend.chain.identity import code_to_bytes32

if TYPE_CHECKING:
    from backend.acts.scenario.contracts import ContractTelling

KINDS = ("performance", "advance", "retention")  # GuaranteeKind
PAY_GAS = 1_000_000
A_WEEK = 7 * 86_400

# Anyone may call these; a story lets the supplier do it.
BY_ANYONE = {
    "advance": "payAdvance",
    "complete": "complete",
    "release-retention": "releaseRetention",
    "lapse": "lapse",
    "close": "close",
}
REASONED = {
    "notice": "noticeDefault",
    "withdraw-notice": "withdrawNotice",
    "terminate": "terminate",
    "terminate-for-default": "terminateForDefault",
    "terminate-by-agreement": "terminateByAgreement",
    "suspend": "suspend",
    "hold": "hold",
    "extend-hold": "extendHold",
}


def rule_acts(telling: ContractTelling, act: rules.RuleAct) -> list[Act]:
    """The acts of one entry of a story, in order."""
    supplier = telling.cast.supplier
    if act.act in BY_ANYONE:
        return [telling.act(supplier, PAY_GAS, BY_ANYONE[act.act])]
    if isinstance(act, rules.PayInterest):
        return _pay_interest(telling, act)
    if isinstance(act, rules.Enact):
        return _enact(telling, act)
    if isinstance(
        act, rules.Guarantee | rules.Hold | rules.LiftHold | rules.Suspend | rules.Resume
    ):
        return _stop_or_guarantee(telling, act)
    if isinstance(act, rules.Decide | rules.TerminateByAgreement):
        return _decide(telling, act)
    return _milestone_acts(telling, act)


def _stop_or_guarantee(
    telling: ContractTelling,
    act: rules.Guarantee | rules.Hold | rules.LiftHold | rules.Suspend | rules.Resume,
) -> list[Act]:
    match act:
        case rules.Guarantee():
            what = (KINDS.index(act.kind), telling.minor(act.amount), telling.seconds(act.until))
            document = telling.note(act.document)
            return telling.votes(act.by, VOTE_GAS, "recordGuarantee", *what, document)
        case rules.Hold():
            why = (telling.seconds(act.until), *_why(telling, act))
            return [telling.act(telling.member(act.by), VOTE_GAS, REASONED[act.act], *why)]
        case rules.LiftHold():
            return [telling.act(telling.member(act.by), VOTE_GAS, "liftHold")]
        case rules.Suspend():
            why = (telling.seconds(act.until), *_why(telling, act))
            return telling.votes(act.by, VOTE_GAS, "suspend", *why)
        case rules.Resume():
            return telling.votes(act.by, VOTE_GAS, "resume")


def _decide(telling: ContractTelling, act: rules.Decide | rules.TerminateByAgreement) -> list[Act]:
    function, why = REASONED[act.act], _why(telling, act)
    acts = telling.votes(act.by, CLOSE_GAS, function, *why)
    if isinstance(act, rules.TerminateByAgreement):
        acts.append(telling.act(telling.cast.supplier, CLOSE_GAS, function, *why))
    return acts


def _milestone_acts(telling: ContractTelling, act: rules.RuleAct) -> list[Act]:
    number: int = act.milestone  # type: ignore[union-attr]
    milestone, attempt = number - 1, telling.attempt(number)
    supplier = telling.cast.supplier
    what: tuple[object, ...]
    match act:
        case rules.AcceptPart():
            what = (milestone, attempt, telling.minor(act.amount), *_why(telling, act))
            return telling.votes(act.by, PAY_GAS, "acceptPart", *what)
        case rules.AcceptOffline():
            what = (milestone, attempt, [_approval(telling, act, each) for each in act.by])
            return [telling.act(supplier, PAY_GAS, "acceptSigned", *what)]
        case rules.Silence():
            return [telling.act(supplier, PAY_GAS, "acceptBySilence", milestone, attempt)]
        case rules.Dispute():
            return telling.votes(act.by, VOTE_GAS, "dispute", milestone, *_why(telling, act))
        case rules.Offer():
            amount = telling.minor(act.amount)
            return telling.votes(act.by, PAY_GAS, "offerSettlement", milestone, amount)
        case rules.Rule():
            arbiter = telling.cast.arbiter
            assert arbiter is not None  # noqa: S101 - reading a scenario checks it
            what = (milestone, telling.minor(act.amount), *_why(telling, act))
            return [telling.act(arbiter, PAY_GAS, "rule", *what)]
        case _:
            return [telling.act(supplier, PAY_GAS, "ruleByDefault", milestone)]


def _why(telling: ContractTelling, act: object) -> tuple[bytes, bytes]:
    return code_to_bytes32(act.reason), telling.note(act.note)  # type: ignore[attr-defined]


def _approval(
    telling: ContractTelling, act: rules.AcceptOffline, reference: str
) -> dict[str, object]:
    message = {
        "milestone": act.milestone - 1,
        "attempt": telling.attempt(act.milestone),
        "validUntil": telling.seconds(act.at) + A_WEEK,
    }
    content = Content(ACCEPTANCE, telling.chain_id, telling.address, message)
    return sign(content, telling.member(reference).signer).struct


def _pay_interest(telling: ContractTelling, act: rules.PayInterest) -> list[Act]:
    amount = telling.minor(act.amount)
    return [*_bring(telling, amount, act.deposit), _by_treasury(telling, "payInterest", amount)]


def _enact(telling: ContractTelling, act: rules.Enact) -> list[Act]:
    ledger = telling.ledger
    assert ledger.proposal is not None  # noqa: S101 - reading a scenario checks it
    missing = max(0, ledger.value_of(ledger.proposal) - ledger.funded)
    content = telling.amendment(ledger.proposal)
    enact = _by_treasury(telling, "enactAmendment", ledger.proposals, content)
    return [*_bring(telling, missing, act.deposit), enact]


def _bring(telling: ContractTelling, amount: int, deposit: str) -> list[Act]:
    """Money for the treasury, which lets the agreement fetch it."""
    treasury, token = telling.cast.treasury, telling.books.token(telling.currency)
    approve = call("SettlementToken", token, "approve", telling.address, amount)
    issue = telling.books.issue(treasury, telling.currency, amount, deposit)
    return [issue, Act(treasury.signer, approve, APPROVE_GAS)]


def _by_treasury(telling: ContractTelling, function: str, *arguments: object) -> Act:
    gas = AMEND_GAS + 10 * MILESTONE_GAS
    return telling.act(telling.cast.treasury, gas, function, *arguments)
