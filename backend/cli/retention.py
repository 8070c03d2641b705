"""`termin retention`: what is withheld until the defects period is over."""

from __future__ import annotations

import typer

from backend.cli.matter import open_matter
from backend.cli.options import Agreement, As, Yes, located
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the group a group while it has one command."""


@app.command()
@located
def release(settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False) -> None:
    """Release the rest of the retention before that, against a guarantee for it. For anyone.

    Example: `termin retention release --as vendor`
    """
    matter = open_matter(settings, agreement)
    amount = matter.names.amount(matter.view.money["retained"])
    words = f"Release the rest of the retention of “{matter.view.label}”, {amount}."
    matter.act(words, account, matter.call("releaseRetention"), yes=yes)
