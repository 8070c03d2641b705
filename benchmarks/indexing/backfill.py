"""How fast a chain is indexed from the begin, with how much memory, and how both grow."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.databases import Postgres, ask, postgres_server
from benchmarks.indexing.chain import FEWEST, BenchmarkChain, benchmark_chain
from benchmarks.indexing.floor import events_per_second
from benchmarks.indexing.own import Backfill, backfill
from benchmarks.indexing.peer import SCHEMA, Peer, ponder
from benchmarks.rows import LeftOut, Measurement, Row

EVENTS = 100_000
DENSE, SPARSE = 100, 10
MOST_BLOCKS = 4_000
"""Where agreements are many: Anvil hashes all that it has for each block."""
RUNS = 3
PER_SECOND = "events/s"
PEER_NOTE = "Ponder stores full blocks and transactions too"
_GROWN_BY_EVENTS = (10_000, 100_000, 1_000_000)
_GROWN_BY_AGREEMENTS = (100, 10_000, 100_000)
"""A thousand agreements have the hundred thousand events above."""


def measurements(*, thorough: bool) -> Iterator[Measurement]:
    """Dense, sparse, and growth; `thorough` goes on to a million events."""
    yield Measurement(f"Backfill, {DENSE} events a block", dense)
    yield Measurement(f"Backfill, {SPARSE} events a block", sparse)
    for events in _GROWN_BY_EVENTS[: None if thorough else -1]:
        yield Measurement(f"Growth: {events:,} events", partial(grown, events))
    for agreements in _GROWN_BY_AGREEMENTS[: None if thorough else -1]:
        yield Measurement(f"Growth: {agreements:,} agreements", partial(spread, agreements))


def dense() -> list[Row]:
    """Rows of the dense chain: both databases, and memory."""
    with grown_chain(EVENTS, DENSE) as chain, postgres_server() as server:
        floor = statistics.median(events_per_second(chain) for _ in range(RUNS))
        own = _median(lambda: backfill(chain, server.fresh()))
        lite = _median(partial(_into_sqlite, chain))
        plain, tuned = (_peer(chain, server, tuned=tuned) for tuned in (False, True))
    notes = [_started(own), *_notes(plain, tuned)]
    return [
        Row(
            "backfill_postgres_dense",
            own.per_second,
            PER_SECOND,
            plain.per_second,
            tuned.per_second,
            floor,
            "; ".join(notes),
        ),
        Row("backfill_sqlite", lite.per_second, PER_SECOND, floor=floor, note=_started(lite)),
        Row("indexer_peak_mb", own.peak_mb, "MB", plain.peak_mb, tuned.peak_mb),
    ]


def sparse() -> list[Row]:
    """The row of the sparse chain."""
    with grown_chain(EVENTS, SPARSE) as chain, postgres_server() as server:
        floor = statistics.median(events_per_second(chain) for _ in range(RUNS))
        own = _median(lambda: backfill(chain, server.fresh()))
        plain, tuned = (_peer(chain, server, tuned=tuned) for tuned in (False, True))
    return [
        Row(
            "backfill_postgres_sparse",
            own.per_second,
            PER_SECOND,
            plain.per_second,
            tuned.per_second,
            floor,
            "; ".join([_started(own), *_notes(plain, tuned)]),
        )
    ]


def grown(events: int) -> list[Row]:
    """Time and memory of so many events, a hundred an agreement."""
    with grown_chain(events, DENSE) as chain, postgres_server() as server:
        return _growth_rows(f"growth_{events}_events", backfill(chain, server.fresh()))


def spread(agreements: int) -> list[Row]:
    """Time and memory of as many events with other numbers of agreements, ten each at least."""
    events = max(EVENTS, agreements * FEWEST)
    per_block = max(DENSE, events // MOST_BLOCKS)
    with grown_chain(events, per_block, agreements) as chain, postgres_server() as server:
        return _growth_rows(f"growth_{agreements}_agreements", backfill(chain, server.fresh()))


@contextmanager
def grown_chain(
    events: int, per_block: int, agreements: int | None = None
) -> Iterator[BenchmarkChain]:
    """A chain of its own, thrown away afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="termin-bench-") as folder,
        benchmark_chain(Path(folder)) as chain,
    ):
        chain.grow(events, per_block, agreements)
        yield chain


class _PeerRun:
    """What one backfill by Ponder came to; figures are None where it did not run."""

    def __init__(self) -> None:
        self.per_second: float | None = None
        self.peak_mb: float | None = None
        self.note = ""


def _peer(chain: BenchmarkChain, server: Postgres, *, tuned: bool) -> _PeerRun:
    run = _PeerRun()
    try:
        with ponder(chain, server.fresh(), tuned=tuned) as peer:
            peer.wait_ready()
            seconds = time.time() - _began_fetching(peer)
            found = ask(peer.database_url, f"SELECT count(*) FROM {SCHEMA}.events")
            run.per_second, run.peak_mb = found / seconds, peer.process.peak_mb
            whole = time.perf_counter() - peer.process.began
            run.note = (
                f"Ponder{' tuned' * tuned}: ready with {found} events, start included {whole:.1f} s"
            )
    except LeftOut as missing:
        run.note = str(missing)
    return run


def _began_fetching(peer: Peer) -> float:
    """Unix time of the first request of the backfill, as Ponder logs it."""
    for line in peer.process.output.read_text().splitlines():
        if "Started backfill indexing" in line:
            return float(json.loads(line)["time"]) / 1000
    raise LeftOut("Ponder does not say any more when its backfill begins.")


def _into_sqlite(chain: BenchmarkChain) -> Backfill:
    with tempfile.TemporaryDirectory(prefix="termin-bench-") as folder:
        return backfill(chain, f"sqlite:///{folder}/termin.db")


def _median(measure: Callable[[], Backfill]) -> Backfill:
    runs = sorted((measure() for _ in range(RUNS)), key=lambda run: run.seconds)
    return runs[RUNS // 2]


def _growth_rows(name: str, run: Backfill) -> list[Row]:
    per_event = 1_000_000 * run.seconds / run.events
    return [
        Row(f"{name}_us", per_event, "µs/event", note=f"{run.events} events, {run.seconds:.1f} s"),
        Row(f"{name}_peak_mb", run.peak_mb, "MB"),
    ]


def _started(run: Backfill) -> str:
    return f"{run.start_seconds:.1f} s of start subtracted"


def _notes(*runs: _PeerRun) -> list[str]:
    measured = any(run.per_second for run in runs)
    return [*([PEER_NOTE] if measured else []), *(run.note for run in runs)]
