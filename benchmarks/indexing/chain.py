"""A chain of any number of Termin's own events, the same each time, on a real Anvil.

`python -m benchmarks.indexing.chain --events 100000 --per-block 100 [--agreements 1000]
[--folder DIR]` makes one, prints where it is, and keeps it until Ctrl-C. `DIR` holds
`deployment.json` and the documents, as `--data-dir` of `termin index` wants it.
"""

from __future__ import annotations

import argparse
import heapq
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.chain.decoding import topics
from backend.chain.deployment import Deployment
from backend.chain.rpc import Rpc
from benchmarks.indexing.emitting import Act, Stage
from benchmarks.indexing.lives import (
    AFTER_MILESTONES,
    BEFORE_MILESTONES,
    PER_MILESTONE,
    Books,
    Life,
)
from benchmarks.indexing.setting import Setting, set_stage
from benchmarks.support import anvil

EVENTS_PER_AGREEMENT = 100
BEGIN = 1_704_067_200  # 2024-01-01
BLOCK_SECONDS = 60
FEWEST = 10
"""Events of an agreement at least."""
NODE_OPTIONS = ("--prune-history", "--no-request-size-limit")
_SPARE = 1.1
_STARTING = 0.4
"""In which part of a life's time all others have begun."""
_RPC_SECONDS = 600.0


@dataclass(slots=True)
class BenchmarkChain:
    """A chain that goes on while it is measured.

    `events` counts what the index finds, those of the deployment included; `told` those of the
    agreements' lives. `blocks` have events of these.
    """

    rpc: Rpc
    folder: Path
    setting: Setting
    stage: Stage
    books: Books
    events: int = 0
    told: int = 0
    blocks: int = 0
    agreements: int = 0
    clock: int = BEGIN

    @property
    def url(self) -> str:
        """Where the node answers."""
        return self.rpc.url

    @property
    def deployment(self) -> Deployment:
        """What `deployment.json` says."""
        return self.setting.deployment

    @property
    def head(self) -> int:
        """Number of the newest block."""
        return int(self.rpc.call("eth_blockNumber"), 16)

    def new_life(self, milestones: int) -> Life:
        """One more agreement, of which nothing is told yet."""
        self.agreements += 1
        return Life(self.setting, self.books, self.agreements, milestones)

    def mine(self, acts: list[Act]) -> None:
        """Put acts into the next block; `stage.flush` mines it."""
        self.clock += BLOCK_SECONDS
        self.stage.add(acts, self.clock)
        count = sum(act.events for act in acts)
        self.blocks += 1
        self.told += count
        self.events += count

    def grow(self, events: int, per_block: int, agreements: int | None = None) -> None:
        """Tell `events` more, of `agreements` new agreements, in blocks of `per_block`.

        Both are met exactly but where few agreements have no act that fits; see `told`.
        Raises ValueError when there are fewer than `FEWEST` events for each agreement.
        """
        count = agreements or max(1, events // EVENTS_PER_AGREEMENT)
        if events < FEWEST * count:
            raise ValueError(f"{events} events for {count} agreements, expected {FEWEST} for each")
        acts = _Acts(self._starts(events, count))
        left = events
        while left > 0:
            block = acts.take(min(per_block, left))
            left -= sum(act.events for act in block)
            self.mine(block)
        self.stage.flush()

    def _starts(self, events: int, count: int) -> Iterator[tuple[float, Life]]:
        fixed = BEFORE_MILESTONES + AFTER_MILESTONES
        wanted = _SPARE * events / count - fixed
        milestones = max(3, -int(-wanted // PER_MILESTONE))
        span = fixed + PER_MILESTONE * milestones
        for number in range(count):
            yield _STARTING * span * number / count, self.new_life(milestones)


class _Acts:
    """The acts of many lives in the order of their times, an act of one event each unit."""

    def __init__(self, starts: Iterator[tuple[float, Life]]) -> None:
        self._starts = starts
        self._coming = next(starts, None)
        self._heap: list[tuple[float, int, Act, Iterator[Act]]] = []

    def take(self, events: int) -> list[Act]:
        """Acts of exactly so many events; what is too large waits for the next block.

        Fewer where everything that is at hand is too large, more where one act alone is.
        """
        taken: list[Act] = []
        kept = []
        while events and self._begin():
            at, number, act, rest = heapq.heappop(self._heap)
            if act.events > events:
                kept.append((at, number, act, rest))
                continue
            taken.append(act)
            events -= act.events
            self._push(at + max(1, act.events), number, rest)
        if not taken:
            at, number, act, rest = kept.pop(0)
            taken.append(act)
            self._push(at + act.events, number, rest)
        for waiting in kept:
            heapq.heappush(self._heap, waiting)
        return taken

    def _begin(self) -> bool:
        """Let lives begin whose time has come; whether any act is at hand."""
        while self._coming and (not self._heap or self._coming[0] <= self._heap[0][0]):
            at, life = self._coming
            self._push(at, life.number, life.acts())
            self._coming = next(self._starts, None)
        return bool(self._heap)

    def _push(self, at: float, number: int, rest: Iterator[Act]) -> None:
        act = next(rest, None)
        if act is not None:
            heapq.heappush(self._heap, (at, number, act, rest))


@contextmanager
def benchmark_chain(folder: Path) -> Iterator[BenchmarkChain]:
    """A node with Termin deployed, and nothing told yet; `folder` gets deployment and documents."""
    with anvil(more=NODE_OPTIONS) as url, Rpc(url, timeout=_RPC_SECONDS) as rpc:
        setting = set_stage(rpc, folder)
        made = setting.deployment
        stage = Stage(rpc, [made.factory, made.budget, setting.token])
        yield BenchmarkChain(rpc, folder, setting, stage, Books(), events=_events_so_far(rpc))


def _events_so_far(rpc: Rpc) -> int:
    span = {"fromBlock": "0x0", "toBlock": "latest", "topics": [topics()]}
    return len(rpc.call("eth_getLogs", span))


def main() -> None:
    """Make a chain and keep it until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.indexing.chain")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--per-block", type=int, default=100)
    parser.add_argument("--agreements", type=int)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="termin-bench-") as temporary:
        folder = given.folder or Path(temporary)
        with benchmark_chain(folder) as chain:
            begin = time.perf_counter()
            chain.grow(given.events, given.per_block, given.agreements)
            seconds = time.perf_counter() - begin
            print(
                f"{chain.events} events of {chain.agreements} agreements in {chain.blocks} blocks, "
                f"head {chain.head}, made in {seconds:.1f} s.\n"
                f"--rpc-url {chain.url} --data-dir {folder}\nCtrl-C ends it.",
                flush=True,
            )
            _wait()


def _wait() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    signal.pause()


if __name__ == "__main__":
    main()
