"""From a draft to an agreement in force: deployed, signed, funded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from backend.acts.agreements import find_agreement
from backend.acts.directory import Directory
from backend.acts.drafting import draft_text
from backend.acts.sending import call
from backend.acts.standing import condition_lines
from backend.acts.terms import Terms, read_terms
from backend.chain.reader import View, read
from backend.cli.desk import Desk
from backend.cli.matter import open_matter
from backend.cli.options import Agreement, As, Yes, located
from backend.core.settings import Settings


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
    typer.echo(draft_text(desk.names, currency, today, settings.ocid_prefix), nl=False)


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
    names = desk.names.with_currency(written.draft.currency)
    token = desk.token(written.draft.currency)
    zone = ZoneInfo(settings.time_zone)
    terms = Terms(written, names, token, zone, settings.ocid_prefix)
    arguments = (terms.parties(), terms.terms(desk.store), terms.milestones(desk.store))
    what = call("AgreementFactory", desk.made.factory, "create", *arguments)
    desk.act(_words(terms, names), account, [what], yes=yes, names=names)
    found = find_agreement(desk.rpc, desk.made, _address(desk, terms))
    desk.remember(found.address)
    desk.console.print(
        f"Agreement #{found.number} stands at {found.address}. Next: `termin agreement sign`, "
        "`termin agreement fund`."
    )


@located
def sign(settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False) -> None:
    """Sign an agreement that was deployed. For the supplier.

    Example: `termin agreement sign --as vendor`
    """
    matter = open_matter(settings, agreement)
    view, names = matter.view, matter.names
    head = (
        f"Sign “{view.label}”, contract {view.terms['contractId']} of {view.terms['ocid']}: "
        f"{names.amount(view.money['value'])}. Conditions:"
    )
    words = "\n".join([head, *(f"  {line}" for line in condition_lines(view.conditions, names))])
    matter.act(words, account, matter.call("sign"), yes=yes)


@located
def fund(settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False) -> None:
    """Bring in the value. For the treasury.

    Example: `termin agreement fund --as bendahara`
    """
    matter = open_matter(settings, agreement)
    view = matter.view
    missing = view.money["value"] - view.money["funded"]
    words = f"Fund “{view.label}” with {matter.names.amount(missing)}."
    approve = call("SettlementToken", view.token, "approve", view.address, missing)
    fetch = matter.call("fund", view.money["value"])
    matter.act(words, account, *([approve, fetch] if missing else [fetch]), yes=yes)


def _words(terms: Terms, names: Directory) -> str:
    draft_ = terms.draft
    committee = ", ".join(entry.label for entry in terms.committee)
    inspectors = ", ".join(entry.label for entry in terms.inspectors) or "nobody"
    arbiter = terms.arbiter.label if terms.arbiter else "nobody"
    head = (
        f"Deploy “{draft_.title}”, contract {draft_.contract} of {terms.ocid}: "
        f"{names.amount(terms.value)} for {terms.supplier.label}, in {len(draft_.milestones)} "
        f"milestones, committed against line {draft_.budget.code} of {draft_.budget.year} of "
        f"{terms.buyer.label}. {draft_.quorum} of {committee} accept; {inspectors} attests; "
        f"{terms.treasury.label} funds it; {arbiter} rules on disputes. Conditions:"
    )
    return "\n".join([head, *(f"  {line}" for line in condition_lines(terms.conditions(), names))])


def _address(desk: Desk, terms: Terms) -> str:
    arguments = (terms.ocid, terms.draft.contract)
    return str(read(desk.rpc, View("AgreementFactory", desk.made.factory, "addressOf", arguments)))
