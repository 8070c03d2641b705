"""A chain on which random things happen: acts of all roles, and blocks that are given up again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from eth_abi.exceptions import DecodingError
from support.node import anvil
from support.sending import ADMIN
from support.vocabulary import (
    BUYER,
    COMMITTEE,
    INSPECTOR,
    SUPPLIER,
    TREASURY,
    Contract,
    Person,
    amendment,
    changed,
    code,
    milestone,
)
from support.world import World, deploy

from backend.chain.contract import contract
from backend.chain.rpc import NodeRefusedError, Rpc

START = 1_704_067_200
CREATED, ACTIVE = 1, 2
"""States of an agreement: signed by nobody or not funded; under way."""
SCHEDULED, SUBMITTED, INSPECTED, REJECTED = 1, 2, 3, 4


@dataclass
class Scene:
    """A deployment and its people. `documents` are what the acts name, and nobody has brought."""

    world: World
    people: dict[str, Person]
    line: bytes
    agreements: list[Contract] = field(default_factory=list)
    documents: list[bytes] = field(default_factory=list)
    proposals: dict[str, int] = field(default_factory=dict)
    base: int = 0
    """The last block that never changes."""
    height: int = 0
    """The highest block that there ever was."""
    margin: int = 0
    """How far below that the chain may give blocks up."""
    serial: int = 0

    @property
    def rpc(self) -> Rpc:
        """The node itself."""
        return self.world.rpc

    @property
    def head(self) -> Any:
        """The newest block."""
        return self.rpc.call("eth_getBlockByNumber", "latest", False)

    @property
    def number(self) -> int:
        """Its number."""
        return int(self.rpc.call("eth_blockNumber"), 16)

    @property
    def floor(self) -> int:
        """The last block that is not given up."""
        return max(self.base, self.height - self.margin)

    # --- what the chain does ---

    def act(self, random: Random) -> None:
        """Somebody does something; what is refused is on the chain all the same."""
        acts: list[Callable[[Random], None]] = [
            self._register,
            self._agree,
            self._agree,
            self._suspend,
            *[self._work] * 8,
        ]
        self._later(random.randrange(1, 1_000))
        # After a reorganisation what one counts on may not be there any more.
        with suppress(AssertionError, NodeRefusedError, LookupError, DecodingError, ValueError):
            random.choice(acts)(random)
        self.height = max(self.height, self.number)

    def mine(self, blocks: int) -> None:
        """Add empty blocks."""
        self._later(1)
        self.rpc.call("evm_setNextBlockTimestamp", hex(self.world.now or 0))
        self.rpc.call("anvil_mine", hex(blocks), "0x1")
        self._later(blocks)
        self.height = max(self.height, self.number)

    def reorganize(self, random: Random, depth: int) -> None:
        """Give up the last blocks for as many others, of which some hold other transactions."""
        depth = min(depth, self.number - self.floor)
        if depth < 1:
            return
        places = sorted(random.sample(range(depth), min(depth, random.randrange(4))))
        self.rpc.call("anvil_reorg", depth, [[self._transaction(), at] for at in places])
        self._later(depth + 1)

    def go_back(self, depth: int) -> None:
        """Give up the last blocks for nothing."""
        depth = min(depth, self.number - self.floor)
        if depth > 0:
            self.rpc.call("anvil_rollback", depth)

    def snapshot(self) -> Any:
        """Remember where the chain stands."""
        return self.rpc.call("evm_snapshot")

    def revert(self, snapshot: Any) -> None:
        """Go back to there."""
        self.rpc.call("evm_revert", snapshot)

    def grow(self) -> None:
        """Mine until the chain is longer than it ever was."""
        self.mine(max(1, self.height + 1 - self.number))

    # --- acts ---

    def _later(self, seconds: int) -> None:
        self.world.now = max(self.world.now or 0, int(self.head["timestamp"], 16)) + seconds

    def _transaction(self) -> dict[str, str]:
        data = contract("ParticipantRegistry").call("register", self._registration())
        to = self.world.deployment.registry
        values = {"from": ADMIN, "to": to, "data": f"0x{data.hex()}", "gas": hex(3_000_000)}
        return values | {"gasPrice": "0x0"}

    def _registration(self) -> dict[str, Any]:
        self.serial += 1
        return {
            "scheme": "XX-LATE",
            "identifier": f"{self.serial}",
            "account": f"0x{self.serial:040x}",
            "roles": SUPPLIER,
            "organization": b"\0" * 32,
            "document": self._document("participant", "name"),
        }

    def _document(self, kind: str, names: str) -> bytes:
        text = json.dumps({"type": kind, names: f"{kind} {self.serial}", "salt": "0" * 32})
        self.documents.append(text.encode())
        return hashlib.sha256(text.encode()).digest()

    def _register(self, _: Random) -> None:
        registry = self.world.deployment.registry
        self.world.act(ADMIN, "ParticipantRegistry", registry, "register", self._registration())

    def _suspend(self, random: Random) -> None:
        person = self.people["spare"]
        self.world.set_standing(person, random.choice([1, 2]), self._document("note", "text"))

    def _agree(self, random: Random) -> None:
        self.serial += 1
        people, name = self.people, f"{self.serial}"
        amounts = [random.randrange(1, 2**60) for _ in range(random.randrange(1, 5))]
        inspectors = [people["inspector"]] if random.random() < 0.3 else []
        made = self.world.create(
            people["city"],
            people["builder"],
            people["treasury"],
            [people["first"], people["second"]],
            inspectors,
            [
                milestone(each, START + 10**8, document=self._document("milestone", "title"))
                for each in amounts
            ],
            quorum=random.choice([1, 2]),
            ocid=f"ocds-{name}",
            contractId=name,
            budgetLine=self.line,
            document=self._document("agreement", "title"),
            conditions={"retentionRate": random.choice([0, 500]), "advanceRate": 0},
        )
        self.agreements.append(made)
        if random.random() < 0.8:
            self.world.fund(made)

    def _work(self, random: Random) -> None:
        agreement = random.choice(self.agreements)
        status = self.world.view("Agreement", agreement.address, "status")
        if status == CREATED:
            with suppress(AssertionError):
                self.world.do(agreement.supplier.account, agreement, "sign")
            self.world.bring_in(agreement)
        elif status == ACTIVE and random.random() < 0.2:
            self._amend(random, agreement)
        elif status == ACTIVE and random.random() < 0.05:
            self.world.close(agreement, "convenience")
        elif status == ACTIVE:
            self._milestone(random, agreement)

    def _milestone(self, random: Random, agreement: Contract) -> None:
        world = self.world
        stages = world.view("Agreement", agreement.address, "milestones")
        open_ = [n for n, each in enumerate(stages) if each["status"] in (1, 2, 3, 4)]
        if not open_:
            world.close(agreement)
            return
        number = random.choice(open_)
        status, attempt = stages[number]["status"], stages[number]["attempt"]
        if status in (SCHEDULED, REJECTED):
            self.serial += 1
            world.submit(agreement, number, self._document("note", "text"))
        elif status == SUBMITTED and agreement.inspectors:
            world.attest(agreement, number, attempt)
        elif random.random() < 0.2:
            world.decide(agreement, "reject", number, attempt, code("quality"), b"\x09" * 32)
        else:
            world.accept(agreement, number, attempt)

    def _amend(self, random: Random, agreement: Contract) -> None:
        number = self.proposals.get(agreement.address, 0) + 1
        increase = random.choice([0, 5, 1_000])
        new = [milestone(increase, START + 10**8)] if increase else []
        stages = self.world.view("Agreement", agreement.address, "milestones")
        open_ = [n for n, each in enumerate(stages) if each["status"] == SCHEDULED]
        changes = [changed(n, stages[n]["amount"], START + 10**8 + 5) for n in open_[:1]]
        terms = amendment(increase=increase, milestones=new, changes=changes)
        self.world.do(agreement.members[0].account, agreement, "proposeAmendment", terms)
        self.proposals[agreement.address] = number
        for member in agreement.members[1 : agreement.parties["quorum"]]:
            self.world.do(member.account, agreement, "signAmendment", number, terms)
        self.world.do(agreement.supplier.account, agreement, "signAmendment", number, terms)
        if increase:
            self.world.approve(agreement, increase)
            treasury = agreement.treasury.account
            self.world.do(treasury, agreement, "enactAmendment", number, terms)


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Deploy and register; `folder` gets the file that says where."""
    with anvil() as url, Rpc(url) as rpc:
        world = deploy(rpc, START)
        world.admit("MXN", 2)
        city = world.register(BUYER, identifier="city", account=False)
        people = {"city": city}
        offices = {"first": COMMITTEE, "second": COMMITTEE, "treasury": TREASURY}
        for name, role in offices.items():
            people[name] = world.register(
                role, scheme="OFFICE", identifier=f"XX-TEST-city/{name}", organization=city.id
            )
        others = {"builder": SUPPLIER, "spare": SUPPLIER, "inspector": INSPECTOR}
        for name, role in others.items():
            people[name] = world.register(role, identifier=name)
        world.deployment.save(folder)
        line = world.appropriate(city, "MXN", 2**90)
        base = int(rpc.call("eth_blockNumber"), 16)
        yield Scene(world, people, line, base=base, height=base)
