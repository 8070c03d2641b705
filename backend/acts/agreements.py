"""One agreement as the chain has it: found by what people call it, and read with its history."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backend.chain.agreements import list_agreements
from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.hashing import checksum_address
from backend.chain.local import head_time
from backend.chain.reader import View, block_times, logs, read_all
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.errors import AppError

NONE, SIGNED, ACTIVE, CLOSED, COMPLETED, TERMINATED = range(6)
SCHEDULED, SUBMITTED, INSPECTED, REJECTED, PAID, OWED, CANCELLED, DISPUTED, PARTLY_ACCEPTED = range(
    1, 10
)
PERFORMANCE, ADVANCE, RETENTION = range(3)
NOBODY = b"\0" * 32


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
    """One milestone; `number` counts from 1, `approvals` and `rejections` are counts of votes.

    Moments are Unix seconds, zero for none; amounts are minor units.
    """

    number: int
    title: str
    amount: int
    due_at: int
    status: int
    attempt: int
    approvals: int
    rejections: int
    payee: bytes
    accepted: int
    submitted_at: int
    review_ends_at: int

    @property
    def rest(self) -> int:
        """What of it is not accepted."""
        return self.amount - self.accepted


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of an agreement, with its values and where it stands on the chain."""

    name: str
    values: dict[str, Any]
    block: int
    timestamp: int
    transaction: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What waits for a payee, in minor units; `milestone` is the chain's, from 0."""

    milestone: int
    payee: bytes
    amount: int


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement with all that it says of itself. Amounts are minor units of `currency`.

    `terms` are those of the signature, all others what they are now; `now` is the moment of which
    it speaks, Unix seconds.
    """

    number: int
    address: str
    title: str
    currency: str
    terms: dict[str, Any]
    status: int
    parties: dict[str, Any]
    conditions: dict[str, Any]
    money: dict[str, int]
    token: str
    ends_at: int
    guarantees: tuple[dict[str, int], ...]
    milestones: tuple[Milestone, ...]
    claims: tuple[Claim, ...]
    history: tuple[Happening, ...]
    now: int

    def milestone(self, number: int) -> Milestone:
        """A milestone by its number, from 1; raises `MilestoneNotFoundError`."""
        if not 1 <= number <= len(self.milestones):
            raise MilestoneNotFoundError(
                f"Milestone {number} of {self.title or self.address}: it has milestones 1 to "
                f"{len(self.milestones)}."
            )
        return self.milestones[number - 1]

    def happened(self, *names: str) -> list[Happening]:
        """The events of some names, in their order."""
        return [each for each in self.history if each.name in names]

    def last(self, *names: str) -> Happening | None:
        """The latest event of some names."""
        return next(iter(reversed(self.happened(*names))), None)

    @property
    def label(self) -> str:
        """Its title, or its contract id while the title's document is missing."""
        return self.title or f"contract {self.terms['contractId']}"

    @property
    def held_until(self) -> int:
        """Until when an auditor's hold is in force; zero if none is."""
        return self._until("AgreementHoldPlaced", "AgreementHoldLifted")

    @property
    def suspended_until(self) -> int:
        """Until when the work is suspended; zero if it is not."""
        return self._until("AgreementSuspended", "AgreementResumed")

    @property
    def noticed(self) -> Happening | None:
        """The notice of default that is in force."""
        last = self.last("DefaultNoticed", "DefaultCured")
        return last if last and last.name == "DefaultNoticed" else None

    def _until(self, began: str, ended: str) -> int:
        last = self.last(began, ended)
        until: int = last.values["until"] if last and last.name == began else 0
        return until if until > self.now else 0


@dataclass(frozen=True, slots=True)
class Found:
    """An agreement by its number (from 1, in the order of creation), address and signed terms."""

    number: int
    address: str
    terms: dict[str, Any]


