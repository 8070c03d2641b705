"""All commands of `termin`, put together."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import typer

COMMANDS = {
    "demo": "Start a chain, play data through it, index it, reconcile, and serve API and portal.",
    "chain": "Start the local chain where it stood, and stay until Ctrl-C.",
    "deploy": "Deploy the contracts, unless they stand already, and admit currencies.",
    "load": "Play published contracts and payments on the local chain, each payment on its date.",
    "index": "Bring the index up to the newest block, and follow the chain until Ctrl-C.",
    "digest": "Print one hash over the whole index, alone on the last line, to compare it with "
    "another.",
    "serve": "Serve API and portal from the index until Ctrl-C.",
    "reconcile": "Compare source, chain and API, contract by contract, to the minor unit.",
    "verify": "Work out every agreement's money from the chain alone, and compare the index row by "
    "row.",
    "export": "Write OCDS 1.1 from the index alone: a record for each ocid on each line, or "
    "tables.",
}
GROUPS = {
    "account": "Keys of your own, encrypted, kept by Ape.",
    "participant": "Legal persons and offices.",
    "budget": "Appropriation lines.",
    "money": "Money on the chain, against money at the bank.",
    "calendar": "Working days and public holidays.",
    "agreement": "One public contract.",
    "guarantee": "Guarantees of a bank or surety.",
    "advance": "The advance payment.",
    "milestone": "One stage of the work.",
    "approvals": "Approvals that were signed offline.",
    "amendment": "A change of an agreement that both sides sign.",
    "payment": "Payments that wait as claims.",
    "interest": "Interest on late payments.",
    "retention": "What is withheld until the defects period is over.",
    "document": "Documents known by their hash.",
}
"""What each is for, in one sentence; in each command's own words."""


def application(words: Sequence[str]) -> typer.Typer:
    """What a command line needs: one command or group, or what tells of all."""
    named = next((word for word in words if not word.startswith("-")), None)
    if named in {*COMMANDS, *GROUPS} and "--help" not in words[:1]:
        return build(named)
    return overview()


def build(asked: str | None = None) -> typer.Typer:
    """The application; with only the command or group that is asked for, if it is one of them.

    What serves takes a second to import, which nobody should wait for who signs.
    """
    app = _empty()
    for name in (*COMMANDS, *GROUPS):
        if asked not in {*COMMANDS, *GROUPS} or asked == name:
            module = import_module(f"backend.cli.{name}")
            if name in COMMANDS:
                app.command(name)(getattr(module, name))
            else:
                app.add_typer(module.app, name=name, help=GROUPS[name])
    return app


def overview() -> typer.Typer:
    """The application as one sees it who names no command: nothing of it is imported."""
    app = _empty()
    for name, summary in COMMANDS.items():
        app.command(name, help=summary)(_not_to_be_run)
    for name, summary in GROUPS.items():
        group = typer.Typer(help=summary)
        group.command()(_not_to_be_run)
        app.add_typer(group, name=name)
    return app


def _empty() -> typer.Typer:
    app = typer.Typer(
        name="termin",
        help="Public contracts that pay themselves, in the open.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        add_completion=False,
    )
    # A callback keeps an application with a single command a group.
    app.callback()(lambda: None)
    return app


def _not_to_be_run() -> NoReturn:
    raise NotImplementedError("Only what was asked for by its name is there to be run.")
