"""What this process counts and measures, for Prometheus; each process counts for itself."""

from __future__ import annotations

from urllib.parse import urlsplit

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

# One more figure for each, which nobody reads.
disable_created_metrics()  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

EVENTS = Counter("termin_index_events", "Events of the contracts indexed.", registry=REGISTRY)
BATCHES = Counter("termin_index_batches", "Transactions of the index.", registry=REGISTRY)
RETRIES = Counter(
    "termin_index_retries", "Attempts to index that were put off.", ["error"], registry=REGISTRY
)
NODE_FAILURES = Counter(
    "termin_node_failures", "Nodes left for failing, by host.", ["node"], registry=REGISTRY
)
REORGANIZATIONS = Histogram(
    "termin_reorganization_depth_blocks",
    "How many blocks the chain gave up.",
    buckets=(1, 2, 3, 5, 10, 20, 50, 100, 256),
    registry=REGISTRY,
)
REQUESTS = Histogram(
    "termin_http_request_seconds",
    "Time to the end of an answer.",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
IN_FLIGHT = Gauge("termin_http_requests_in_flight", "Requests being answered.", registry=REGISTRY)


def committed(events: int) -> None:
    """Count a batch of the index."""
    BATCHES.inc()
    EVENTS.inc(events)


def retried(error: Exception) -> None:
    """Count an attempt that will be made again."""
    RETRIES.labels(type(error).__name__).inc()


def node_failed(url: str) -> None:
    """Count a node's failure under its host and port: the rest of a URL may hold secrets."""
    NODE_FAILURES.labels(urlsplit(url).netloc.rpartition("@")[2]).inc()


def reorganized(depth: int) -> None:
    """Count a reorganisation of so many blocks."""
    REORGANIZATIONS.observe(depth)
