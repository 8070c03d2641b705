"""`termin reconcile`: source, chain and API compared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from backend.chain.deployment import find_deployment
from backend.chain.rpc import Rpc
from backend.cli.load import Currency, DefaultDate, Files
from backend.cli.options import located
from backend.core.dates import parse_date
from backend.core.documents import read_file
from backend.core.errors import AppError
from backend.core.settings import Settings
from backend.ocds.contracts import read_source
from backend.ocds.reasons import CHAIN_REASONS
from backend.ocds.reconciliation import Comparison, describe, reconcile_all
from backend.ocds.reconciliation import reconcile as compare
from backend.ocds.source import SourceContract

API_SECONDS = 60


class ReportError(AppError):
    """The load report cannot be used."""

    status = 422
    title = "The report cannot be read"


@located
def reconcile(
    settings: Settings,
    files: Files,
    report: Annotated[
        Path | None, typer.Option(help="The load report: what it says is skipped is expected.")
    ] = None,
    currency: Currency = None,
    default_date: DefaultDate = None,
) -> None:
    """Compare source, chain and API, contract by contract, to the minor unit.

    Ends with exit status 1 and a table when anything differs. The chain is read by RPC, not
    through the index; the API must be running (`termin serve`).

    Example: `termin reconcile data.jsonl --report report.jsonl`
    """
    gap = parse_date(default_date) if default_date else None
    contracts: Sequence[SourceContract] = read_source(
        files, currency=currency, default_date=gap
    ).contracts
    if report is not None:
        contracts = without_skipped(contracts, report)
    if not tell(Console(soft_wrap=True, highlight=False), compared(settings, contracts)):
        raise typer.Exit(1)


def compared(settings: Settings, contracts: Sequence[SourceContract] | None) -> list[Comparison]:
    """Each contract on the three sides; for None every contract of the chain, without a source."""
    tls = settings.api.startswith("https:")
    api = httpx.Client(base_url=settings.api, timeout=API_SECONDS, verify=tls)
    with Rpc(settings.rpc_url) as rpc, api:
        made = find_deployment(rpc, settings.data_dir)
        if contracts is None:
            return reconcile_all(rpc, made, api)
        return compare(contracts, rpc, made, api)


def tell(console: Console, comparisons: Sequence[Comparison]) -> bool:
    """Print the differences, or that there are none; whether all agree."""
    differing = [each for each in comparisons if not each.agrees]
    if not differing:
        sides = "Chain" if all(each.source is None for each in comparisons) else "Source, chain"
        console.print(f"{sides} and API agree on {len(comparisons)} contracts, to the minor unit.")
        return True
    table = Table(title=f"{len(differing)} of {len(comparisons)} contracts differ")
    for heading in ("ocid", "contract", "figure", "source", "chain", "API"):
        table.add_column(heading, overflow="fold")
    for each in differing:
        for row in _rows(each):
            table.add_row(*row)
    console.print(table)
    return False


def without_skipped(contracts: Sequence[SourceContract], report: Path) -> list[SourceContract]:
    """The contracts without what the load could not play, as its report says."""
    skipped = _skipped(report)
    return [
        replace(
            item,
            payments=tuple(
                payment
                for payment in item.payments
                if (item.ocid, item.contract_id, payment.id) not in skipped
            ),
        )
        for item in contracts
        if (item.ocid, item.contract_id, None) not in skipped
    ]


def _skipped(report: Path) -> set[tuple[str, str, str | None]]:
    """Ocid, contract and payment of each line that only the chain is the reason for."""
    try:
        text = read_file(report).decode("utf-8")
        # Not splitlines: it also splits at characters that JSON leaves as they are.
        lines = [json.loads(line) for line in text.split("\n") if line]
        return {
            (line["ocid"], line["contract_id"], line["payment_id"])
            for line in lines
            if line["outcome"] == "skipped" and line["reason"].split(":")[0] in CHAIN_REASONS
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"{report}: not a load report ({error!r:.80})") from error


def _rows(each: Comparison) -> list[tuple[str, ...]]:
    sides = [describe(side) for side in (each.source, each.chain, each.api)]
    figures = zip(("value", "paid", "payments"), *sides, strict=True)
    return [(each.ocid, each.contract_id, *row) for row in figures if len(set(row[1:])) > 1]
