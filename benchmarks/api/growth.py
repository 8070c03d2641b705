"""How the time of an answer grows with the number of contracts."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from benchmarks.api import loaded, ones, pages
from benchmarks.api.database import filled
from benchmarks.api.filling import DETAILED, Size
from benchmarks.api.load import request
from benchmarks.rows import Row

CONTRACTS = (100, 10_000, 100_000)
_SEED = 20_240_102


def growth(contracts: int) -> list[Row]:
    """The median time of each question, asked one after the other over one connection."""
    detailed = min(contracts, DETAILED)
    questions: dict[str, Iterator[bytes]] = {
        "one": ones(detailed),
        "page": pages(),
        "search": _searches(contracts),
        "totals": itertools.repeat(request("/api/v1/totals")),
    }
    with filled(Size(contracts=contracts, detailed=detailed)) as url:
        loads = {
            name: loaded("api", url, requests, connections=1)
            for name, requests in questions.items()
        }
    return [
        Row(f"growth_{contracts}_contracts_{name}_ms", round(load.percentile(0.5), 2), "ms")
        for name, load in loads.items()
    ]


def _searches(contracts: int) -> Iterator[bytes]:
    chosen = random.Random(_SEED)
    while True:
        yield request(f"/api/v1/contracts?q=section%20{chosen.randint(1, contracts)}")
