"""Deploy the contracts with an account of yours:

ape run deploy --network ethereum:local:http://127.0.0.1:8545 --account TEST::0 --currency IDR
"""

import click
from ape.cli import ConnectedProviderCommand, account_option, network_option

from backend.acts.accounts import ApeSigner
from backend.acts.deploy import deploy_currency, ensure_deployment, token_of
from backend.acts.sending import Sender
from backend.chain.rpc import Rpc
from backend.core.settings import Settings


@click.command(cls=ConnectedProviderCommand)
@network_option()
@account_option()
@click.option("--currency", multiple=True, help="ISO 4217 code of a currency to admit.")
def cli(account, provider, currency):
    """Deploy the contracts, unless they stand already, and admit currencies."""
    settings = Settings()
    with Rpc(provider.http_uri) as rpc:
        sender, admin = Sender(rpc), ApeSigner(account)
        made = ensure_deployment(sender, admin, settings.data_dir)
        for code in currency:
            token = token_of(rpc, made, code) or deploy_currency(sender, admin, made, code)
            click.echo(f"{code}: settlement token {token}")
    click.echo(f"Factory {made.factory}, written to {settings.data_dir / 'deployment.json'}")
