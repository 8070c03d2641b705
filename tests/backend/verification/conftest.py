"""The works indexed in each database, and their logs gathered once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from support.indexes import Indexes
from support.works import Works

from backend.chain.rpc import Rpc
from backend.db.session import Database
from backend.verification.differences import Difference
from backend.verification.gathering import Gathered, Gatherer
from backend.verification.proven import ProvenChain
from backend.verification.spool import Fact, Spool
from backend.verification.verifying import Verification, verify
from backend.verification.views import calendar_offset


@pytest.fixture
def indexed_works(works: Works, any_database: Database, indexes: Indexes) -> Database:
    """The works in both databases, for one test to change."""
    indexes.fill(any_database, works)
    return any_database


@dataclass
class Known:
    """All that replays need; `facts` by the agreement's name."""

    found: Gathered
    facts: dict[str, list[Fact]]
    numbers: dict[str, int]


@pytest.fixture(scope="package")
def known(works: Works) -> Iterator[Known]:
    """The logs of the works, proven and decoded."""
    rpc, made = works.rpc, works.world.deployment
    head = rpc.call("eth_getBlockByNumber", "latest", False)
    chain = ProvenChain(rpc, made.start_block, int(head["number"], 16), head["hash"])
    with Spool() as spool:
        gatherer = Gatherer(made, calendar_offset(rpc, made), spool)
        for block in chain.blocks(gatherer.wants):
            gatherer.take(block)
        spool.finish()
        found = gatherer.found
        names = {each.address: name for name, each in works.contracts.items()}
        facts = {names[address]: list(spool.facts(address)) for address in found.agreements}
        numbers = {names[address]: number for address, number in found.agreements.items()}
        yield Known(found, facts, numbers)


def checked(
    rpc: Rpc, works: Works, database: Database, only: int | None = None
) -> tuple[Verification, list[Difference]]:
    """Verify an index of the works with a node."""
    with database.reading() as session:
        done, found = verify(rpc, works.world.deployment, session, only=only)
        return done, list(found)
