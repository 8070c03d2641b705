"""The index and its peer, measured on a chain of Termin's own events."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.indexing import backfill, latency
from benchmarks.rows import Measurement


def measurements(*, thorough: bool) -> Iterator[Measurement]:
    """Backfill, growth, and the way of a block into the API."""
    yield from latency.measurements(thorough=thorough)
    yield from backfill.measurements(thorough=thorough)
