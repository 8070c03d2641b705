"""`termin payment`: claims."""

from __future__ import annotations

import typer

from backend.acts.agreements import OWED
from backend.cli.desk import Desk, on_agreement
from backend.cli.options import Agreement, As, Yes, located
from backend.core.settings import Settings

app = typer.Typer(help="Payments that wait as claims.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the group a group while it has one command."""


@app.command()
@located
def claim(settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False) -> None:
    """Pull every payment of an agreement that waits as a claim. Anyone may; the payee is paid.

    Example: `termin payment claim --as vendor`
    """
    desk = Desk(settings)
    view = desk.agreement(agreement)
    names = desk.names.with_currency(view.currency)
    owed = [milestone for milestone in view.milestones if milestone.status == OWED]
    if not owed:
        desk.console.print(f"Nothing is owed on “{view.label}”.", markup=False)
        return
    parts = ", ".join(
        f"{names.amount(each.amount)} to {names.participant(each.payee)} for number {each.number}"
        for each in owed
    )
    calls = [on_agreement(view, "claim", each.number - 1) for each in owed]
    desk.act(f"Pay what is owed: {parts}.", account, calls, yes=yes, names=names, view=view)
