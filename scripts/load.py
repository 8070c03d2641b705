"""Play published OCDS files on a local chain:

ape run load data.jsonl --network ethereum:local:http://127.0.0.1:8545 --account TEST::0
"""

from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand, account_option, network_option

from backend.acts.accounts import ApeSigner
from backend.acts.deploy import ensure_deployment
from backend.acts.load.load import load
from backend.acts.sending import Sender
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.ocds.contracts import read_source
from backend.ocds.report import to_json


@click.command(cls=ConnectedProviderCommand)
@network_option()
@account_option()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def cli(account, provider, files):
    """Play what is not on the chain yet, and print the load report."""
    settings = Settings()
    source = read_source(files)
    with Rpc(provider.http_uri) as rpc:
        sender, admin = Sender(rpc), ApeSigner(account)
        made = ensure_deployment(sender, admin, settings.data_dir)
        loaded = load(sender, admin, made, DocumentStore(settings.documents_dir), source)
    for line in loaded.report:
        click.echo(to_json(line))
