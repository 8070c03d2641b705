"""An agreement as it stands: what is agreed, what happened, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from backend.acts.agreements import NOBODY
from backend.acts.prospects import next_steps
from backend.acts.standing import condition_lines, guarantee_lines, milestone_line
from backend.acts.telling import tell
from backend.acts.words import AGREEMENT_STATUS, TO_THE_MINUTE, moment
from backend.chain.agreements import list_agreements
from backend.cli.desk import Desk
from backend.cli.matter import Matter, open_matter
from backend.cli.options import located
from backend.core.settings import Settings

ALWAYS = ("value", "funded", "accepted", "paid")
MONEY = {
    "owed": "owed",
    "refunded": "refunded",
    "advanceOutstanding": "advance outstanding",
    "retained": "retained",
    "damages": "delay damages withheld",
    "damagesCarried": "delay damages carried forward",
    "interestOwed": "interest owed",
}


@located
def list_(settings: Settings) -> None:
    """Show all agreements with their numbers.

    Example: `termin agreement list`
    """
    desk = Desk(settings)
    for number, address, terms in list_agreements(desk.rpc, desk.made):
        title = desk.store.read_text(terms["document"], "title") or "(title not here)"
        desk.console.print(f"#{number}  {terms['contractId']}  {title}  {address}", markup=False)


@located
def show(
    settings: Settings,
    reference: Annotated[
        str | None, typer.Argument(help="Number, address, contract id or ocid.")
    ] = None,
) -> None:
    """Show what is agreed, what happened, what comes next, and who must act.

    Read from the chain alone. What anyone may do now is asked of the contract itself.

    Example: `termin agreement show 12`
    """
    matter = open_matter(settings, reference)
    view, names = matter.view, matter.names
    matter.say(f"#{view.number} {view.label}: {AGREEMENT_STATUS[view.status]}")
    matter.say(f"{view.terms['ocid']}, contract {view.terms['contractId']}, at {view.address}")
    matter.say(_parties(matter))
    matter.say(_money(matter))
    _section(matter, "Conditions", condition_lines(view.conditions, names))
    _section(matter, "Guarantees", guarantee_lines(view, names))
    _section(matter, "Milestones", (milestone_line(m, view, names) for m in view.milestones))
    _section(matter, "What happened", _history(matter))
    steps = list(next_steps(matter.desk.rpc, view, names))
    _section(matter, "What comes next", steps or ["Nothing: every payment is made."])


def _section(matter: Matter, title: str, lines: Iterable[str]) -> None:
    found = list(lines)
    if found:
        matter.say(f"\n{title}")
    for line in found:
        matter.say(f"  {line}")


def _parties(matter: Matter) -> str:
    parties, names = matter.view.parties, matter.names
    found = [
        f"{role.capitalize()} {names.participant(parties[role])}"
        for role in (
            "buyer",
            "supplier",
            "treasury",
        )
    ]
    if parties["arbiter"] != NOBODY:
        found.append(f"Arbiter {names.participant(parties['arbiter'])}")
    if matter.view.ends_at:
        found.append(f"work ends {names.day(matter.view.ends_at)}")
    return ", ".join(found)


def _money(matter: Matter) -> str:
    money, names = matter.view.money, matter.names
    parts = [f"{part} {names.amount(money[part])}" for part in ALWAYS]
    parts += [
        f"{words} {names.amount(money[part])}" for part, words in MONEY.items() if money[part]
    ]
    return ", ".join(parts)


def _history(matter: Matter) -> Iterator[str]:
    for happening in matter.view.history:
        sentence = tell(happening, matter.names)
        if sentence:
            when = moment(happening.timestamp, matter.zone, TO_THE_MINUTE)
            yield f"{when}, block {happening.block}: {sentence}"
