"""Approvals that were signed offline, made into one call that anybody may send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backend.acts.agreements import AgreementView
from backend.acts.amendments import open_amendments
from backend.acts.approvals import (
    ACCEPTANCE,
    AMENDMENT_SIGNATURE,
    INSPECTION,
    PARTIAL_ACCEPTANCE,
    REJECTION,
    STRUCTS,
    SUBMISSION,
    Approval,
    Content,
)
from backend.acts.checking import (
    DECIDING,
    already,
    content_problem,
    needed,
    signature_problem,
    signer_problem,
)
from backend.acts.directory import Directory
from backend.acts.sending import Call, call
from backend.chain.rpc import Rpc

FUNCTIONS = {
    SUBMISSION: "submitSigned",
    INSPECTION: "attestSigned",
    ACCEPTANCE: "acceptSigned",
    PARTIAL_ACCEPTANCE: "acceptPartSigned",
    REJECTION: "rejectSigned",
    AMENDMENT_SIGNATURE: "signAmendmentSigned",
}
OUTCOMES = {
    ACCEPTANCE: "it is accepted and paid",
    PARTIAL_ACCEPTANCE: "the part is accepted and paid",
    REJECTION: "it is rejected",
    AMENDMENT_SIGNATURE: "the committee has signed it",
}


@dataclass(frozen=True, slots=True)
class Group:
    """All approvals of the same content; `signers` are their participants, in the same order."""

    content: Content
    approvals: tuple[Approval, ...]
    signers: tuple[bytes, ...]


def problems(
    rpc: Rpc,
    files: Mapping[str, Approval],
    view: AgreementView,
    names: Directory,
) -> Iterator[str]:
    """What is wrong with the approvals of one agreement, one line for each file at fault."""
    contents = [each.content for each in files.values()]
    seen: set[tuple[object, ...]] = set()
    for file, approval in files.items():
        content = approval.content
        entry = names.of_account(approval.account)
        problem = (
            signature_problem(rpc, approval)
            or signer_problem(content, view, names, approval.account)
            or content_problem(content, view, names, contents)
        )
        if problem is None and entry and entry.id in already(content, view):
            problem = f"found {names.short(entry)} again, who has voted on this; expected others"
        if problem is None and (content.subject, approval.account) in seen:
            problem = "found the same approval again; expected each once"
        seen.add((content.subject, approval.account))
        if problem:
            yield f"{file}: {problem}"


def grouped(approvals: Sequence[Approval], view: AgreementView, names: Directory) -> list[Group]:
    """The same contents together, in the order in which the contract has to take them.

    What a decision does not need any more is left out.
    """
    order = list(STRUCTS)
    by_subject: dict[tuple[Any, ...], list[Approval]] = {}
    for each in sorted(approvals, key=lambda each: order.index(each.content.kind)):
        by_subject.setdefault(each.content.subject, []).append(each)
    groups = []
    for same in by_subject.values():
        entries = [names.of_account(each.account) for each in same]
        signers = tuple(entry.id for entry in entries if entry)
        groups.append(_enough(Group(same[0].content, tuple(same), signers), view))
    return groups


def after(group: Group, view: AgreementView, names: Directory) -> str:
    """What follows when a group is brought in: what is decided, or who is missing."""
    content = group.content
    members = view.parties["committee"]
    left = needed(content, view) - len(set(group.signers) & set(members))
    if content.kind not in OUTCOMES:
        return ""
    if left <= 0:
        return f"With this {OUTCOMES[content.kind]}."
    waiting = [m for m in members if m not in {*group.signers, *already(content, view)}]
    who = ", ".join(names.participant(each) for each in waiting)
    return f"{left} more of {who} must follow."


def bring(groups: Sequence[Group], view: AgreementView) -> Call:
    """One call that brings everything in; several go through the agreement's `multicall`."""
    found = [_call(each, view) for each in groups]
    if len(found) == 1:
        return found[0]
    return call("Agreement", view.address, "multicall", [each.data for each in found])


def _enough(group: Group, view: AgreementView) -> Group:
    if group.content.kind not in DECIDING:
        return group
    count = max(1, needed(group.content, view))
    return replace(group, approvals=group.approvals[:count], signers=group.signers[:count])


def _call(group: Group, view: AgreementView) -> Call:
    kind, message = group.content.kind, group.content.message
    values = [message[name] for name, _ in STRUCTS[kind] if name != "validUntil"]
    if kind == AMENDMENT_SIGNATURE:
        terms = {each.number: each.terms for each in open_amendments(view)}
        values = [message["amendment"], terms[message["amendment"]]]
    structs = [each.struct for each in group.approvals]
    brought = structs[0] if kind in {SUBMISSION, INSPECTION} else structs
    return call("Agreement", view.address, FUNCTIONS[kind], *values, brought)
