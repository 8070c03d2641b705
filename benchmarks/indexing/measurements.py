"""All that is measured of the index."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.indexing import backfill, latency
from benchmarks.rows import Measurement


def measurements(*, thorough: bool) -> Iterator[Measurement]:
    """The way of a block into the API, backfill, growth."""
    yield from latency.measurements(thorough=thorough)
    yield from backfill.measurements(thorough=thorough)
