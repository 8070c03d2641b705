"""`termin milestone`: one stage of the work, from submission to payment."""

from __future__ import annotations

import typer

from backend.cli.milestone import dispute, work

app = typer.Typer(no_args_is_help=True)

app.command()(work.submit)
app.command()(work.attest)
app.command()(work.accept)
app.command()(work.reject)
app.command()(work.silence)
app.command("dispute")(dispute.dispute)
app.command()(dispute.offer)
app.command()(dispute.rule)
app.command()(dispute.rule_by_default)
