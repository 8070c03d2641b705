"""`termin budget`: what may be spent."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.acts.directory import NOBODY
from backend.acts.sending import call
from backend.cli.desk import Desk
from backend.cli.options import As, Yes, located
from backend.cli.typed import decimal
from backend.core.money import to_minor
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the group a group while it has one command."""


@app.command()
@located
def appropriate(
    settings: Settings,
    total: Annotated[str, typer.Argument(help="The line's new total, e.g. 500000000.00.")],
    currency: Annotated[str, typer.Argument(help="ISO 4217 code.")],
    account: As,
    buyer: Annotated[str, typer.Option(help="Who may spend it.")],
    year: Annotated[int, typer.Option(help="Fiscal year.")],
    code: Annotated[str, typer.Option(help="The line's code in the budget.")],
    yes: Yes = False,
) -> None:
    """Set what may be committed on a line, opening it if need be.

    Example: `termin budget appropriate 500000000.00 IDR --as budget-office --buyer "Dinas PU"
    --year 2026 --code 5.2.3.01`
    """
    desk = Desk(settings)
    entry, names = desk.names.find(buyer), desk.names.with_currency(currency)
    amount = to_minor(decimal(total), currency)
    token = desk.token(currency)
    arguments = (entry.id, token, year, code, amount, NOBODY)
    what = call("Budget", desk.made.budget, "appropriate", *arguments)
    words = f"Appropriate {names.amount(amount)} to {names.short(entry)}, line {code} of {year}."
    desk.act(words, account, [what], yes=yes, names=names)
