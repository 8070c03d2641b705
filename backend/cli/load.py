"""`termin load`: published files onto the local chain."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backend.acts.accounts import find_signer
from backend.acts.deploy import ensure_deployment
from backend.acts.load.load import Loaded
from backend.acts.load.load import load as play_source
from backend.acts.sending import Sender
from backend.chain.rpc import Rpc
from backend.cli.options import As, located
from backend.cli.progress import steps
from backend.core.dates import parse_date
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.ocds.contracts import read_source
from backend.ocds.report import write_report

Files = Annotated[list[Path], typer.Argument(help="OCDS 1.1, JSON or JSON Lines.")]
ReportFile = Annotated[
    Path | None, typer.Option("--report", help="Write the load report here, as JSON Lines.")
]
Currency = Annotated[str | None, typer.Option(help="ISO 4217 code for values that have none.")]
DefaultDate = Annotated[
    str | None, typer.Option(help="ISO 8601 date for contracts and payments that have none.")
]


@located
def load(
    settings: Settings,
    files: Files,
    report: ReportFile = None,
    currency: Currency = None,
    default_date: DefaultDate = None,
    account: As = "TEST::0",
) -> None:
    """Play published contracts and payments on the local chain, each payment on its date.

    What is on the chain already is left as it is. docs/loading.md says what becomes of data that
    is not as it should be.

    Example: `termin load data.jsonl --report report.jsonl`
    """
    loaded = load_files(settings, files, currency, default_date, account)
    if report:
        write_report(report, loaded.report)
    tell(Console(soft_wrap=True, highlight=False), loaded, report)


def load_files(
    settings: Settings,
    files: list[Path],
    currency: str | None,
    default_date: str | None,
    account: str,
) -> Loaded:
    """Read and play `files`, showing progress."""
    gap = parse_date(default_date) if default_date else None
    source = read_source(files, currency=currency, default_date=gap)
    with Rpc(settings.rpc_url) as rpc, steps("Playing the data") as progress:
        sender, admin = Sender(rpc), find_signer(account)
        made = ensure_deployment(sender, admin, settings.data_dir)
        store = DocumentStore(settings.documents_dir)
        return play_source(sender, admin, made, store, source, progress)


def tell(console: Console, loaded: Loaded, report: Path | None) -> None:
    """Print what became of the contracts and payments."""
    contracts = Counter(
        str(line.outcome)
        for line in loaded.report
        if line.contract_id is not None and line.payment_id is None
    )
    unread = sum(line.contract_id is None for line in loaded.report)
    payments = sum(len(contract.payments) for contract in loaded.source.contracts)
    skipped = [line for line in loaded.report if line.payment_id and line.outcome == "skipped"]
    outcomes = ", ".join(f"{count} {name}" for name, count in sorted(contracts.items()))
    console.print(f"Contracts: {outcomes or 'none'}.")
    console.print(f"Payments: {payments} loaded, {len(skipped)} skipped. Steps: {loaded.steps}.")
    if unread:
        console.print(f"Lines without a contract that could be read: {unread}.")
    if report:
        console.print(f"Report: {report}")
