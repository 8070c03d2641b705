"""`termin verify`: the index against the chain, worked out anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from rich.console import Console

from backend.chain.deployment import load_deployment
from backend.chain.rpc import Rpc
from backend.cli.options import located
from backend.cli.progress import steps
from backend.core.errors import AppError
from backend.core.settings import Settings
from backend.db.session import Database
from backend.verification.verifying import Verification
from backend.verification.verifying import verify as check


class ReportNotWrittenError(AppError):
    """The report cannot be written."""

    status = 422
    title = "The report cannot be written"


@located
def verify(
    settings: Settings,
    agreement: Annotated[
        int | None, typer.Option(help="Number of the only agreement to look at.", min=1)
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write every difference here, as JSON Lines.")
    ] = None,
) -> None:
    """Work out every agreement's money from the chain alone, and compare the index row by row.

    Logs are taken from receipts that are proven against the blocks' hashes. A line tells of each
    difference; the exit status is 0 only if there is none. See docs/verification.md.

    Example: `termin verify --agreement 7 --report differences.jsonl`
    """
    console = Console(soft_wrap=True, highlight=False, markup=False)
    database = Database(settings.database)
    made = load_deployment(settings.data_dir)
    with (
        Rpc(settings.rpc_url) as rpc,
        database.reading() as session,
        _lines(report) as write,
        steps("Proving blocks") as progress,
    ):
        done, found = check(rpc, made, session, only=agreement, progress=progress)
        for difference in found:
            console.print(str(difference))
            write({"kind": "difference", **difference.as_json()})
        write({"kind": "summary", **asdict(done)})
    database.close()
    _tell(console, done)
    raise typer.Exit(1 if done.differences else 0)


def _tell(console: Console, done: Verification) -> None:
    console.print(
        f"Block {done.block} ({done.block_hash}): {done.headers} headers and {done.receipts} "
        f"receipts are proven, with {done.logs} events."
    )
    if done.views:
        console.print("The contracts were asked for their own figures as of this block.")
    else:
        console.print(
            "The node has not kept the state of this block: the contracts could not be asked for "
            "their own figures, and only the logs were used."
        )
    rows = ", ".join(f"{count} of {table}" for table, count in done.rows.items())
    console.print(f"Rows: {rows}.")
    subject = f"{done.agreements} agreements with {done.payments} payments"
    found = f"{done.differences} differences" if done.differences else "no differences"
    console.print(f"Worked out {subject}: {found}.")


@contextmanager
def _lines(path: Path | None) -> Iterator[Any]:
    """What writes a line to the report, if there is one."""
    if path is None:
        yield lambda _: None
        return
    try:
        stream: IO[str] = path.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise ReportNotWrittenError(f"{path}: {error.strerror}") from error
    with stream:
        yield lambda line: stream.write(json.dumps(line, ensure_ascii=False) + "\n")
