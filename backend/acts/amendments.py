"""Amendments that were proposed: what they say, who has signed them, and what they lack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backend.acts.agreements import NOBODY, AgreementView
from backend.acts.asking import Prospect
from backend.acts.directory import Directory
from backend.chain.contract import contract
from backend.chain.hashing import keccak
from backend.chain.identity import bytes32_to_code
from backend.core.documents import DocumentStore
from backend.core.errors import AppError


class AmendmentNotFoundError(AppError):
    """No such amendment waits for signatures."""

    status = 404
    title = "No such amendment"


@dataclass(frozen=True, slots=True)
class OpenAmendment:
    """An amendment that waits; `terms` is the struct `Amendment`, `signed` are participants."""

    number: int
    terms: dict[str, Any]
    signed: tuple[bytes, ...]

    @property
    def content(self) -> bytes:
        """What its signatures are for: keccak256(abi.encode(amendment, terms))."""
        return content_of(self.number, self.terms)


def content_of(number: int, terms: dict[str, Any]) -> bytes:
    """The hash that signatures of an amendment are for."""
    # The contract encodes the number and the terms as the arguments of this function are encoded.
    return keccak(contract("Agreement").call("signAmendment", number, terms)[4:])


def open_amendments(view: AgreementView) -> list[OpenAmendment]:
    """The amendments that wait for signatures or money, in the order of their proposal.

    Every one that was proposed before another took effect is void.
    """
    terms: dict[int, dict[str, Any]] = {}
    signed: dict[int, list[bytes]] = {}
    for each in view.happened("AmendmentProposed", "AmendmentSigned", "AmendmentEnacted"):
        number = each.values["amendment"]
        if each.name == "AmendmentProposed":
            terms[number], signed[number] = each.values["terms"], []
        elif each.name == "AmendmentEnacted":
            terms.clear()
        elif number in terms:
            signed[number].append(each.values["by"])
    return [
        OpenAmendment(number, content, tuple(signed[number]))
        for number, content in terms.items()
        if not 0 < content["validUntil"] < view.now
    ]


def find_amendment(view: AgreementView, number: int | None) -> OpenAmendment:
    """The amendment of that number, or the only one; raises `AmendmentNotFoundError`."""
    found = open_amendments(view)
    chosen = [each for each in found if number in {None, each.number}]
    if len(chosen) == 1:
        return chosen[0]
    numbers = ", ".join(str(each.number) for each in found) or "none"
    asked = "Say which amendment" if number is None else f"Amendment {number} is not open"
    raise AmendmentNotFoundError(f"{asked}; open on “{view.label}”: {numbers}.")


def value_after(view: AgreementView, terms: dict[str, Any]) -> int:
    """The value with an amendment, in minor units."""
    after: int = view.money["value"] + terms["increase"] - terms["decrease"]
    return after


def money_missing(view: AgreementView, terms: dict[str, Any]) -> int:
    """What the treasury has to bring in for an amendment, in minor units."""
    return max(0, value_after(view, terms) - view.money["funded"])


def lacking(at: Prospect, amendment: OpenAmendment) -> str:
    """What an amendment lacks, and who can give it, as the contract itself says."""
    treasury = at.view.parties["treasury"]
    refused = at.refusal(at.account(treasury), "enactAmendment", amendment.number, amendment.terms)
    if refused is None or refused.name != "AmendmentNotSigned":
        amount = at.names.amount(money_missing(at.view, amendment.terms))
        return (
            f"{at.party('treasury')} must enact amendment {amendment.number} with {amount}: "
            f"`termin amendment enact {amendment.number}`"
        )
    who = " and ".join(_signatories(at, amendment, refused.arguments))
    command = f"`termin amendment sign {amendment.number}`"
    return f"Amendment {amendment.number} waits for {who}: {command}"


def amendment_lines(
    terms: dict[str, Any], view: AgreementView, names: Directory, store: DocumentStore
) -> Iterator[str]:
    """What an amendment changes, one change on each line."""
    before, after = view.money["value"], value_after(view, terms)
    if before != after:
        yield f"The value becomes {names.amount(after)}, before {names.amount(before)}."
    if terms["endsAt"]:
        yield f"The work ends {names.moment(terms['endsAt'])}."
    for change in terms["changes"]:
        yield _change(change, view, names)
    for milestone in terms["milestones"]:
        title = store.read_text(milestone["document"], "title") or "a milestone"
        yield f"Added: {title}, {_plan(milestone, names)}."
    ground = bytes32_to_code(terms["legalGround"])
    yield f"Reason: {bytes32_to_code(terms['reason'])}." + (
        f" Legal ground: {ground}." if ground else ""
    )
    if terms["validUntil"]:
        yield f"It can be signed until {names.moment(terms['validUntil'])}."


def _signatories(at: Prospect, amendment: OpenAmendment, missing: dict[str, Any]) -> Iterator[str]:
    parties = at.view.parties
    if not missing["supplier"]:
        yield at.party("supplier")
    more = missing["quorum"] - missing["approvals"]
    if more > 0:
        left = [each for each in parties["committee"] if each not in amendment.signed]
        yield f"{more} more of {', '.join(at.names.participant(each) for each in left)}"
    if not missing["authority"]:
        yield "the authority of the buyer"


def _change(change: dict[str, Any], view: AgreementView, names: Directory) -> str:
    number = change["milestone"] + 1
    title = view.milestones[number - 1].title if number <= len(view.milestones) else ""
    head = f"Milestone {number}, {title}"
    return f"{head}, is removed." if change["removed"] else f"{head}: {_plan(change, names)}."


def _plan(planned: dict[str, Any], names: Directory) -> str:
    due = f"due {names.moment(planned['dueAt'])}" if planned["dueAt"] else "without a date"
    payee = planned["payee"]
    to = f" for {names.participant(payee)}" if payee != NOBODY else ""
    return f"{names.amount(planned['amount'])}{to}, {due}"
