"""How far a story has been told on a chain.

Each act is a transaction that leaves events; a block holds whole steps. So counting transactions
says where to go on after a story was broken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from backend.acts.scenario.reading import Scenario
from backend.chain.agreements import list_agreements
from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.hashing import checksum_address
from backend.chain.reader import View, has_code, logs, read_all
from backend.chain.rpc import Rpc

OPENING = 2
"""The transactions that sign an agreement: the buyer's, which deploys it, and the supplier's."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What stands on the chain of a scenario's contracts, in the order of the file.

    `addresses` is where each stands or will stand, `signed` whether it does, and `marks` counts
    the acts by address; `standings`, `proposed` and `succeeded` (accounts) count by participant,
    `appropriations` by budget line; `years` is how often a year of the calendar was set.
    """

    addresses: tuple[str, ...]
    signed: tuple[bool, ...]
    marks: Counter[str]
    standings: Counter[bytes]
    proposed: Counter[bytes]
    succeeded: Counter[bytes]
    years: int
    appropriations: Counter[bytes]


def read_progress(rpc: Rpc, made: Deployment, scenario: Scenario) -> Progress:
    """Count what the chain has of a scenario."""
    addresses = _addresses(rpc, made, scenario)
    signed = has_code(rpc, addresses)
    there = [address for address, found in zip(addresses, signed, strict=True) if found]
    registry = ("ParticipantRegistry", made.registry)
    return Progress(
        addresses=tuple(addresses),
        signed=tuple(signed),
        marks=_marks(rpc, made, there),
        standings=_count(rpc, made, *registry, "ParticipantStandingChanged"),
        proposed=_count(rpc, made, *registry, "SuccessionProposed"),
        succeeded=_count(rpc, made, *registry, "ParticipantSucceeded"),
        years=_count(rpc, made, "WorkCalendar", made.calendar, "CalendarYearSet").total(),
        appropriations=_count(rpc, made, "Budget", made.budget, "LineAppropriated"),
    )


def day_on_chain(rpc: Rpc, made: Deployment, scenario: Scenario) -> date | None:
    """The day of the run from which a chain's story is told; None if it was not begun."""
    signed = {
        (terms["ocid"], terms["contractId"]): terms["signedAt"]
        for _, _, terms in list_agreements(rpc, made)
    }
    for told in scenario.story.contracts:
        if (told.ocid, told.id) in signed:
            moment = datetime.fromtimestamp(signed[told.ocid, told.id], UTC)
            return scenario.day(moment) - timedelta(told.signed.day)
    return None


def _addresses(rpc: Rpc, made: Deployment, scenario: Scenario) -> list[str]:
    return read_all(
        rpc,
        [
            View("AgreementFactory", made.factory, "addressOf", (told.ocid, told.id))
            for told in scenario.story.contracts
        ],
    )


def _marks(rpc: Rpc, made: Deployment, addresses: list[str]) -> Counter[str]:
    """How many acts each agreement has seen since it was signed; each leaves an event."""
    if not addresses:
        return Counter()
    found = logs(rpc, addresses, [], made.start_block)
    acts = {(checksum_address(log["address"]), log["transactionHash"]) for log in found}
    seen = Counter(address for address, _ in acts)
    return Counter({address: number - OPENING for address, number in seen.items()})


def _count(rpc: Rpc, made: Deployment, kind: str, address: str, event: str) -> Counter[bytes]:
    """How many events of a kind a contract has, by their first indexed value."""
    topic = contract(kind).topic(event)
    found: Iterable[dict[str, Any]] = logs(rpc, [address], [topic], made.start_block)
    return Counter(bytes.fromhex(log["topics"][1][2:]) for log in found)
