"""All commands of `termin`, put together."""

from __future__ import annotations

from importlib import import_module

import typer

COMMANDS = (
    "demo",
    "chain",
    "deploy",
    "load",
    "index",
    "digest",
    "serve",
    "reconcile",
    "verify",
    "export",
)
GROUPS = (
    "account",
    "participant",
    "budget",
    "money",
    "calendar",
    "agreement",
    "guarantee",
    "advance",
    "milestone",
    "approvals",
    "amendment",
    "payment",
    "interest",
    "retention",
    "document",
)


def build(asked: str | None = None) -> typer.Typer:
    """The application; with only the command or group that is asked for, if it is one of them.

    What serves takes a second to import, which nobody should wait for who signs.
    """
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
    for name in (*COMMANDS, *GROUPS):
        if asked not in {*COMMANDS, *GROUPS} or asked == name:
            module = import_module(f"backend.cli.{name}")
            if name in COMMANDS:
                app.command(name)(getattr(module, name))
            else:
                app.add_typer(module.app, name=name)
    return app
