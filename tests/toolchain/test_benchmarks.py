"""What `make bench` measures with is right; how fast anything is, no test says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.chain.events import EVENTS as KINDS
from backend.db.base import Base
from backend.db.models import Agreement, Payment
from backend.db.session import Database
from backend.indexer import index_once
from benchmarks import __main__ as main
from benchmarks.indexing.assembler import assemble
from benchmarks.indexing.backfill import PEER_NOTE
from benchmarks.indexing.chain import BenchmarkChain, benchmark_chain
from benchmarks.indexing.peer import configuration
from benchmarks.results import document, show
from benchmarks.rows import LeftOut, Measurement, Row

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
        agreements = session.scalars(select(Agreement).order_by(Agreement.number)).all()
        left = [a.funded - a.paid - a.retained - a.refunded for a in agreements]
        unpaid = [a.scheduled - a.accepted - a.advance_outstanding for a in agreements]
        payments = session.scalar(select(func.count()).select_from(Payment))
    assert left == unpaid
    assert [a.title for a in agreements] == [
        f"Rehabilitasi jalan dan saluran paket {number}" for number in range(1, 11)
    ]
    assert payments is not None
    assert payments > 20


def test_the_chain_is_the_same_each_time(chain: BenchmarkChain, tmp_path: Path) -> None:
    with benchmark_chain(tmp_path) as other:
        other.grow(300, 10, 10)
        hashes = [
            each.rpc.call("eth_getBlockByNumber", "latest", False)["hash"]
            for each in (chain, other)
        ]
    assert hashes[0] == hashes[1]


def test_too_few_events_for_the_agreements_are_refused(chain: BenchmarkChain) -> None:
    with pytest.raises(ValueError, match="11 events for 2 agreements, expected 10 for each"):
        chain.grow(11, 10, 2)


def test_the_assembler_knows_labels_numbers_and_bytes() -> None:
    code = assemble("0xabcd $n next: @next JUMP 7 ; comment", n=258)
    assert code.hex() == "61abcd" + "610102" + "5b" + "610006" + "56" + "610007"


# --- what is made of the figures ---


def measured(*rows: Row, missing: str = "") -> Iterator[Measurement]:
    """One measurement that gives rows, and one that lacks something."""
    yield Measurement("Measured", lambda: list(rows))
    if missing:
        yield Measurement("Missing", lambda: _lacks(missing))


def _lacks(what: str) -> list[Row]:
    raise LeftOut(what)


def test_what_cannot_be_measured_is_left_out_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = Row("speed", 10.0, "events/s", ponder=2.0)
    part = partial(measured, row, missing="No PostgreSQL.")
    monkeypatch.setitem(main.PARTS, "some", lambda **_: part())
    assert main.run(["some"]) == ([row], {"Missing": "No PostgreSQL."})


def test_the_result_names_machine_date_commit_and_every_row() -> None:
    rows = [Row("speed", 10.12345, "events/s", ponder=2.0, note="why"), Row("peak", 3, "MB")]
    result = document(rows, {"Missing": "No npm."})
    assert list(result) == ["machine", "date", "commit", "rows", "left_out"]
    assert result["rows"] == [
        {"name": "speed", "value": 10.123, "unit": "events/s", "ponder": 2.0, "note": "why"},
        {"name": "peak", "value": 3, "unit": "MB"},
    ]
    assert result["left_out"] == {"Missing": "No npm."}


def test_a_ratio_above_one_is_better_than_the_peer(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        Row("speed", 10.0, "events/s", ponder=4.0, floor=40.0, note=PEER_NOTE),
        Row("delay", 10.0, "ms", ponder=40.0),
    ]
    show(rows, {"Missing": "No npm."})
    lines = capsys.readouterr().out.splitlines()
    speed, delay = (
        [cell.strip() for cell in line.split("│")[1:-1]]
        for line in lines
        if line.startswith(("│ speed", "│ delay"))
    )
    assert speed == ["speed", "10.0", "events/s", "4.0", "2.50", "", "", "40.0", "0.25"]
    assert delay == ["delay", "10.0", "ms", "40.0", "4.00", "", "", "", ""]
    assert f"speed: {PEER_NOTE}" in lines
    assert "Left out: Missing: No npm." in lines


def test_the_peer_is_told_of_the_same_events_of_the_same_contracts(chain: BenchmarkChain) -> None:
    plain, tuned = (configuration(chain, tuned=tuned) for tuned in (False, True))
    read = {name: {kind.__name__ for kind in kinds} for name, kinds in KINDS.items()}
    told = {
        name: {item["name"] for item in place["abi"]} for name, place in plain["contracts"].items()
    }
    assert told == read
    assert plain["contracts"] == tuned["contracts"]
    assert plain["startBlock"] == chain.deployment.start_block
    assert plain["connection"] == {"rpc": chain.url}
    assert tuned["connection"]["rpc"] == [chain.url] * 100
