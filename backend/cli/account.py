"""`termin account`: keys, kept by Ape."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from rich.console import Console

from backend.acts.accounts import PASSPHRASE_VARIABLE, create_account, list_accounts
from backend.cli.options import located
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.command()
@located
def create(
    settings: Settings, alias: Annotated[str, typer.Argument(help="Name of the account.")]
) -> None:
    """Make a key, encrypted under a passphrase that only you know.

    The passphrase is asked for, or taken from TERMIN_PASSPHRASE where nobody can be asked.

    Example: `termin account create secretary`
    """
    del settings
    passphrase = os.environ.get(PASSPHRASE_VARIABLE) or typer.prompt(
        "Passphrase", hide_input=True, confirmation_prompt=True
    )
    address = create_account(alias, passphrase)
    Console(soft_wrap=True, highlight=False).print(f"Account {alias}: {address}")


@app.command("list")
@located
def list_(settings: Settings) -> None:
    """Show the accounts that can sign on this machine.

    Example: `termin account list`
    """
    del settings
    console = Console(soft_wrap=True, highlight=False)
    for alias, address in list_accounts():
        console.print(f"{alias}  {address}", markup=False)
