"""From the moment a block is asked for until its payment is in the API's answer."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median, quantiles

import httpx

from benchmarks.databases import Postgres, postgres_server
from benchmarks.indexing.backfill import DENSE, grown_chain
from benchmarks.indexing.chain import BenchmarkChain
from benchmarks.indexing.lives import Life
from benchmarks.indexing.own import following
from benchmarks.indexing.peer import ponder
from benchmarks.rows import LeftOut, Measurement, Row

BLOCKS = 100
EVENTS_BEFORE = 10_000
_PAUSES = (0.2, 1.2)
"""Seconds between an answer and the next block: random, that no poll falls into step."""
_LOOK_SECONDS = 0.002
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Mined:
    """A payment that is on the chain."""

    life: Life
    block: int
    log_index: int


Seen = Callable[[Mined], bool]
"""Whether the payment is in the API's answer."""


@dataclass(frozen=True, slots=True)
class Delays:
    """Milliseconds."""

    median: float
    p95: float
    longest: float


def measurements(*, thorough: bool) -> Iterator[Measurement]:  # noqa: ARG001
    """One."""
    yield Measurement(f"From block to API, {BLOCKS} blocks each", block_to_api)


def block_to_api() -> list[Row]:
    """Termin first, then Ponder as it comes, then tuned, on one chain."""
    with grown_chain(EVENTS_BEFORE, DENSE) as chain, postgres_server() as server:
        own = _own(chain, server)
        peers = [_peer(chain, server, tuned=tuned) for tuned in (False, True)]
    note = "; ".join(missing for _, missing in peers if missing)
    (plain, _), (tuned, _) = peers
    return [
        Row(
            f"block_to_api_{name}_ms",
            getattr(own, name),
            "ms",
            getattr(plain, name, None),
            getattr(tuned, name, None),
            note=note,
        )
        for name in ("median", "p95", "longest")
    ]


def _own(chain: BenchmarkChain, server: Postgres) -> Delays:
    with following(chain, server.fresh()) as url, httpx.Client(base_url=url) as client:

        def seen(paid: Mined) -> bool:
            wanted: dict[str, str | int] = {
                "contract": paid.life.address,
                "limit": 1,
                "sort": "date",
            }
            answer = _get(client, "/api/v1/payments", wanted)
            if answer is None or answer.status_code != 200:
                return False
            payments = answer.json()["payments"]
            return bool(payments) and payments[0]["source"]["block"] == paid.block

        return _delays(chain, seen)


def _peer(chain: BenchmarkChain, server: Postgres, *, tuned: bool) -> tuple[Delays | None, str]:
    try:
        with (
            ponder(chain, server.fresh(), tuned=tuned) as peer,
            httpx.Client(base_url=peer.url) as client,
        ):
            peer.wait_ready()

            def seen(paid: Mined) -> bool:
                answer = _get(client, f"/events/{paid.block}/{paid.log_index}", {})
                return answer is not None and answer.status_code == 200

            return _delays(chain, seen), ""
    except LeftOut as missing:
        return None, str(missing)


def _delays(chain: BenchmarkChain, seen: Seen) -> Delays:
    life = chain.new_life(BLOCKS + 1)
    chain.mine(list(life.beginning()))
    chain.stage.flush()
    pauses = random.Random(4)
    # The first block is for the start of whoever follows, and is not counted.
    found = [_delay(chain, life, number, seen, pauses) for number in range(BLOCKS + 1)][1:]
    return Delays(median(found), quantiles(found, n=20, method="inclusive")[-1], max(found))


def _delay(
    chain: BenchmarkChain,
    life: Life,
    number: int,
    seen: Seen,
    pauses: random.Random,
) -> float:
    acts = list(life.milestone(number))
    names = [told.event for act in acts for told in act.logs()]
    chain.mine(acts)
    asked = chain.stage.flush()
    paid = Mined(life, chain.head, names.index("PaymentMade"))
    while not seen(paid):
        if time.perf_counter() - asked > _PATIENCE:
            raise RuntimeError(f"The payment of block {paid.block} is not in the API in a minute")
        time.sleep(_LOOK_SECONDS)
    milliseconds = 1000 * (time.perf_counter() - asked)
    time.sleep(pauses.uniform(*_PAUSES))
    return milliseconds


def _get(client: httpx.Client, path: str, wanted: dict[str, str | int]) -> httpx.Response | None:
    try:
        return client.get(path, params=wanted)
    except httpx.TransportError:
        return None
