"""`termin index`: from the chain into the database."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer
from rich.console import Console

from backend.acts.deploy import find_deployment
from backend.chain.nodes import Nodes
from backend.cli.options import located
from backend.cli.progress import steps
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import Indexer, Policy, rebuild, run_forever


@located
def index(
    settings: Settings,
    once: Annotated[bool, typer.Option("--once", help="Stop at the newest block.")] = False,
    afresh: Annotated[
        bool, typer.Option("--rebuild", help="Drop the index first and build it again.")
    ] = False,
) -> None:
    """Bring the index up to the newest block, and follow the chain until Ctrl-C.

    Example: `termin index --once`
    """
    console = Console(soft_wrap=True, highlight=False)
    database = Database(settings.database)
    policy = Policy(settings.confirmations, settings.reorg_blocks)
    with Nodes.at(settings.node_urls) as nodes:
        deployment = find_deployment(nodes.best(), settings.data_dir)
        if afresh:
            rebuild(database)
        indexer = Indexer(
            database, nodes, deployment, DocumentStore(settings.documents_dir), policy
        )
        indexer.prepare()
        with steps("Indexing blocks") as progress:
            reached = indexer.run(lambda now: progress(now.done, now.total))
        console.print(f"Indexed to block {reached.block}: {reached.events} events.")
        if not once:
            console.print("Following the chain. Ctrl-C ends it.")
            run_forever(indexer, _until_stopped())
    database.close()


def _until_stopped() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
