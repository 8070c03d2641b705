"""One agreement as the chain has it: found by what people call it, and read with its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address

from backend.chain.agreements import list_agreements
from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.reader import View, block_times, logs, read_all
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.errors import AppError

SCHEDULED, SUBMITTED, INSPECTED, REJECTED, PAID, OWED, CANCELLED = range(1, 8)
SIGNED, ACTIVE, CLOSED = range(1, 4)


class AgreementNotFoundError(AppError):
    """No agreement, or more than one, answers to that."""

    status = 404
    title = "No such agreement"


class MilestoneNotFoundError(AppError):
    """The agreement has no such milestone."""

    status = 404
    title = "No such milestone"


@dataclass(frozen=True, slots=True)
class Milestone:
    """One milestone; `number` counts from 1, `approvals` and `rejections` are counts of votes."""

    number: int
    title: str
    amount: int
    due_at: int
    status: int
    attempt: int
    approvals: int
    rejections: int
    payee: bytes


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of an agreement, with its values and where it stands on the chain."""

    name: str
    values: dict[str, Any]
    block: int
    timestamp: int
    transaction: str


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement with all that it says of itself. Amounts are minor units of `currency`."""

    number: int
    address: str
    title: str
    currency: str
    status: int
    parties: dict[str, Any]
    terms: dict[str, Any]
    money: dict[str, int]
    milestones: tuple[Milestone, ...]
    history: tuple[Happening, ...]

    def milestone(self, number: int) -> Milestone:
        """A milestone by its number, from 1; raises `MilestoneNotFoundError`."""
        if not 1 <= number <= len(self.milestones):
            raise MilestoneNotFoundError(
                f"Milestone {number} of {self.title or self.address}: it has milestones 1 to "
                f"{len(self.milestones)}."
            )
        return self.milestones[number - 1]

    @property
    def label(self) -> str:
        """Its title, or its contract id while the title's document is missing."""
        return self.title or f"contract {self.terms['contractId']}"


def find_agreement(rpc: Rpc, made: Deployment, reference: str) -> tuple[int, str]:
    """Number (from 1, in the order of creation) and address of an agreement.

    `reference` is its number, its address, its contract id or its ocid. Raises
    `AgreementNotFoundError`.
    """
    wanted = reference.strip().removeprefix("#")
    found = []
    for number, address, terms in list_agreements(rpc, made):
        names = {str(number), address.casefold(), terms["contractId"].casefold(), terms["ocid"]}
        if wanted in names or wanted.casefold() in names:
            found.append((number, address))
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(f"#{number} {address}" for number, address in found)
        raise AgreementNotFoundError(f"{reference!r} may be any of: {several}")
    raise AgreementNotFoundError(
        f"No agreement has the number, address, contract id or ocid {reference!r}."
    )


def read_agreement(
    rpc: Rpc, made: Deployment, store: DocumentStore, number: int, address: str
) -> AgreementView:
    """Ask an agreement for its state and read its log."""
    views = [View("Agreement", address, name) for name in ("status", "parties", "terms", "money")]
    status, parties, terms, money, milestones, currency = read_all(
        rpc,
        [*views, View("Agreement", address, "milestones"), _currency_view(rpc, address)],
    )
    history = tuple(_history(rpc, made, address))
    return AgreementView(
        number=number,
        address=address,
        title=store.read_text(terms["document"], "title"),
        currency=currency,
        status=status,
        parties=parties,
        terms=terms,
        money=money,
        milestones=tuple(_milestones(store, milestones, history)),
        history=history,
    )


def happenings(rpc: Rpc, found: Sequence[dict[str, Any]], address: str) -> list[Happening]:
    """The events of one agreement among some logs."""
    kind = contract("Agreement")
    own = [log for log in found if to_checksum_address(log["address"]) == address]
    times = block_times(rpc, {int(log["blockNumber"], 16) for log in own})
    events = []
    for log in own:
        event, block = kind.event(log), int(log["blockNumber"], 16)
        if event is not None:
            events.append(Happening(*event, block, times[block], log["transactionHash"]))
    return events


def _currency_view(rpc: Rpc, address: str) -> View:
    (terms,) = read_all(rpc, [View("Agreement", address, "terms")])
    return View("SettlementToken", terms["token"], "currency")


def _history(rpc: Rpc, made: Deployment, address: str) -> list[Happening]:
    return happenings(rpc, list(logs(rpc, [address], [], made.start_block)), address)


def _milestones(
    store: DocumentStore, states: list[dict[str, Any]], history: Sequence[Happening]
) -> list[Milestone]:
    scheduled = [item.values for item in history if item.name == "MilestoneScheduled"]
    return [
        Milestone(
            number=number,
            title=store.read_text(terms["document"], "title") or f"Milestone {number}",
            amount=state["amount"],
            due_at=state["dueAt"],
            status=state["status"],
            attempt=state["attempt"],
            approvals=state["approvals"].bit_count(),
            rejections=state["rejections"].bit_count(),
            payee=terms["payee"],
        )
        for number, (state, terms) in enumerate(zip(states, scheduled, strict=True), 1)
    ]
