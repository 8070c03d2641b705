"""`termin advance`: the advance payment."""

from __future__ import annotations

import typer

from backend.acts.words import basis_points
from backend.cli.matter import open_matter
from backend.cli.options import Agreement, As, Yes, located
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the group a group while it has one command."""


@app.command()
@located
def pay(settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False) -> None:
    """Have the advance paid, once the agreement is active and guaranteed. For anyone.

    Example: `termin advance pay --as vendor`
    """
    matter = open_matter(settings, agreement)
    rate = basis_points(matter.view.conditions["advanceRate"])
    supplier = matter.names.participant(matter.view.parties["supplier"])
    words = (
        f"Pay {supplier} the advance on “{matter.view.label}”: {rate} of the value at signature."
    )
    matter.act(words, account, matter.call("payAdvance"), yes=yes)
