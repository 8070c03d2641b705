"""Stories on chains of their own: a small one to vary, and the example of the regency."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.node import anvil

from backend.acts.accounts import Signer, find_signer
from backend.acts.deploy import ensure_deployment
from backend.acts.scenario import Scenario, play_scenario, read_scenario
from backend.acts.sending import Sender
from backend.chain.agreements import list_agreements
from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.reader import View, logs, read
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.yamlfiles import YamlFileError

EXAMPLE = Path(__file__).parents[4] / "examples" / "kabupaten-sukamaju.yaml"
TODAY = date(2026, 3, 2)

SMALL = """\
title: A small story
currency: IDR
zone: "+07:00"
participants:
  agency:
    scheme: CONTOH
    identifier: "1"
    name: Agency
    registered: D-90 09:00
    offices:
      chair: Chair of the agency
      clerk: Clerk of the agency
      surveyor: Surveyor of the agency
      treasury: Treasury of the agency
  builder:
    scheme: CONTOH
    identifier: "2"
    name: Builder
    registered: D-90 09:30
budget:
  works:
    buyer: agency
    code: 5.2.1
    title: Works
    appropriations:
      - {at: D-80 09:00, total: 1_000.00, document: Approved}
conditions:
  plain:
    amendment_cap: 10 %
    default_share: 50 %
    periods:
      {review: 0, payment: 9, dispute: 9, ruling: 9, hold: 9,
       suspension: 9, cure: 9, defects: 0, lapse: 9}
contracts:
  - ocid: ocds-contoh-1
    id: C1
    title: Wall
    description: A wall
    buyer: agency
    supplier: builder
    treasury: agency/treasury
    committee: [agency/chair, agency/clerk]
    quorum: 2
    inspectors: [agency/surveyor]
    conditions: plain
    budget: works
    value: 1_000
    signed: D-70 10:00
    starts: D-69 08:00
    ends: D+30 16:00
    milestones:
      - {title: Half, amount: 500, due: D-40 16:00}
      - {title: Rest, amount: 499.99}
    story:
      - {at: D-65 09:00, act: fund, deposit: B1}
      - {at: D-45 09:00, act: submit, milestone: 1, evidence: Photos}
      - {at: D-44 09:00, act: inspect, milestone: 1, seen: D-44 08:00, report: Seen}
      - {at: D-43 09:00, act: accept, milestone: 1, by: [agency/chair, agency/clerk]}
