"""Play the fictional regency of examples/ on a local chain:

    ape run demo --network ethereum:local:http://127.0.0.1:8545 --account TEST::0

`make demo` also indexes it and serves the portal.
"""

from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand, account_option, network_option

from backend.acts.accounts import ApeSigner
from backend.acts.deploy import ensure_deployment
from backend.acts.scenario import day_on_chain, play_scenario, read_scenario
from backend.acts.sending import Sender
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings

EXAMPLE = Path(__file__).parents[1] / "examples" / "kabupaten-sukamaju.yaml"


@click.command(cls=ConnectedProviderCommand)
@network_option()
@account_option()
def cli(account, provider):
    """Play what is missing of the example."""
    settings, scenario = Settings(), read_scenario(EXAMPLE)
    with Rpc(provider.http_uri) as rpc:
        sender, admin = Sender(rpc), ApeSigner(account)
        made = ensure_deployment(sender, admin, settings.data_dir)
        day = day_on_chain(rpc, made, scenario) or scenario.today()
        play_scenario(sender, admin, made, DocumentStore(settings.documents_dir), scenario, day)
    click.echo(f"{scenario.story.title}, told as of {day}")
