"""`termin index`: from the chain into the database."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer
from rich.console import Console

from backend.chain.deployment import find_deployment
from backend.chain.nodes import Nodes
from backend.cli.options import located
from backend.cli.progress import steps
from backend.cli.stopping import until_stopped
from backend.core.documents import DocumentStore
from backend.core.logs import set_up_logs
from backend.core.memory import tune_malloc
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import (
    RETRIED,
    Forever,
    Indexer,
    Listener,
    Once,
    Policy,
    Progress,
    Report,
    begin_anew,
    build_beside,
    prepare,
    run_forever,
)

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
    # A backfill makes millions of small things that live for a batch; there is little to collect.
    gc.set_threshold(50_000, 20, 50)
    tune_malloc()
    policy = Policy(settings.confirmations, settings.reorg_blocks)
    with Nodes.at(settings.node_urls) as nodes, _CatchingUp() as catching_up:
        patience = (Once if once else Forever)(catching_up.goes_on, stop)
        folder, store = settings.data_dir, DocumentStore(settings.documents_dir)
        deployment = patience(lambda: nodes.ask(lambda rpc: find_deployment(rpc, folder)))
        if deployment is None:
            return
        indexer = Indexer(database, nodes, deployment, store, policy)
        if afresh:
            patience(lambda: begin_anew(indexer))
            catching_up.reached(patience(lambda: build_beside(indexer, patience.report, stop)))
        elif once:
            catching_up.reached(patience(lambda: _bring_up(indexer, patience.report, stop)))
        if not once and not stop.is_set():
            with Listener(settings.websocket) as heads:
                run_forever(indexer, stop, catching_up.follows, heads)


def _bring_up(indexer: Indexer, report: Report, stop: threading.Event) -> Progress:
    return prepare(indexer, report, stop) or indexer.run(report, stop)


class _CatchingUp(ExitStack):
    """Tells how far the index is, until it is at the chain's head."""

    def __init__(self) -> None:
        super().__init__()
        self._console = Console(soft_wrap=True, highlight=False)
        self._tell = self.enter_context(steps("Indexing blocks"))
        self._done = False

    def goes_on(self, now: Progress) -> None:
        """So far."""
        self._tell(now.done, now.total)

    def reached(self, now: Progress | None) -> None:
        """The head is reached; None: one is to stop before."""
        self.close()
        if now is not None:
            self._console.print(f"Indexed to block {now.block}: {now.events} events.")

    def follows(self, now: Progress) -> None:
        """So far; once the head is reached there is nothing more to tell."""
        if self._done:
            return
        self.goes_on(now)
        if now.block >= now.head:
            self._done = True
            self.reached(now)
            self._console.print("Following the chain. Ctrl-C ends it.")


@contextmanager
def _metrics(settings: Settings, database: Database, host: str, port: int | None) -> Iterator[None]:
    if port is None:
        yield
        return
    # Only who asks for metrics waits for what serves them.
    from backend.cli.server import serving_metrics

    with serving_metrics(settings, database, host, port):
        yield
