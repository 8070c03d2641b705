"""`termin agreement`: from a draft to the last payment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from backend.acts.agreements import find_agreement
from backend.acts.sending import call
from backend.acts.telling import STATUS_WORDS, next_steps, tell
from backend.acts.terms import Terms, draft_text, read_terms
from backend.chain.agreements import list_agreements
from backend.chain.reader import View, read
from backend.cli.desk import Desk, on_agreement, reason_code
from backend.cli.options import Agreement, As, Note, Reason, Yes, located
from backend.core.settings import Settings

app = typer.Typer(help="One public contract.", no_args_is_help=True)

MONEY = ("value", "funded", "accepted", "paid", "owed", "refunded")


@app.command()
@located
def draft(
    settings: Settings,
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")] = "IDR",
) -> None:
    """Print commented terms, with participants of the registry as an example.

    Example: `termin agreement draft > terms.yaml`
    """
    desk = Desk(settings)
    today = datetime.now(ZoneInfo(settings.time_zone)).date()
    typer.echo(draft_text(desk.names, currency, today), nl=False)


@app.command()
@located
def deploy(
    settings: Settings,
    file: Annotated[Path, typer.Argument(help="The terms, as `agreement draft` prints them.")],
    account: As,
    yes: Yes = False,
) -> None:
    """Deploy an agreement. For a member of its committee.

    Example: `termin agreement deploy terms.yaml --as secretary`
    """
    desk = Desk(settings)
    written = read_terms(file)
    names = desk.names.with_currency(written.currency)
    token = desk.token(written.currency)
    terms = Terms(written, names, token, ZoneInfo(settings.time_zone))
    committee = ", ".join(entry.label for entry in terms.committee)
    inspectors = ", ".join(entry.label for entry in terms.inspectors) or "nobody"
    words = (
        f"Deploy “{written.title}”, contract {written.contract} of {written.ocid}: "
        f"{names.amount(terms.value)} for {terms.supplier.label}, in {len(written.milestones)} "
        f"milestones, committed against line {written.budget.code} of {written.budget.year} of "
        f"{terms.buyer.label}. {written.quorum} of {committee} accept; {inspectors} attests; "
        f"{terms.treasury.label} funds it."
    )

    arguments = (terms.parties(), terms.terms(desk.store), terms.milestones(desk.store))
    what = call("AgreementFactory", desk.made.factory, "create", *arguments)
    desk.act(words, account, [what], yes=yes, names=names)
    where = _address(desk, written.ocid, written.contract)
    number, address = find_agreement(desk.rpc, desk.made, where)
    desk.remember(address)
    desk.console.print(f"Agreement #{number} stands at {address}. Next: `termin agreement fund`.")


@app.command()
@located
def fund(settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False) -> None:
    """Bring in what is missing to the value. For the treasury.

    Example: `termin agreement fund --as bendahara`
    """
    desk = Desk(settings)
    view = desk.agreement(agreement)
    names = desk.names.with_currency(view.currency)
    missing = view.money["value"] - view.money["funded"]
    words = f"Fund “{view.label}” with {names.amount(missing)}."
    approve = call("SettlementToken", view.terms["token"], "approve", view.address, missing)
    fetch = on_agreement(view, "fund", view.money["value"])
    calls = [approve, fetch] if missing else [fetch]
    desk.act(words, account, calls, yes=yes, names=names, view=view)


@app.command()
@located
def close(
    settings: Settings,
    account: As,
    reason: Reason,
    note: Note = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Vote to close: what is not accepted is cancelled, and what is left goes back.

    For the committee. It happens when a quorum gives the same reason and note.

    Example: `termin agreement close --as secretary --reason completed`
    """
    desk = Desk(settings)
    view = desk.agreement(agreement)
    names = desk.names.with_currency(view.currency)
    left = names.amount(view.money["funded"] - view.money["accepted"])
    words = (
        f"Vote to close “{view.label}”: {reason}. With the quorum of {view.parties['quorum']}, "
        f"what is not accepted is cancelled and {left} goes back to the treasury."
    )
    what = on_agreement(view, "close", reason_code(reason), desk.note(note))
    desk.act(words, account, [what], yes=yes, names=names, view=view)


@app.command("list")
@located
def list_(settings: Settings) -> None:
    """Show all agreements with their numbers.

    Example: `termin agreement list`
    """
    desk = Desk(settings)
    for number, address, terms in list_agreements(desk.rpc, desk.made):
        title = desk.store.read_text(terms["document"], "title") or "(title not here)"
        desk.console.print(f"#{number}  {terms['contractId']}  {title}  {address}", markup=False)


@app.command()
@located
def show(
    settings: Settings,
    reference: Annotated[
        str | None, typer.Argument(help="Number, address, contract id or ocid.")
    ] = None,
) -> None:
    """Show what happened, what comes next, and who must act; read from the chain alone.

    Example: `termin agreement show 12`
    """
    desk = Desk(settings)
    view = desk.agreement(reference)
    names = desk.names.with_currency(view.currency)

    zone = ZoneInfo(settings.time_zone)

    def say(text: str = "") -> None:
        desk.console.print(text, markup=False)

    say(f"#{view.number} {view.label}: {STATUS_WORDS[view.status]}")
    say(f"{view.terms['ocid']}, contract {view.terms['contractId']}, at {view.address}")
    say(f"Supplier {names.participant(view.parties['supplier'])}")
    say(", ".join(f"{part} {names.amount(view.money[part])}" for part in MONEY))
    say("\nWhat happened")
    for happening in view.history:
        sentence = tell(happening, names)
        if sentence:
            moment = datetime.fromtimestamp(happening.timestamp, zone)
            say(f"  {moment:%Y-%m-%d %H:%M}, block {happening.block}: {sentence}")
    say("\nWhat comes next")
    for step in list(next_steps(view, names)) or ["Nothing: every payment is made."]:
        say(f"  {step}")


def _address(desk: Desk, ocid: str, contract_id: str) -> str:
    view = View("AgreementFactory", desk.made.factory, "addressOf", (ocid, contract_id))
    return str(read(desk.rpc, view))
