"""The API among all that is measured, beside Ponder's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from benchmarks.api import CONNECTIONS, SECONDS, WARM_UP_SECONDS, measure
from benchmarks.api.growth import CONTRACTS, growth
from benchmarks.api.load import Load, request, run
from benchmarks.indexing.peer_api import one_row_by_id
from benchmarks.rows import LeftOut, Measurement, Row


def measurements(*, thorough: bool) -> Iterator[Measurement]:  # noqa: ARG001
    """One contract, a page, and what has not changed; growth."""
    yield Measurement("The API under load, and Ponder's", _measure)
    for contracts in CONTRACTS:
        yield Measurement(f"The API with {contracts:,} contracts", partial(growth, contracts))


def _measure() -> list[Row]:
    found = {row["name"]: Row(**row) for row in measure()}
    try:
        peer = one_row_by_id(_ask)
    except LeftOut as missing:
        note = f"Ponder left out: {missing}"
        return [replace(row, note=note) for row in found.values()]
    figures = {
        f"{name}_{measure}": value
        for name in ("api_one", "api_summary")
        for measure, value in (("rps", peer.rate), ("p99_ms", peer.percentile(0.99)))
    }
    note = "Ponder: one event by its key, a row of one table"
    return [
        replace(row, ponder=figures[name], note=note) if name in figures else row
        for name, row in found.items()
    ]


def _ask(port: int, paths: Iterator[str]) -> Load:
    requests = map(request, paths)
    run(port, requests, connections=CONNECTIONS, seconds=WARM_UP_SECONDS)
    return run(port, requests, connections=CONNECTIONS, seconds=SECONDS)
