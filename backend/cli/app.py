"""All commands of `termin`, put together."""

from __future__ import annotations

import typer

from backend.cli import (
    account,
    agreement,
    budget,
    chain,
    demo,
    deploy,
    document,
    export,
    index,
    load,
    milestone,
    money,
    participant,
    payment,
    reconcile,
    serve,
)

app = typer.Typer(
    name="termin",
    help="Public contracts that pay themselves, in the open.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    add_completion=False,
)

for name, command in {
    "demo": demo.demo,
    "chain": chain.chain,
    "deploy": deploy.deploy,
    "load": load.load,
    "index": index.index,
    "serve": serve.serve,
    "reconcile": reconcile.reconcile,
    "export": export.export,
}.items():
    app.command(name)(command)

for name, group in {
    "account": account.app,
    "participant": participant.app,
    "budget": budget.app,
    "money": money.app,
    "agreement": agreement.app,
    "milestone": milestone.app,
    "payment": payment.app,
    "document": document.app,
}.items():
    app.add_typer(group, name=name)