def find_agreement(rpc: Rpc, made: Deployment, reference: str) -> Found:
    """The agreement with this number, address, contract id or ocid.

    Raises `AgreementNotFoundError`.
    """
    wanted = reference.strip().removeprefix("#")
    found = []
    for number, address, terms in list_agreements(rpc, made):
        names = {str(number), address.casefold(), terms["contractId"].casefold(), terms["ocid"]}
        if wanted in names or wanted.casefold() in names:
            found.append(Found(number, address, terms))
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(f"#{each.number} {each.address}" for each in found)
        raise AgreementNotFoundError(f"{reference!r} may be any of: {several}")
    raise AgreementNotFoundError(
        f"No agreement has the number, address, contract id or ocid {reference!r}."
    )


def read_agreement(rpc: Rpc, made: Deployment, store: DocumentStore, found: Found) -> AgreementView:
    """Ask an agreement for its state and read its log."""
    address = found.address
    names = ("status", "parties", "conditions", "money", "token", "endsAt", "milestones")
    kinds = [View("Agreement", address, "guarantee", (kind,)) for kind in range(3)]
    answers = read_all(rpc, [*(View("Agreement", address, name) for name in names), *kinds])
    status, parties, conditions, money, token, ends_at, states = answers[: len(names)]
    history = happenings(rpc, list(logs(rpc, [address], [], made.start_block)), address)
    owed = list(dict.fromkeys(_owed(history)))
    views = [View("Agreement", address, "owedTo", each) for each in owed]
    currency, *amounts = read_all(rpc, [View("SettlementToken", token, "currency"), *views])
    pairs = zip(owed, amounts, strict=True)
    return AgreementView(
        number=found.number,
        address=address,
        title=store.read_text(found.terms["document"], "title"),
        currency=currency,
        terms=found.terms,
        status=status,
        parties=parties,
        conditions=conditions,
        money=money,
        token=token,
        ends_at=ends_at,
        guarantees=tuple(answers[len(names) :]),
        milestones=tuple(_milestones(store, states, history, parties["supplier"])),
        claims=tuple(Claim(*each, amount) for each, amount in pairs if amount),
        history=tuple(history),
        # The local chain's clock stands still while nothing happens; the next block's will not.
        now=max(head_time(rpc), int(time.time())),
    )


def happenings(rpc: Rpc, found: Sequence[dict[str, Any]], address: str) -> list[Happening]:
    """The events of one agreement among some logs."""
    kind = contract("Agreement")
    own = [log for log in found if checksum_address(log["address"]) == address]
    times = block_times(rpc, {int(log["blockNumber"], 16) for log in own})
    events = []
    for log in own:
        event, block = kind.event(log), int(log["blockNumber"], 16)
        if event is not None:
            events.append(Happening(*event, block, times[block], log["transactionHash"]))
    return events


def _owed(history: Sequence[Happening]) -> Iterator[tuple[int, bytes]]:
    """Milestone and payee of every claim that there ever was."""
    for each in history:
        if each.name == "PaymentOwed":
            yield each.values["milestone"], each.values["payee"]


def _milestones(
    store: DocumentStore,
    states: list[dict[str, Any]],
    history: Sequence[Happening],
    supplier: bytes,
) -> Iterator[Milestone]:
    planned: list[dict[str, Any]] = []
    payees: dict[int, bytes] = {}
    for each in history:
        if each.name == "MilestonesScheduled":
            planned += each.values["milestones"]
        elif each.name == "MilestoneChanged":
            payees[each.values["milestone"]] = each.values["payee"]
    for index, (state, terms) in enumerate(zip(states, planned, strict=True)):
        number, agreed = index + 1, payees.get(index, terms["payee"])
        yield Milestone(
            number=number,
            title=store.read_text(terms["document"], "title") or f"Milestone {number}",
            amount=state["amount"],
            due_at=state["dueAt"],
            status=state["status"],
            attempt=state["attempt"],
            approvals=state["approvals"].bit_count(),
            rejections=state["rejections"].bit_count(),
            payee=supplier if agreed == NOBODY else agreed,
            accepted=state["accepted"],
            submitted_at=state["submittedAt"],
            review_ends_at=state["reviewEndsAt"],
        )
