"""`termin interest`: what a late payment costs the buyer."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.acts.sending import call
from backend.cli.matter import open_matter
from backend.cli.options import Agreement, As, Yes, located
from backend.cli.typed import decimal
from backend.core.money import to_minor
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the group a group while it has one command."""


@app.command()
@located
def pay(
    settings: Settings,
    account: As,
    amount: Annotated[
        str | None, typer.Option(help="E.g. 150000.00; without it, all that is owed.")
    ] = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Pay interest to the supplier, beside the agreement's money. For the treasury.

    Example: `termin interest pay --as bendahara`
    """
    matter = open_matter(settings, agreement)
    view, names = matter.view, matter.names
    owed = view.money["interestOwed"]
    minor = to_minor(decimal(amount), view.currency) if amount is not None else owed
    supplier = names.participant(view.parties["supplier"])
    words = (
        f"Pay {supplier} {names.amount(minor)} interest for late payment on “{view.label}”; "
        f"{names.amount(owed)} is owed."
    )
    approve = call("SettlementToken", view.token, "approve", view.address, minor)
    matter.act(words, account, approve, matter.call("payInterest", minor), yes=yes)
