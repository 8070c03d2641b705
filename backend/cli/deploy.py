"""`termin deploy`: the contracts."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from backend.acts.accounts import find_signer
from backend.acts.deploy import deploy_currency, ensure_deployment, token_of
from backend.acts.sending import Sender
from backend.chain.rpc import Rpc
from backend.cli.options import As, located
from backend.core.money import exponent
from backend.core.settings import Settings


@located
def deploy(
    settings: Settings,
    account: As = "TEST::0",
    currency: Annotated[
        list[str] | None, typer.Option(help="ISO 4217 code of a currency to admit.")
    ] = None,
) -> None:
    """Deploy the contracts, unless they stand already, and admit currencies.

    The account that signs gets the administrative roles, to hand them on.

    Example: `termin deploy --currency IDR`
    """
    console = Console(soft_wrap=True, highlight=False)
    with Rpc(settings.rpc_url) as rpc:
        sender, admin = Sender(rpc), find_signer(account)
        made = ensure_deployment(sender, admin, settings.data_dir)
        console.print(
            f"Factory {made.factory}, registry {made.registry}, budget {made.budget}, "
            f"calendar {made.calendar}"
        )
        for code in currency or []:
            exponent(code)
            token = token_of(rpc, made, code) or deploy_currency(sender, admin, made, code)
            console.print(f"{code}: settlement token {token}")
    console.print(f"Written to {settings.data_dir / 'deployment.json'}")
