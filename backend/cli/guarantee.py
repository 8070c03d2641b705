"""`termin guarantee`: securities of a bank or surety."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from backend.cli.matter import open_matter
from backend.cli.options import Agreement, As, Until, Yes, located
from backend.cli.typed import decimal, moment
from backend.core.documents import sha256_of_file
from backend.core.money import to_minor
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)


class Kind(StrEnum):
    """What a guarantee stands for, in the order of the contracts."""

    PERFORMANCE = "performance"
    ADVANCE = "advance"
    RETENTION = "retention"


@app.callback()
def _group() -> None:
    """Keeps the group a group while it has one command."""


@app.command()
@located
def record(
    settings: Settings,
    kind: Annotated[Kind, typer.Argument(help="What it stands for.")],
    amount: Annotated[str, typer.Argument(help="E.g. 24000000.00.")],
    until: Until,
    document: Annotated[Path, typer.Option(help="The guarantee; only its SHA-256 is sent.")],
    account: As,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Vote to record a guarantee, in place of an earlier one. For the committee, by quorum.

    Example: `termin guarantee record performance 24000000.00 --until 2027-06-30
    --document bond.pdf --as secretary`
    """
    matter = open_matter(settings, agreement)
    arguments = (
        list(Kind).index(kind),
        to_minor(decimal(amount), matter.view.currency),
        moment(until, matter.zone),
        sha256_of_file(document),
    )
    matter.vote(account, "recordGuarantee", *arguments, yes=yes)
