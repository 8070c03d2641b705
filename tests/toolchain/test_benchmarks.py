"""What `make bench` measures with is right; how fast anything is, no test says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from backend.db.base import Base
from backend.db.models import Agreement, Payment
from backend.db.session import Database
from backend.indexer import index_once
from benchmarks.indexing.assembler import assemble
from benchmarks.indexing.chain import BenchmarkChain, benchmark_chain

EVENTS = Base.metadata.tables["events"]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BenchmarkChain]:
    """300 events of 10 agreements, 10 a block."""
    with benchmark_chain(tmp_path_factory.mktemp("chain")) as found:
        found.grow(300, 10, 10)
        yield found


@pytest.fixture(scope="module")
def index(chain: BenchmarkChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The chain, indexed."""
    found = Database(f"sqlite:///{tmp_path_factory.mktemp('index') / 'termin.db'}")
    index_once(found, chain.rpc, chain.deployment, chain.setting.store)
    yield found
    found.close()


def test_the_chain_holds_as_many_events_as_it_says(chain: BenchmarkChain, index: Database) -> None:
    assert (chain.told, chain.blocks, chain.agreements) == (300, 30, 10)
    first = chain.head - chain.blocks + 1
    with index.reading() as session:
        total = session.scalar(select(func.count()).select_from(EVENTS))
        per_block = session.execute(
            select(func.count()).where(EVENTS.c.block >= first).group_by(EVENTS.c.block)
        ).scalars()
        assert list(per_block) == [10] * 30
    assert total == chain.events


def test_the_money_of_the_told_agreements_adds_up(chain: BenchmarkChain, index: Database) -> None:
    with index.reading() as session:
        agreements = session.scalars(select(Agreement)).all()
        left = [a.funded - a.paid - a.retained - a.refunded for a in agreements]
        unpaid = [a.scheduled - a.accepted - a.advance_outstanding for a in agreements]
        payments = session.scalar(select(func.count()).select_from(Payment))
    assert left == unpaid
    assert [a.title for a in agreements] == [
        f"Rehabilitasi jalan dan saluran paket {number}" for number in range(1, 11)
    ]
    assert payments is not None
    assert payments > 20


def test_too_few_events_for_the_agreements_are_refused(chain: BenchmarkChain) -> None:
    with pytest.raises(ValueError, match="11 events for 2 agreements, expected 6 for each"):
        chain.grow(11, 10, 2)


def test_the_assembler_knows_labels_numbers_and_bytes() -> None:
    code = assemble("0xabcd $n next: @next JUMP 7 ; comment", n=258)
    assert code.hex() == "61abcd" + "610102" + "5b" + "610006" + "56" + "610007"
