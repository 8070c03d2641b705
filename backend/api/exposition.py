"""All metrics as Prometheus reads them: what the process counts, and where the index stands now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from backend.api.probe import ChainWatch, Glance
from backend.api.readiness import Reason
from backend.core.metrics import REGISTRY

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Exposition:
    """Collects for one scrape; what is not known is left out."""

    def __init__(self, watch: ChainWatch, reasons: Callable[[], Sequence[Reason]]) -> None:
        self._watch = watch
        self._reasons = reasons

    def collect(self) -> Iterator[Metric]:
        """Everything."""
        yield from REGISTRY.collect()
        for name, text, value in _figures(self._watch.glance()):
            if value is not None:
                yield GaugeMetricFamily(f"termin_{name}", text, value)
        yield GaugeMetricFamily("termin_ready", "1 if /readyz says so.", int(not self._reasons()))

    def restricted_registry(self, names: Iterable[str]) -> _Some:
        """Only the samples of these names, as prometheus_client's server asks with `name[]`."""
        return _Some(self, frozenset(names))

    def text(self) -> bytes:
        """The text exposition."""
        return generate_latest(self)


@dataclass(frozen=True, slots=True)
class _Some:
    """Collects what has one of some names."""

    whole: Exposition
    names: frozenset[str]

    def collect(self) -> Iterator[Metric]:
        """Metrics that have such samples, with those alone."""
        for metric in self.whole.collect():
            if samples := [each for each in metric.samples if each.name in self.names]:
                some = Metric(metric.name, metric.documentation, metric.type, metric.unit)
                some.samples = samples
                yield some


def _figures(glance: Glance) -> list[tuple[str, str, int | None]]:
    state = glance.place.state if glance.place else None
    return [
        ("index_block", "Last block in the index.", state.block if state else None),
        ("index_final_block", "Last final block of it.", state.final_block if state else None),
        ("chain_block", "Last block of the chain.", glance.sight.head if glance.sight else None),
        ("index_lag_blocks", "Blocks that the chain has beyond the index.", glance.lag_blocks),
        ("index_lag_seconds", "How much newer the chain's last block is.", glance.lag_seconds),
    ]
