"""How far a story has been told on a chain.

Each act leaves one event; a block holds whole steps. So counting events says where to go on
after a story was broken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from eth_utils.address import to_checksum_address

from backend.acts.scenario.reading import Scenario
from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.reader import View, has_code, logs, read, read_all
from backend.chain.rpc import Rpc

MARKS = (
    "AgreementFunded",
    "MilestoneSubmitted",
    "MilestoneAttested",
    "MilestoneApproved",
    "MilestoneDisapproved",
    "AmendmentProposed",
    "AmendmentSigned",
    "ClosureApproved",
    "PaymentMade",
)


@dataclass(frozen=True, slots=True)
class Progress:
    """What stands on the chain of a scenario's contracts, in the order of the file.

    `addresses` is where each stands or will stand, `signed` whether it does, and `marks` counts
    the acts by address; `standings` and `appropriations` count by participant and budget line.
    """

    addresses: tuple[str, ...]
    signed: tuple[bool, ...]
    marks: Counter[str]
    standings: Counter[bytes]
    appropriations: Counter[bytes]


def read_progress(rpc: Rpc, made: Deployment, scenario: Scenario) -> Progress:
    """Count what the chain has of a scenario."""
    addresses = _addresses(rpc, made, scenario)
    signed = has_code(rpc, addresses)
    there = [address for address, found in zip(addresses, signed, strict=True) if found]
    return Progress(
        addresses=tuple(addresses),
        signed=tuple(signed),
        marks=_marks(rpc, made, there),
        standings=_count(
            rpc, made, "ParticipantRegistry", made.registry, "ParticipantStandingChanged"
        ),
        appropriations=_count(rpc, made, "Budget", made.budget, "LineAppropriated"),
    )


def day_on_chain(rpc: Rpc, made: Deployment, scenario: Scenario) -> date | None:
    """The day of the run from which a chain's story is told; None if it was not begun."""
    addresses = _addresses(rpc, made, scenario)
    together = zip(scenario.story.contracts, addresses, has_code(rpc, addresses), strict=True)
    for told, address, exists in together:
        if exists:
            signed = read(rpc, View("Agreement", address, "terms"))["signedAt"]
            day = scenario.day(datetime.fromtimestamp(signed, UTC))
            return day - timedelta(told.signed.day)
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
    if not addresses:
        return Counter()
    kind = contract("Agreement")
    wanted: Any = [kind.topic(name) for name in MARKS]
    found = logs(rpc, addresses, [wanted], made.start_block)
    return Counter(to_checksum_address(log["address"]) for log in found if _is_act(log))


def _is_act(log: dict[str, Any]) -> bool:
    name, values = contract("Agreement").event(log) or ("", {})
    # What acceptance pays is not an act of its own.
    return name != "PaymentMade" or bool(values["claimed"])


def _count(rpc: Rpc, made: Deployment, kind: str, address: str, event: str) -> Counter[bytes]:
    topic = contract(kind).topic(event)
    found: Iterable[dict[str, Any]] = logs(rpc, [address], [topic], made.start_block)
    return Counter(bytes.fromhex(log["topics"][1][2:]) for log in found)