"""


@dataclass(frozen=True)
class Agreement:
    """An agreement as the chain has it; `events` with the time, name and values of each."""

    address: str
    terms: dict[str, Any]
    status: int
    money: dict[str, int]
    milestones: list[dict[str, Any]]
    events: list[tuple[int, str, dict[str, Any]]]

    @property
    def statuses(self) -> list[int]:
        """The status of each milestone."""
        return [milestone["status"] for milestone in self.milestones]

    def named(self, *names: str) -> list[tuple[int, str, dict[str, Any]]]:
        """The events of these names."""
        return [event for event in self.events if event[1] in names]


@dataclass(frozen=True)
class World:
    """A local chain with a deployment, and a store for documents."""

    sender: Sender
    admin: Signer
    made: Deployment
    store: DocumentStore

    @property
    def rpc(self) -> Rpc:
        return self.sender.rpc

    def play(
        self,
        scenario: Scenario,
        progress: Any = lambda _done, _total: None,
        today: date = TODAY,
    ) -> None:
        """Plays a scenario as it happened seen from `today`."""
        play_scenario(self.sender, self.admin, self.made, self.store, scenario, today, progress)

    def agreement(self, scenario: Scenario, contract_id: str) -> Agreement:
        """The agreement of one of the contracts of a scenario."""
        ocid = next(each.ocid for each in scenario.story.contracts if each.id == contract_id)
        address, terms = next(
            (address, terms)
            for _, address, terms in list_agreements(self.rpc, self.made)
            if (terms["ocid"], terms["contractId"]) == (ocid, contract_id)
        )
        names = ("status", "money", "milestones")
        state = [read(self.rpc, View("Agreement", address, name)) for name in names]
        return Agreement(address, terms, *state, self.events("Agreement", address))

    def balance(self, account: str) -> int:
        """What an account holds, in minor units of IDR."""
        token = read(self.rpc, View("AgreementFactory", self.made.factory, "tokenOf", ("IDR",)))
        return int(read(self.rpc, View("SettlementToken", token, "balanceOf", (account,))))

    def events(self, kind: str, address: str) -> list[tuple[int, str, dict[str, Any]]]:
        """Time, name and values of each event of one contract."""
        found = logs(self.rpc, [address], [], self.made.start_block)
        decoded = ((self.time(log["blockNumber"]), contract(kind).event(log)) for log in found)
        return [(at, *event) for at, event in decoded if event]

    def transactions(self, address: str, at: int) -> list[dict[str, Any]]:
        """The transactions to an address in the blocks that bear a second."""
        last = int(self.rpc.call("eth_blockNumber"), 16)
        blocks = (self.rpc.call("eth_getBlockByNumber", hex(n), True) for n in range(last + 1))
        return [
            each
            for block in blocks
            if int(block["timestamp"], 16) == at
            for each in block["transactions"]
            if each["to"] == address.lower()
        ]

    def time(self, block: str) -> int:
        """The timestamp of a block, Unix seconds."""
        return int(self.rpc.call("eth_getBlockByNumber", block, False)["timestamp"], 16)


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> DocumentStore:
    """One store, so that a document has the same hash on every chain."""
    return DocumentStore(tmp_path_factory.mktemp("documents"))


@pytest.fixture
def world(own_rpc: Rpc, tmp_path: Path, documents: DocumentStore) -> World:
    """A chain with a deployment and nothing else."""
    return _world(own_rpc, tmp_path, documents)


@pytest.fixture(scope="session")
def example() -> Scenario:
    """The example as it is read."""
    return read_scenario(EXAMPLE)


@pytest.fixture(scope="session")
def played(
    tmp_path_factory: pytest.TempPathFactory, documents: DocumentStore, example: Scenario
) -> Iterator[World]:
    """A chain on which the example was played; read only."""
    with anvil() as url, Rpc(url) as rpc:
        world = _world(rpc, tmp_path_factory.mktemp("played"), documents)
        world.play(example)
        yield world


def _world(rpc: Rpc, folder: Path, documents: DocumentStore) -> World:
    sender, admin = Sender(rpc), find_signer("TEST::0")
    return World(sender, admin, ensure_deployment(sender, admin, folder), documents)


@pytest.fixture
def tell(tmp_path: Path) -> Callable[..., Scenario]:
    """`tell({"old": "new"})`: the small story with parts of its text replaced, as `story.yaml`."""

    def write(changes: dict[str, str] | None = None) -> Scenario:
        text = SMALL
        for old, new in (changes or {}).items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "story.yaml"
        path.write_text(text, encoding="utf-8")
        return read_scenario(path)

    return write


@pytest.fixture(scope="session")
def today() -> date:
    """The day of the run in all tests."""
    return TODAY


@pytest.fixture
def found(tell: Callable[..., Scenario], tmp_path: Path) -> Callable[[str, str], list[str]]:
    """`found("old", "new")`: what is wrong with the small story with a part of its text replaced.

    Each mistake as `line: place: found …; expected …`.
    """

    def read(old: str, new: str) -> list[str]:
        with pytest.raises(YamlFileError) as error:
            tell({old: new})
        assert (error.value.status, error.value.title) == (422, "The file has errors")
        file = f"{tmp_path / 'story.yaml'}:"
        lines = error.value.detail.splitlines()
        assert all(line.startswith(file) for line in lines)
        return [line.removeprefix(file) for line in lines]

    return read
