"""Decisions that need a quorum: in words, and those that wait for more votes.

Who votes repeats the call of who voted first, to the last byte; the chain keeps its hash alone, so
that the call itself is read from the transaction that it came in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError

from backend.acts.agreements import AgreementView, Happening
from backend.acts.asking import Asking
from backend.acts.directory import Directory
from backend.acts.sending import Call
from backend.acts.words import GUARANTEES
from backend.chain.abi import types
from backend.chain.contract import contract, named
from backend.chain.identity import bytes32_to_code
from backend.chain.rpc import Rpc

Values = dict[str, Any]
Phrase = Callable[[Values, Directory], str]

BY_AGREEMENT = "terminateByAgreement"
SIGNED_PART, PART = "acceptPartSigned", "acceptPart"

# Votes that were cast before these do not count for what came after them.
RENEWED_BY = {
    "resume": ("AgreementSuspended",),
    "withdrawNotice": ("DefaultNoticed",),
    "terminateForDefault": ("DefaultNoticed",),
}
WORDS = {
    "acceptPart": "accept a part of a milestone",
    "acceptPartSigned": "accept a part of a milestone",
    "recordGuarantee": "record a guarantee",
    "dispute": "take a milestone to dispute",
    "offerSettlement": "offer to settle a dispute",
    "suspend": "suspend the work",
    "resume": "end the suspension",
    "noticeDefault": "give notice of a default",
    "withdrawNotice": "withdraw the notice of default",
    "terminateForDefault": "end the agreement for default",
    "terminate": "end the agreement",
    "terminateByAgreement": "end the agreement by agreement",
}


def _code(values: Values) -> str:
    return bytes32_to_code(values["reason"])


PHRASES: Mapping[str, Phrase] = {
    "acceptPart": lambda v, n: (
        f"accept {n.amount(v['amount'])} of milestone {v['milestone'] + 1}, submission "
        f"{v['attempt']}: {_code(v)}"
    ),
    "recordGuarantee": lambda v, n: (
        f"record the {GUARANTEES[v['kind']]}, {n.amount(v['amount'])} until "
        f"{n.moment(v['expiresAt'])}"
    ),
    "dispute": lambda v, _: f"take milestone {v['milestone'] + 1} to dispute: {_code(v)}",
    "offerSettlement": lambda v, n: (
        f"offer to settle milestone {v['milestone'] + 1} for {n.amount(v['amount'])}"
    ),
    "suspend": lambda v, n: f"suspend the work until {n.moment(v['until'])}: {_code(v)}",
    "resume": lambda _v, _n: WORDS["resume"],
    **{
        function: lambda v, _, words=WORDS[function]: f"{words}: {_code(v)}"  # type: ignore[misc]
        for function in (
            "noticeDefault",
            "withdrawNotice",
            "terminateForDefault",
            "terminate",
            "terminateByAgreement",
        )
    },
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that some have voted for.

    `number` counts from 1; `data` is the call that repeats the vote, empty where the transaction
    does not show it; `voted` are participant ids.
    """

    number: int
    function: str
    data: bytes
    voted: tuple[bytes, ...]
    approvals: int
    quorum: int
    transaction: str

    def phrase(self, names: Directory) -> str:
        """What is decided."""
        return phrase_of(self.data, names) if self.data else WORDS[self.function]


def act_words(selector: bytes) -> str:
    """A decision in words, without its values."""
    function = _functions().get(selector)
    return WORDS[function] if function else f"0x{selector.hex()}"


def phrase_of(data: bytes, names: Directory) -> str:
    """What a call decides, with its values."""
    function = _functions()[data[:4]]
    return PHRASES[function](_arguments(function, data), names)


def open_decisions(
    rpc: Rpc, view: AgreementView, names: Directory, chain: Asking
) -> list[Decision]:
    """The decisions that wait for more votes and can be taken now, oldest first."""
    found = (_decision(rpc, view, votes) for votes in _open_votes(view))
    possible = [each for each in found if each and _is_possible(each, view, names, chain)]
    return [replace(each, number=number) for number, each in enumerate(possible, 1)]


def votes_for(decisions: list[Decision], data: bytes) -> int:
    """How many of the committee are for exactly this call."""
    return next((each.approvals for each in decisions if each.data == data), 0)


def _open_votes(view: AgreementView) -> Iterator[list[Happening]]:
    by_decision: dict[bytes, list[Happening]] = {}
    for vote in view.happened("DecisionApproved"):
        decision, function = vote.values["decision"], _functions().get(vote.values["act"], "")
        if function not in WORDS:
            continue
        by_decision.setdefault(decision, []).append(vote)
        done = vote.values["approvals"] >= vote.values["quorum"]
        if done and function != BY_AGREEMENT:
            del by_decision[decision]
    for votes in by_decision.values():
        if not _outdated(view, votes[0]):
            yield votes


def _outdated(view: AgreementView, vote: Happening) -> bool:
    renewed = view.last(*RENEWED_BY.get(_functions()[vote.values["act"]], ()))
    return renewed is not None and renewed.timestamp > vote.timestamp


def _decision(rpc: Rpc, view: AgreementView, votes: list[Happening]) -> Decision | None:
    first, last = votes[0], votes[-1]
    data = _data(rpc, view, first)
    function = _functions()[data[:4] or first.values["act"]]
    about = _arguments(function, data).get("milestone") if data else None
    if about is not None and first.timestamp < view.milestone(about + 1).submitted_at:
        return None  # It was about an earlier submission.
    return Decision(
        number=0,
        function=function,
        data=data,
        voted=tuple(vote.values["by"] for vote in votes),
        approvals=last.values["approvals"],
        quorum=last.values["quorum"],
        transaction=first.transaction,
    )


def _is_possible(decision: Decision, view: AgreementView, names: Directory, chain: Asking) -> bool:
    """Whether somebody who has not voted could vote now."""
    parties = view.parties
    voters = [*parties["committee"], parties["supplier"]]
    missing = [v for v in voters if v not in decision.voted and v in names.entries]
    what = Call(view.address, decision.data)
    if not decision.data:
        return True
    return any(chain.refusal(names.entries[each].account, what) is None for each in missing)


def _data(rpc: Rpc, view: AgreementView, vote: Happening) -> bytes:
    """The call of a vote, out of its transaction; empty where it is not to be seen."""
    sent = rpc.call("eth_getTransactionByHash", vote.transaction) or {}
    if str(sent.get("to")).lower() != view.address.lower():
        return b""
    data = bytes.fromhex(str(sent["input"])[2:])
    wanted = vote.values["act"]
    calls = _arguments("multicall", data)["data"] if data[:4] == _selector("multicall") else [data]
    same = [each for each in calls if each[:4] == wanted]
    if len(same) != 1 or (same[0][4:] and not _arguments(_functions()[wanted], same[0])):
        return b""
    if _functions()[wanted] != SIGNED_PART:
        return bytes(same[0])
    values = _arguments(SIGNED_PART, same[0])
    names = [i["name"] for i in contract("Agreement").functions[PART]["inputs"]]
    return contract("Agreement").call(PART, *(values[name] for name in names))


def _arguments(function: str, data: bytes) -> Values:
    """The arguments of a call by name; empty where the data does not fit."""
    inputs = contract("Agreement").functions[function]["inputs"]
    try:
        values = decode(types(inputs), data[4:])
    except DecodingError:
        return {}
    return {i["name"]: named(i, value) for i, value in zip(inputs, values, strict=True)}


@cache
def _functions() -> dict[bytes, str]:
    return {_selector(function): function for function in WORDS}


def _selector(function: str) -> bytes:
    return contract("Agreement").selector(function)
