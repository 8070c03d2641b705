"""`termin index`: from the chain into the database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from backend.acts.deploy import find_deployment
from backend.chain.nodes import Nodes
from backend.cli.options import located
from backend.cli.progress import steps
from backend.cli.stopping import until_stopped
from backend.core.documents import DocumentStore
from backend.core.logs import set_up_logs
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import (
    Indexer,
    Listener,
    Policy,
    Progress,
    Report,
    build_beside,
    prepare,
    run_forever,
)
from backend.indexer.following import RETRIED

MetricsPort = Annotated[
    int | None, typer.Option(help="Give metrics to Prometheus on this port.", min=1, max=65535)
]
MetricsHost = Annotated[str, typer.Option(help="Address for that.")]


@located
def index(
    settings: Settings,
    once: Annotated[bool, typer.Option("--once", help="Stop at the newest block.")] = False,
    afresh: Annotated[
        bool, typer.Option("--rebuild", help="Build it anew; the old one is served meanwhile.")
    ] = False,
    metrics_port: MetricsPort = None,
    metrics_host: MetricsHost = "127.0.0.1",
) -> None:
    """Bring the index up to the newest block, and follow the chain until Ctrl-C.

    Example: `termin index --once`
    """
    set_up_logs(settings.log_level, settings.log_format)
    database = Database(settings.database)
    with until_stopped() as stop, _metrics(settings, database, metrics_host, metrics_port):
        try:
            _index(settings, database, stop, once=once, afresh=afresh)
        except RETRIED:
            # Who is asked to end does not mind what it was waiting for.
            if not stop.is_set():
                raise
    database.close()


def _index(
    settings: Settings, database: Database, stop: threading.Event, *, once: bool, afresh: bool
) -> None:
    console = Console(soft_wrap=True, highlight=False)
    policy = Policy(settings.confirmations, settings.reorg_blocks)
    with Nodes.at(settings.node_urls) as nodes:
        deployment = find_deployment(nodes.best(), settings.data_dir)
        store = DocumentStore(settings.documents_dir)
        indexer = Indexer(database, nodes, deployment, store, policy)
        with steps("Indexing blocks") as progress:
            reached = _catch_up(indexer, lambda now: progress(now.done, now.total), stop, afresh)
        console.print(f"Indexed to block {reached.block}: {reached.events} events.")
        if not once and not stop.is_set():
            console.print("Following the chain. Ctrl-C ends it.")
            with Listener(settings.websocket) as heads:
                run_forever(indexer, stop, heads=heads)


def _catch_up(indexer: Indexer, report: Report, stop: threading.Event, afresh: bool) -> Progress:
    built = build_beside(indexer, report, stop) if afresh else prepare(indexer, report, stop)
    return built or indexer.run(report, stop)


@contextmanager
def _metrics(settings: Settings, database: Database, host: str, port: int | None) -> Iterator[None]:
    if port is None:
        yield
        return
    # Only who asks for metrics waits for what serves them.
    from backend.cli.server import serving_metrics

    with serving_metrics(settings, database, host, port):
        yield
