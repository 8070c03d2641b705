"""`termin amendment`: changes that both sides sign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from backend.acts.agreements import AgreementView
from backend.acts.amending import AmendmentTerms, amendment_draft, read_amendment
from backend.acts.amendments import (
    amendment_lines,
    find_amendment,
    lacking,
    money_missing,
    open_amendments,
)
from backend.acts.approvals import AMENDMENT_SIGNATURE
from backend.acts.sending import call
from backend.cli.matter import Matter, open_matter, open_paper
from backend.cli.options import About, Agreement, As, Offline, ValidUntil, Yes, located
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)

Which = Annotated[
    int | None, typer.Argument(help="The amendment's number; without it, the one that is open.")
]


@app.command()
@located
def draft(settings: Settings, agreement: Agreement = None) -> None:
    """Print a commented amendment of an agreement as it stands.

    Example: `termin amendment draft > amendment.yaml`
    """
    matter = open_matter(settings, agreement)
    typer.echo(amendment_draft(matter.view, matter.names), nl=False)


@app.command()
@located
def propose(
    settings: Settings,
    file: Annotated[Path, typer.Argument(help="The amendment, as `amendment draft` prints it.")],
    account: As,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Propose an amendment, which also signs it. For the supplier, or a member of the committee.

    Example: `termin amendment propose amendment.yaml --as vendor`
    """
    matter = open_matter(settings, agreement)
    written = read_amendment(file, matter.view)
    zone = ZoneInfo(settings.time_zone)
    terms = AmendmentTerms(written, matter.view, matter.names, zone).struct(matter.store)
    words = f"Propose and sign an amendment of “{matter.view.label}”:\n{_changes(matter, terms)}"
    matter.act(words, account, matter.call("proposeAmendment", terms), yes=yes)


@app.command()
@located
def sign(
    settings: Settings,
    account: As,
    number: Which = None,
    agreement: Agreement = None,
    offline: Offline = None,
    about: About = None,
    valid_until: ValidUntil = None,
    yes: Yes = False,
) -> None:
    """Sign an amendment. For the supplier, the committee, and the buyer's authority.

    It takes effect with the last signature, unless money has to come in.

    Example: `termin amendment sign 1 --as examiner`
    """
    matter, paper = open_paper(settings, agreement, offline, about, valid_until)
    amendment = find_amendment(matter.view, number)
    words = (
        f"Sign amendment {amendment.number} of “{matter.view.label}”:\n"
        f"{_changes(matter, amendment.terms)}"
    )
    if paper:
        matter.say(words)
        message = {"amendment": amendment.number, "content": amendment.content}
        matter.sign_offline(paper, AMENDMENT_SIGNATURE, message, account, yes=yes)
        return
    what = matter.call("signAmendment", amendment.number, amendment.terms)
    matter.act(words, account, what, yes=yes)


@app.command()
@located
def enact(
    settings: Settings,
    account: As,
    number: Which = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Put a signed amendment in force and bring in its money. For the treasury.

    Example: `termin amendment enact 1 --as bendahara`
    """
    matter = open_matter(settings, agreement)
    amendment, view = find_amendment(matter.view, number), matter.view
    missing = money_missing(view, amendment.terms)
    words = (
        f"Enact amendment {amendment.number} of “{view.label}” and bring in "
        f"{matter.names.amount(missing)}:\n{_changes(matter, amendment.terms)}"
    )
    approve = call("SettlementToken", view.token, "approve", view.address, missing)
    act = matter.call("enactAmendment", amendment.number, amendment.terms)
    matter.act(words, account, *([approve, act] if missing else [act]), yes=yes)


@app.command()
@located
def show(settings: Settings, number: Which = None, agreement: Agreement = None) -> None:
    """Show what an amendment changes, who has signed it, and what it lacks.

    Example: `termin amendment show 1`
    """
    matter = open_matter(settings, agreement)
    names = matter.names
    found = _asked(matter.view, number)
    if not found:
        matter.say(f"No amendment of “{matter.view.label}” is open.")
    for amendment in found:
        matter.say(f"Amendment {amendment.number} of “{matter.view.label}”")
        matter.say(_changes(matter, amendment.terms))
        matter.say("Signed by " + ", ".join(map(names.participant, amendment.signed)) + ".")
        matter.say(f"{lacking(matter.prospect, amendment)}.")


def _asked(view: AgreementView, number: int | None) -> list[Any]:
    return open_amendments(view) if number is None else [find_amendment(view, number)]


def _changes(matter: Matter, terms: dict[str, Any]) -> str:
    lines = amendment_lines(terms, matter.view, matter.names, matter.store)
    return "\n".join(f"  {line}" for line in lines)
