"""`termin agreement`: from a draft to the final account."""

from __future__ import annotations

import typer

from backend.cli.agreement import ending, making, showing, stops

app = typer.Typer(no_args_is_help=True)

app.command()(making.draft)
app.command()(making.deploy)
app.command()(making.sign)
app.command()(making.fund)
app.command("list")(showing.list_)
app.command()(showing.show)
app.command()(stops.support)
app.command()(ending.complete)
app.command()(ending.terminate)
app.command()(ending.notice)
app.command()(ending.withdraw_notice)
app.command()(ending.lapse)
app.command()(ending.close)
app.command()(stops.suspend)
app.command()(stops.resume)
app.command()(stops.hold)
app.command()(stops.extend_hold)
app.command()(stops.lift_hold)
