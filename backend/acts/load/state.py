"""What of a source stands on the chain already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.hashing import checksum_address
from backend.chain.identity import budget_line_id, participant_id
from backend.chain.reader import View, has_code, logs, read_all
from backend.chain.rpc import Rpc
from backend.core.dates import EARLIEST, LATEST
from backend.core.documents import DocumentStore
from backend.ocds.source import SourceContract

ADDRESSES_PER_QUERY = 100
BUDGET_CODE = "OCDS"
# MilestoneStatus
SCHEDULED, SUBMITTED, INSPECTED, REJECTED, DISPUTED, PARTLY_ACCEPTED = 1, 2, 3, 4, 8, 9
ENDED = {3, 4, 5}  # AgreementStatus: closed, completed, terminated


@dataclass(frozen=True, slots=True)
class MilestoneState:
    """One milestone on the chain; `payment_id` is None while its document is missing."""

    payment_id: str | None
    status: int
    attempt: int
    approvals: int

    @property
    def is_open(self) -> bool:
        """Whether it still waits for acts."""
        waiting = {SCHEDULED, REJECTED, PARTLY_ACCEPTED, DISPUTED}
        return self.is_submitted or self.status in waiting

    @property
    def is_submitted(self) -> bool:
        """Whether it waits for the inspector or the committee."""
        return self.status in {SUBMITTED, INSPECTED}


@dataclass(slots=True)
class AgreementState:
    """One agreement: where it stands or will stand, and what it holds by now.

    `original` is the value at signature, `value` the one as amended. `line` is the id of its budget
    line, empty until it exists, as is `token`.
    """

    address: str
    exists: bool = False
    closed: bool = False
    original: int = 0
    value: int = 0
    scheduled: int = 0
    amendments: int = 0
    token: str = ""
    line: bytes = b""
    milestones: list[MilestoneState] = field(default_factory=list)


def read_agreements(
    rpc: Rpc, made: Deployment, store: DocumentStore, contracts: Sequence[SourceContract]
) -> list[AgreementState]:
    """The state of each contract's agreement, in the order of `contracts`."""
    addresses = read_all(
        rpc,
        [
            View("AgreementFactory", made.factory, "addressOf", (item.ocid, item.contract_id))
            for item in contracts
        ],
    )
    states = [AgreementState(address) for address in addresses]
    there = [state for state, found in zip(states, has_code(rpc, addresses), strict=True) if found]
    for start in range(0, len(there), ADDRESSES_PER_QUERY):
        _read_existing(rpc, made, store, there[start : start + ADDRESSES_PER_QUERY])
    return states


def raises_value(contract: SourceContract, state: AgreementState) -> bool:
    """Whether the value as published now is above that of the agreement that exists."""
    return state.exists and value_to_reach(contract, state) > state.value


def fiscal_year(contract: SourceContract, state: AgreementState, opening: datetime) -> int:
    """The year of the budget line that bears a contract: of its opening, or as on the chain."""
    buyer = participant_id(*contract.buyer.key)
    years = (opening.year, *range(EARLIEST.year, LATEST.year + 1)) if state.exists else ()
    lines = ((year, budget_line_id(buyer, state.token, year, BUDGET_CODE)) for year in years)
    return next((year for year, line in lines if line == state.line), opening.year)


def value_to_reach(contract: SourceContract, state: AgreementState) -> int:
    """The value as published now; zero for a closed agreement, which keeps its own."""
    return 0 if state.closed else contract.value


def _read_existing(
    rpc: Rpc, made: Deployment, store: DocumentStore, states: list[AgreementState]
) -> None:
    names = ("status", "money", "milestones", "token", "budgetLine")
    answers = iter(
        read_all(rpc, [View("Agreement", s.address, name) for s in states for name in names])
    )
    documents, amendments, originals = _read_logs(rpc, made, [state.address for state in states])
    for state in states:
        status, money, milestones, token, line = (next(answers) for _ in names)
        state.exists = True
        state.closed = status in ENDED
        state.value, state.scheduled = money["value"], money["scheduled"]
        state.amendments = amendments[state.address]
        state.original = originals.get(state.address, money["value"])
        state.token, state.line = token, line
        pairs = zip(documents[state.address], milestones, strict=True)
        state.milestones = [_milestone(store, document, found) for document, found in pairs]


def _read_logs(
    rpc: Rpc, made: Deployment, addresses: list[str]
) -> tuple[dict[str, list[bytes]], dict[str, int], dict[str, int]]:
    """By address: the milestones' documents, the number of proposals, and the original value
    where it was amended."""
    kind = contract("Agreement")
    documents: dict[str, list[bytes]] = defaultdict(list)
    amendments: dict[str, int] = defaultdict(int)
    originals: dict[str, int] = {}
    names = ("MilestonesScheduled", "AmendmentProposed", "AmendmentEnacted")
    wanted: Any = [kind.topic(name) for name in names]
    for log in logs(rpc, addresses, [wanted], made.start_block):
        name, values = kind.event(log) or ("", {})
        address = checksum_address(log["address"])
        if name == "MilestonesScheduled":
            documents[address] += [item["document"] for item in values["milestones"]]
        elif name == "AmendmentProposed":
            amendments[address] += 1
        else:
            originals.setdefault(address, values["previousValue"])
    return documents, amendments, originals


def _milestone(store: DocumentStore, document: bytes, found: dict[str, Any]) -> MilestoneState:
    name = store.read_json(document).get("id")
    return MilestoneState(
        payment_id=name if isinstance(name, str) else None,
        status=found["status"],
        attempt=found["attempt"],
        approvals=found["approvals"],
    )
