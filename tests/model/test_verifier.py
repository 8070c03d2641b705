"""The verifier works out every random history as the contract did, and finds the index right.

`TERMIN_HISTORIES` and `TERMIN_SHORTEN` as with `test_histories`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from engine import Engine
from histories import Histories
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from support.node import CHAIN_ID, anvil
from winding_up import wind_up
from world import World, build

from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.db.session import Database
from backend.indexer import index_once
from backend.verification.verifying import verify

COUNT = int(os.environ.get("TERMIN_HISTORIES", "15"))
STEPS = 40
PHASES = [Phase.reuse, Phase.generate]
if os.environ.get("TERMIN_SHORTEN") != "0":
    PHASES.append(Phase.shrink)


class Verified(Histories):
    """Each history is wound up, indexed and verified before the chain goes back."""

    rpc: ClassVar[Rpc]
    made: ClassVar[Deployment]
    folder: ClassVar[Path]
    seen: ClassVar[Counter[str]] = Counter()

    def teardown(self) -> None:
        """Verify, and go back to the beginning."""
        try:
            if self.player is not None and self.player.agreed:
                wind_up(self.player)
                self._verify()
        finally:
            self.world.chain.revert(self.snapshot)

    def _verify(self) -> None:
        file = self.folder / "termin.db"
        database = Database(f"sqlite:///{file}")
        index_once(database, self.rpc, self.made, DocumentStore(self.folder / "documents"))
        with database.reading() as session:
            done, found = verify(self.rpc, self.made, session)
            differences = list(map(str, found))
        database.close()
        for each in self.folder.glob("termin.db*"):
            each.unlink()
        assert differences == []
        assert done.views
        self.seen.update(done.rows)


def _deployment(rpc: Rpc, world: World) -> Deployment:
    kind = contract("AgreementFactory")
    topics = [kind.topic("FactoryDeployed")]
    query = {"address": world.factory, "fromBlock": "0x0", "topics": topics}
    (log,) = rpc.call("eth_getLogs", query)
    _, values = kind.event(log) or ("", {})
    genesis: Any = rpc.call("eth_getBlockByNumber", "0x0", False)
    return Deployment(
        chain_id=CHAIN_ID,
        genesis_hash=genesis["hash"],
        start_block=1,
        authority=world.factory,
        registry=values["registry"],
        budget=values["budget"],
        calendar=values["calendar"],
        factory=world.factory,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A deployment on a node of its own."""
    with anvil() as url, Rpc(url) as rpc:
        Verified.world = build(Engine(url))
        Verified.rpc = rpc
        Verified.made = _deployment(rpc, Verified.world)
        Verified.folder = tmp_path_factory.mktemp("verified")
        yield


def test_the_verifier_agrees_with_contract_and_index_on_every_history(place: None) -> None:
    chosen = settings(
        max_examples=COUNT,
        stateful_step_count=STEPS,
        deadline=None,
        phases=PHASES,
        derandomize="TERMIN_HISTORIES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Verified, settings=chosen)
    assert min(Verified.seen[name] for name in ("payments", "deductions", "final_accounts")) > 0
