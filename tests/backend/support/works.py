"""Agreements with all that real ones have, on a real chain, and the people who act in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from eth_utils.address import to_checksum_address
from support.sending import ADMIN
from support.vocabulary import (
    ARBITER,
    AUDITOR,
    AUTHORITY,
    BUYER,
    COLLECTOR,
    COMMITTEE,
    INSPECTOR,
    PLENTY,
    SUPPLIER,
    TREASURY,
    ZERO,
    Contract,
    Person,
    code,
)
from support.world import World, deploy

from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore

DAY = 86_400
START = 1_704_067_200
"""2024-01-01T00:00:00Z, a Monday."""
PERFORMANCE, ADVANCE, RETENTION = 0, 1, 2
GROSS, RECEIVED = 0, 1
LAST_DAY = 900
"""When all is over."""


@dataclass
class Works:
    """What was played, by name."""

    rpc: Rpc
    world: World
    store: DocumentStore
    people: dict[str, Person] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    line: bytes = ZERO

    def day(self, number: int) -> int:
        """Go on to a day of the story, and return its first second."""
        self.world.now = START + number * DAY
        return self.world.now

    def make(
        self,
        name: str,
        schedule: list[dict[str, Any]],
        conditions: dict[str, Any],
        *,
        inspected: bool = False,
        arbiter: bool = False,
        **terms: Any,
    ) -> Contract:
        """Deploy an agreement of two who must both agree, sign it and bring in the money."""
        people = self.people
        made = self.world.create(
            people["city"],
            people["builder"],
            people["treasury"],
            [people["first"], people["second"]],
            [people["inspector"]] if inspected else [],
            schedule,
            **{
                "quorum": 2,
                "currency": "IDR",
                "budgetLine": self.line,
                "ocid": f"ocds-{name}",
                "contractId": name,
                "arbiter": people["arbiter"].id if arbiter else ZERO,
                "conditions": conditions,
            }
            | terms,
        )
        self.contracts[name] = made
        return made

    def do(self, who: str, name: str, function: str, *arguments: Any) -> None:
        """Somebody's act in an agreement."""
        person, agreement = self.people[who], self.contracts[name]
        self.world.do(person.account, agreement, function, *arguments)

    def decide(self, name: str, function: str, *arguments: Any) -> None:
        """An act of both members."""
        self.world.decide(self.contracts[name], function, *arguments)

    def submit(self, name: str, milestone: int) -> int:
        """Submit a milestone, have it attested where that is agreed, and return the attempt."""
        agreement = self.contracts[name]
        attempt = self.world.submit(agreement, milestone)
        if agreement.inspectors:
            self.world.attest(agreement, milestone, attempt)
        return attempt

    def accept(self, name: str, milestone: int) -> None:
        """Submit and accept at once."""
        attempt = self.submit(name, milestone)
        self.decide(name, "accept", milestone, attempt)

    def reject(self, name: str, milestone: int, reason: str) -> None:
        """Submit and reject at once; one member suffices where both must agree."""
        attempt = self.submit(name, milestone)
        self.do("first", name, "reject", milestone, attempt, code(reason), b"\x09" * 32)

    def guarantee(self, name: str, kind: int, amount: int, days: int) -> None:
        """Record a guarantee that lasts for some days."""
        assert self.world.now is not None
        until = self.world.now + days * DAY
        self.decide(name, "recordGuarantee", kind, amount, until, bytes([0x60 + kind]) * 32)

    def stand(self, who: str, standing: int) -> None:
        """Suspend (2), debar (3) or reinstate (1)."""
        self.world.set_standing(self.people[who], standing)


def begin(rpc: Rpc, store: DocumentStore) -> Works:
    """Deploy, and register everybody."""
    works = Works(rpc, deploy(rpc, START), store)
    world, people = works.world, works.people
    world.admit("IDR", 2)
    city = people["city"] = world.register(BUYER, identifier="city", account=False)
    offices = {"first": COMMITTEE, "second": COMMITTEE, "treasury": TREASURY, "head": AUTHORITY}
    for name, role in offices.items():
        people[name] = world.register(
            role, scheme="OFFICE", identifier=f"XX-TEST-city/{name}", organization=city.id
        )
    roles = {
        "builder": SUPPLIER,
        "roofer": SUPPLIER,
        "inspector": INSPECTOR,
        "arbiter": ARBITER,
        "auditor": AUDITOR,
        "taxes": COLLECTOR,
    }
    for name, role in roles.items():
        people[name] = world.register(role, identifier=name)
    works.line = world.appropriate(city, "IDR", PLENTY)
    return works


def registry_acts(works: Works) -> None:
    """Two proposals of another account, of which the second is confirmed; a calendar."""
    world, registry = works.world, works.world.deployment.registry
    builder = works.people["builder"]
    accounts = [to_checksum_address("0x" + digits * 20) for digits in ("b1", "b2")]
    for account in accounts:
        world.act(
            ADMIN,
            "ParticipantRegistry",
            registry,
            "proposeSuccession",
            builder.id,
            account,
            b"\x5a" * 32,
        )
    token = world.tokens["IDR"]
    world.act(ADMIN, "SettlementToken", token, "issue", builder.account, 77, code("bank"))
    confirm = ("confirmSuccession", builder.id, accounts[1])
    world.act(builder.account, "ParticipantRegistry", registry, *confirm)
    works.people["builder"] = Person(builder.id, accounts[1])
    world.act(ADMIN, "SettlementToken", token, "forward", builder.account)
    calendar = world.deployment.calendar
    world.act(ADMIN, "WorkCalendar", calendar, "setYear", 2026, 0b1100000, [1, 359], b"\x5b" * 32)
