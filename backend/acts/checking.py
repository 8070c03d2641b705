"""Whether an approval that was signed offline is valid, for whom it counts, and what it adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from eth_abi.abi import encode

from backend.acts.accounts import digest_of, recovered
from backend.acts.agreements import SUBMITTED, AgreementView
from backend.acts.amendments import open_amendments
from backend.acts.approvals import (
    ACCEPTANCE,
    AMENDMENT_SIGNATURE,
    INSPECTION,
    PARTIAL_ACCEPTANCE,
    REJECTION,
    SUBMISSION,
    Approval,
    ApprovalError,
    Content,
)
from backend.acts.directory import Directory
from backend.chain.hashing import keccak
from backend.chain.reader import has_code
from backend.chain.rpc import NodeRefusedError, Rpc

ERC1271_SELECTOR = keccak(b"isValidSignature(bytes32,bytes)")[:4]
DECIDING = {ACCEPTANCE, PARTIAL_ACCEPTANCE, REJECTION}


def signer_problem(
    content: Content, view: AgreementView, names: Directory, account: str
) -> str | None:
    """Why an account cannot sign a content; None if it can."""
    entry, parties = names.of_account(account), view.parties
    who = names.short(entry) if entry else "nobody"
    allowed, part = [parties["supplier"]], "the supplier"
    if content.kind == INSPECTION:
        allowed, part = parties["inspectors"], "an inspector of the agreement"
    elif content.kind in DECIDING:
        allowed, part = parties["committee"], "a member of the committee"
    elif content.kind == AMENDMENT_SIGNATURE:
        part = "the supplier, a member of the committee, or the buyer's authority"
        allowed = [parties["supplier"], *parties["committee"]]
        if entry and entry.has("authority") and parties["buyer"] in {entry.id, entry.organization}:
            return None
    if entry is not None and entry.id in allowed:
        return None
    return f"found {account}, which acts for {who}; expected {part}"


def content_problem(
    content: Content, view: AgreementView, names: Directory, brought: Sequence[Content] = ()
) -> str | None:
    """What a content is about that is not so (any more); None if all is well.

    `brought` are the contents that come in together with it.
    """
    if content.valid_until < view.now:
        until = names.moment(content.valid_until)
        return f"found an approval that was valid until {until}; expected one that is valid still"
    if content.kind == AMENDMENT_SIGNATURE:
        return _amendment_problem(content, view)
    number, attempt = content.message["milestone"] + 1, content.message["attempt"]
    if number > len(view.milestones):
        return f"found milestone {number}; expected 1 to {len(view.milestones)}"
    same = (each for each in brought if each.message.get("milestone") == number - 1)
    submitted = content.kind == SUBMISSION or any(each.kind == SUBMISSION for each in same)
    expected = view.milestone(number).attempt + submitted
    if attempt != expected:
        return f"found submission {attempt} of milestone {number}; expected {expected}"
    return None


def submitted(view: AgreementView, approval: Approval) -> AgreementView:
    """The agreement as if a submission that was signed offline was brought in.

    Raises `ApprovalError` where the approval is none.
    """
    content = approval.content
    number = content.message.get("milestone", 0) + 1
    if content.kind != SUBMISSION or content.agreement != view.address:
        raise ApprovalError(
            f"found {content.kind} for {content.agreement}; expected {SUBMISSION} for "
            f"{view.address}"
        )
    attempt = content.message["attempt"]
    milestones = tuple(
        replace(each, attempt=attempt, status=SUBMITTED) if each.number == number else each
        for each in view.milestones
    )
    return replace(view, milestones=milestones)


def signature_problem(rpc: Rpc, approval: Approval) -> str | None:
    """Why a signature is not valid; None if it is. Contract accounts are asked (ERC-1271)."""
    signer = recovered(approval.content.typed_data(), approval.signature)
    if signer is not None and signer.lower() == approval.account.lower():
        return None
    if has_code(rpc, [approval.account])[0] and _contract_confirms(rpc, approval):
        return None
    found = f"a signature of {signer}" if signer else "no signature of a key"
    return f"found {found}; expected one of {approval.account} under this very content"


def already(content: Content, view: AgreementView) -> set[bytes]:
    """Who has voted on this already, or signed it, and cannot again."""
    message = content.message
    if content.kind == AMENDMENT_SIGNATURE:
        found = (e for e in open_amendments(view) if e.number == message["amendment"])
        return {by for each in found for by in each.signed}
    if content.kind == PARTIAL_ACCEPTANCE:
        return _for_part(message, view)
    if content.kind in DECIDING:
        return _voters(message, view, "MilestoneApproved", "MilestoneDisapproved")
    return set()


def needed(content: Content, view: AgreementView) -> int:
    """How many more approvals of a content make the committee's decision."""
    quorum, size = view.parties["quorum"], len(view.parties["committee"])
    if content.kind == REJECTION:
        have = _voters(content.message, view, "MilestoneDisapproved")
        return int(size - quorum + 1 - len(have))
    if content.kind == ACCEPTANCE:
        return int(quorum - len(_voters(content.message, view, "MilestoneApproved")))
    have = already(content, view) & set(view.parties["committee"])
    return int(quorum - len(have))


def _amendment_problem(content: Content, view: AgreementView) -> str | None:
    number = content.message["amendment"]
    found = {each.number: each.content for each in open_amendments(view)}
    if number not in found:
        waiting = ", ".join(map(str, found)) or "none"
        return f"found amendment {number}; expected one that waits: {waiting}"
    if found[number] != content.message["content"]:
        return f"found another content of amendment {number}; expected the one that was proposed"
    return None


def _voters(message: Mapping[str, Any], view: AgreementView, *names: str) -> set[bytes]:
    about = (message["milestone"], message["attempt"])
    return {
        each.values["by"]
        for each in view.happened(*names)
        if (each.values["milestone"], each.values["attempt"]) == about
    }


def _for_part(message: Mapping[str, Any], view: AgreementView) -> set[bytes]:
    """Who is for exactly this part, as far as the decision is open."""
    kinds = ["uint256", "uint256", "uint128", "bytes32", "bytes32"]
    members = ("milestone", "attempt", "amount", "reason", "document")
    decision = keccak(encode(kinds, [message[name] for name in members]))
    found: set[bytes] = set()
    for each in view.happened("DecisionApproved"):
        if each.values["decision"] == decision:
            found.add(each.values["by"])
            if each.values["approvals"] >= each.values["quorum"]:
                found.clear()
    return found


def _contract_confirms(rpc: Rpc, approval: Approval) -> bool:
    digest = digest_of(approval.content.typed_data())
    data = ERC1271_SELECTOR + encode(["bytes32", "bytes"], [digest, approval.signature])
    request = {"to": approval.account, "data": "0x" + data.hex()}
    try:
        answer = str(rpc.call("eth_call", request, "latest"))
    except NodeRefusedError:
        return False
    return answer[2:10] == ERC1271_SELECTOR.hex()
