"""`termin payment`: claims."""

from __future__ import annotations

import typer

from backend.acts.agreements import Claim
from backend.acts.asking import STRANGER
from backend.acts.refusals import explain
from backend.acts.words import of_milestone
from backend.cli.desk import RefusedSentenceError
from backend.cli.matter import Matter, open_matter
from backend.cli.options import Agreement, As, Yes, located
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the group a group while it has one command."""


@app.command()
@located
def claim(settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False) -> None:
    """Have every claim paid that can be: of the supplier, collectors, subcontractors. For anyone.

    Example: `termin payment claim --as vendor`
    """
    matter = open_matter(settings, agreement)
    waiting = {each: _why(matter, each) for each in matter.view.claims}
    if not waiting:
        matter.say(f"Nothing is owed on “{matter.view.label}”.")
        return
    reasons = [f"{_words(matter, each)}: {why}" for each, why in waiting.items() if why]
    payable = [each for each, why in waiting.items() if not why]
    if not payable:
        raise RefusedSentenceError("\n".join(reasons))
    for reason in reasons:
        matter.say(f"Waits: {reason}")
    parts = ", ".join(_words(matter, each) for each in payable)
    calls = [matter.call("claim", each.milestone, each.payee) for each in payable]
    matter.act(f"Pay what is owed: {parts}.", account, *calls, yes=yes)


def _why(matter: Matter, claim: Claim) -> str:
    """Why a claim cannot be paid now; empty if it can."""
    refused = matter.prospect.refused(STRANGER, "claim", claim.milestone, claim.payee)
    return explain(refused.refusal, refused.detail, matter.names) if refused else ""


def _words(matter: Matter, claim: Claim) -> str:
    about = of_milestone(claim.milestone)
    names = matter.names
    owed = f"{names.amount(claim.amount)} to {names.participant(claim.payee)}"
    return f"{owed} for {about}" if about else owed
