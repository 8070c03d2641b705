"""`termin demo`: the whole, from data to portal."""

from __future__ import annotations

import shutil
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from backend.acts.accounts import find_signer
from backend.acts.deploy import ensure_deployment
from backend.acts.scenario import day_on_chain, play_scenario, read_scenario
from backend.acts.sending import Sender
from backend.app import create_app
from backend.chain.deployment import NotDeployedError, OtherChainError, find_deployment
from backend.chain.local import LocalChain
from backend.chain.rpc import NodeUnreachableError, Rpc
from backend.cli import load as load_command
from backend.cli import reconcile as reconcile_command
from backend.cli.export import export_to
from backend.cli.load import Currency, DefaultDate, ReportFile
from backend.cli.options import located
from backend.cli.progress import steps
from backend.cli.server import LOCALHOST, free_port, require_free, serving
from backend.cli.summary import summarize
from backend.core.documents import DocumentStore
from backend.core.errors import AppError
from backend.core.logs import set_up_logs
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import IndexMismatchError, index_once, rebuild
from backend.ocds.report import write_report
from backend.ocds.source import SourceContract

ADMIN = "TEST::0"
EXAMPLE = Path(__file__).parents[2] / "examples" / "kabupaten-sukamaju.yaml"
"""Fictional; lies in the checkout, which the demo needs anyway for Anvil."""

PLAYED_FOLDER = "played"


class ChainTakenError(AppError):
    """Another chain answers where the local one should."""

    status = 409
    title = "Another chain answers here"


@located
def demo(
    settings: Settings,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Published OCDS files, on a chain of their own.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End when all is reconciled.")] = False,
    export: Annotated[
        Path | None, typer.Option(help="Write the OCDS export here, as JSON Lines.")
    ] = None,
    report: ReportFile = None,
    currency: Currency = None,
    default_date: DefaultDate = None,
    port: Annotated[int | None, typer.Option(help="Port of API and portal.")] = None,
    today: Annotated[
        str | None, typer.Option(help="Day that the example's dates are counted from.")
    ] = None,
) -> None:
    """Start a chain, play data through it, index it, reconcile, and serve API and portal.

    Without files it plays the fictional regency of `examples/`, and continues where it stood when
    it is run again; with files it begins afresh. Ends with exit status 1 if anything differs.

    Example: `termin demo data.jsonl --once --export out.jsonl --report report.jsonl`
    """
    console = Console(soft_wrap=True, highlight=False)
    # Whoever runs it reads what the demo itself says.
    level = "WARNING" if settings.log_level == "INFO" else settings.log_level
    set_up_logs(level, settings.log_format)
    settings = _place(settings, afresh=bool(files), once=once, port=port)
    require_free(settings.host, settings.port)
    with _stoppable(), _chain(settings, console):
        if files:
            loaded = load_command.load_files(settings, files, currency, default_date, ADMIN)
            load_command.tell(console, loaded, report)
            if report:
                write_report(report, loaded.report)
            expected: Sequence[SourceContract] | None = loaded.source.contracts
        else:
            # What a story pays is for the contracts of the chain to work out.
            expected = None
            _play_example(settings, today, console)
        _index(settings, console)
        if export:
            console.print(f"Export: {export_to(settings, export)} records in {export}")
        app = create_app(settings, index=not once)
        with serving(app, settings.host, settings.port, proxies=settings.trusted_proxies):
            agrees = reconcile_command.tell(console, reconcile_command.compared(settings, expected))
            summarize(settings, console)
            if once:
                raise typer.Exit(0 if agrees else 1)
            console.print(f"\nPortal and API: {settings.api}   Chain: {settings.rpc_url}")
            # Ctrl-C is how it is meant to end, not an error.
            with suppress(KeyboardInterrupt):
                console.print("Ctrl-C ends it; the next run continues.")
                threading.Event().wait()


def _place(settings: Settings, *, afresh: bool, once: bool, port: int | None) -> Settings:
    """Where this run keeps its chain and listens."""
    changes: dict[str, object] = {"port": port or (free_port() if once else settings.port)}
    if afresh:
        folder = settings.data_dir / PLAYED_FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        changes |= {
            "data_dir": folder,
            "rpc_url": f"http://{LOCALHOST}:{free_port()}",
            "database_url": "",
        }
    return settings.model_copy(update=changes)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end the demo as Ctrl-C does: orderly."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _chain(settings: Settings, console: Console) -> Iterator[None]:
    """The local chain: the one that runs already, or one of our own for as long as we need it."""
    with Rpc(settings.rpc_url) as rpc:
        if _answers(rpc):
            _require_ours(rpc, settings)
            console.print(f"Using the chain at {settings.rpc_url}.")
            yield
            return
    local = LocalChain(settings.data_dir / "chain", settings.rpc_url)
    try:
        local.start()
        console.print(f"Started the chain at {settings.rpc_url}.")
        yield
    finally:
        local.stop()


def _answers(rpc: Rpc) -> bool:
    try:
        rpc.call("eth_chainId")
    except NodeUnreachableError:
        return False
    return True


def _require_ours(rpc: Rpc, settings: Settings) -> None:
    try:
        find_deployment(rpc, settings.data_dir)
    except NotDeployedError:
        if int(rpc.call("eth_blockNumber"), 16) == 0:
            return
        ours = False
    except OtherChainError:
        ours = False
    else:
        ours = True
    if not ours:
        raise ChainTakenError(
            f"A chain that Termin was not deployed on by this checkout answers at {rpc.url}. Stop "
            "it, or choose another address: TERMIN_RPC_URL=http://127.0.0.1:8546 make demo"
        )


def _play_example(settings: Settings, today: str | None, console: Console) -> None:
    """Play what is missing of the example."""
    scenario = read_scenario(EXAMPLE)
    store = DocumentStore(settings.documents_dir)
    with Rpc(settings.rpc_url) as rpc:
        sender, admin = Sender(rpc), find_signer(ADMIN)
        made = ensure_deployment(sender, admin, settings.data_dir)
        day = day_on_chain(rpc, made, scenario) or (
            date.fromisoformat(today)
            if today
            else datetime.now(ZoneInfo(settings.time_zone)).date()
        )
        console.print(f"Fictional example: {EXAMPLE.name}, told as of {day}.")
        with steps("Playing the example") as progress:
            play_scenario(sender, admin, made, store, scenario, day, progress)


def _index(settings: Settings, console: Console) -> None:
    database = Database(settings.database)
    store = DocumentStore(settings.documents_dir)
    with Rpc(settings.rpc_url) as rpc, steps("Indexing blocks") as progress:
        made = find_deployment(rpc, settings.data_dir)

        def run() -> None:
            index_once(database, rpc, made, store, lambda now: progress(now.done, now.total))

        try:
            run()
        except IndexMismatchError as error:
            console.print(f"{error.detail} Building it again.")
            rebuild(database)
            run()
    database.close()
