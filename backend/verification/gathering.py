"""One pass over the proven logs: which contracts are ours, and what must be known beforehand."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from backend.chain.abi import AbiItem
from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.hashing import checksum_address
from backend.verification.clocks import Calendar, Place
from backend.verification.commons import Commons
from backend.verification.errors import NotComparableError
from backend.verification.people import NOBODY, People
from backend.verification.proven import Block, bloom_bits
from backend.verification.spool import NO_MILESTONE, Spool, decode

_TOKENS = "SettlementToken"
STANDARD = {"Transfer", "Approval", "AuthorityUpdated", "EIP712DomainChanged"}
"""Events of the libraries below our contracts, which the index does not read."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """An event of the ABI; `places` has the topics in which agreement, milestone, … stand.

    `lengths` are how many topics its logs have, and how long their data is as text where each value
    is a word.
    """

    name: str
    places: dict[str, int]
    lengths: tuple[int, int]


@dataclass
class Gathered:
    """What the pass found; `agreements` maps addresses to numbers, in the order of creation.

    `held` has by (token, holder) what the token's own transfers leave there.
    """

    people: People
    calendar: Calendar
    commons: Commons = field(default_factory=Commons)
    agreements: dict[str, int] = field(default_factory=dict)
    held: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    payments: int = 0


class Gatherer:
    """Takes in blocks; with `only` set to an agreement's number, what that one needs."""

    def __init__(
        self, made: Deployment, calendar_offset: int, spool: Spool, only: int | None = None
    ) -> None:
        self._made, self._spool, self._only = made, spool, only
        self.found = Gathered(People(), Calendar(calendar_offset))
        self._kinds: dict[str, str] = {
            checksum_address(made.registry): "ParticipantRegistry",
            checksum_address(made.budget): "Budget",
            checksum_address(made.calendar): "WorkCalendar",
            checksum_address(made.factory): "AgreementFactory",
        }
        self._filters: dict[str, int] = {address: bloom_bits(address) for address in self._kinds}

    def wants(self, bloom: int) -> bool:
        """Whether a block with this filter may have logs that matter."""
        if self._only is None:
            return True
        return any(bloom & bits == bits for bits in self._filters.values())

    def take(self, block: Block) -> None:
        """Take in the logs of a block."""
        for log in block.logs:
            address = _checksummed(log["address"])
            kind = self._kinds.get(address)
            shape = _shapes(kind).get(log["topics"][0]) if kind and log["topics"] else None
            if kind is None or shape is None:
                continue
            if kind == _TOKENS and not _is_like_ours(shape, log):
                continue
            place = (block.number, int(log["logIndex"], 16))
            if shape.name not in STANDARD:
                self._spool.add(self._row(block, log, kind, address, shape))
            if shape.name == "Transfer":
                self._move(address, log)
            elif kind != "Agreement":
                values = decode(kind, log)
                self._learn(kind, shape.name, address, values, place, block, log)

    def _row(
        self, block: Block, log: dict[str, Any], kind: str, address: str, shape: _Shape
    ) -> dict[str, Any]:
        topics = log["topics"]
        named = {name: topics[place] for name, place in shape.places.items()}
        agreement = named.get("agreement")
        milestone = int(named.get("milestone", hex(NO_MILESTONE)), 16)
        own = address if kind == "Agreement" else None
        return {
            "block": block.number,
            "log_index": int(log["logIndex"], 16),
            "block_hash": block.hash,
            "block_timestamp": block.timestamp,
            "transaction": log["transactionHash"],
            "transaction_index": int(log["transactionIndex"], 16),
            "address": address,
            "contract": kind,
            "name": shape.name,
            "agreement": own or (_checksummed("0x" + agreement[26:]) if agreement else None),
            "milestone": None if milestone == NO_MILESTONE else milestone,
            "participant": named.get("participant"),
            "topics": json.dumps(topics),
            "data": log["data"],
            "ordinal": self._ordinal(shape.name),
        }

    def _ordinal(self, name: str) -> int | None:
        if name != "PaymentMade" or self._only is not None:
            return None
        self.found.payments += 1
        return self.found.payments

    def _learn(
        self,
        kind: str,
        name: str,
        address: str,
        values: dict[str, Any],
        place: Place,
        block: Block,
        log: dict[str, Any],
    ) -> None:
        found = self.found
        if kind == "ParticipantRegistry":
            found.people.note(place, name, values)
        elif name == "CalendarYearSet":
            year = (values["year"], values["weekend"], values["holidays"])
            found.calendar.set_year(place, *year)
        elif name == "AgreementCreated":
            self._add_agreement(values["agreement"])
        elif name == "FactoryDeployed":
            self._require_ours(values)
        else:
            origin = {
                "made_block": block.number,
                "made_log_index": place[1],
                "made_transaction": log["transactionHash"],
            }
            found.commons.note(name, address, values, origin)
            if name == "TokenAdmitted":
                self._kinds[values["token"]] = _TOKENS

    def _add_agreement(self, address: str) -> None:
        number = len(self.found.agreements) + 1
        self.found.agreements[address] = number
        if self._only is None or number == self._only:
            self._kinds[address] = "Agreement"
            self._filters[address] = bloom_bits(address)

    def _move(self, token: str, log: dict[str, Any]) -> None:
        """A transfer as ERC-20 tells it: two holders as topics, and the amount."""
        source, target = (_checksummed("0x" + topic[26:]) for topic in log["topics"][1:])
        for holder, amount in ((source, -int(log["data"], 16)), (target, int(log["data"], 16))):
            if holder != NOBODY:
                self.found.held[token, holder] += amount

    def _require_ours(self, values: dict[str, Any]) -> None:
        for name in ("registry", "budget", "calendar"):
            ours = checksum_address(getattr(self._made, name))
            if values[name] != ours:
                raise NotComparableError(
                    f"The factory relies on the {name} {values[name]}, the deployment names {ours}."
                )


def _is_like_ours(shape: _Shape, log: dict[str, Any]) -> bool:
    """Whether a token's event is one of ours: it may have one that is only called like it."""
    if (len(log["topics"]), len(log["data"])) != shape.lengths:
        return False
    try:
        decode(_TOKENS, log)
    except NotComparableError:
        return False
    return True


@lru_cache(maxsize=65536)
def _checksummed(address: str) -> str:
    return checksum_address(address)


@cache
def _shapes(kind: str) -> dict[str, _Shape]:
    """First topic → event."""
    return {
        f"0x{topic.hex()}": _Shape(item["name"], _places(item), _lengths(item))
        for topic, item in contract(kind).events.items()
    }


def _lengths(item: AbiItem) -> tuple[int, int]:
    indexed = sum(parameter["indexed"] for parameter in item["inputs"])
    return 1 + indexed, len("0x") + 64 * (len(item["inputs"]) - indexed)


def _places(item: AbiItem) -> dict[str, int]:
    indexed = [parameter["name"] for parameter in item["inputs"] if parameter["indexed"]]
    wanted = ("agreement", "milestone", "participant")
    return {name: indexed.index(name) + 1 for name in wanted if name in indexed}
