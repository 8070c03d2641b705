"""What stops payments or clocks, and votes for what others have voted for."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.acts.decisions import open_decisions
from backend.acts.sending import Call
from backend.cli.matter import open_matter
from backend.cli.options import Agreement, As, Note, Reason, Until, Yes, located
from backend.cli.typed import moment, reason_code
from backend.core.errors import AppError
from backend.core.settings import Settings


class DecisionNotFoundError(AppError):
    """No such decision waits for votes."""

    status = 404
    title = "No such decision"


@located
def suspend(
    settings: Settings,
    until: Until,
    reason: Reason,
    account: As,
    note: Note = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Vote to suspend the work for force majeure: all clocks stop. For the committee, by quorum.

    Example: `termin agreement suspend --until 2027-01-31 --reason flood --as secretary`
    """
    matter = open_matter(settings, agreement)
    arguments = (moment(until, matter.zone), reason_code(reason), matter.note(note))
    matter.vote(account, "suspend", *arguments, yes=yes)


@located
def resume(settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False) -> None:
    """Vote to end a suspension early. For the committee, by quorum.

    Example: `termin agreement resume --as secretary`
    """
    open_matter(settings, agreement).vote(account, "resume", yes=yes)


@located
def hold(
    settings: Settings,
    until: Until,
    reason: Reason,
    account: As,
    note: Note = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Stop all payments of an agreement for a time. For an auditor.

    Example: `termin agreement hold --until 2026-12-24 --reason audit --as auditor`
    """
    matter = open_matter(settings, agreement)
    end = moment(until, matter.zone)
    words = (
        f"Stop all payments of “{matter.view.label}” until {matter.names.moment(end)}: {reason}. "
        "All clocks stop as well."
    )
    what = matter.call("hold", end, reason_code(reason), matter.note(note))
    matter.act(words, account, what, yes=yes)


@located
def extend_hold(
    settings: Settings,
    until: Until,
    reason: Reason,
    account: As,
    note: Note = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Extend a hold that is in force, once. For an auditor.

    Example: `termin agreement extend-hold --until 2027-01-23 --reason audit --as auditor`
    """
    matter = open_matter(settings, agreement)
    end = moment(until, matter.zone)
    words = (
        f"Extend the hold on payments of “{matter.view.label}” until {matter.names.moment(end)}: "
        f"{reason}."
    )
    what = matter.call("extendHold", end, reason_code(reason), matter.note(note))
    matter.act(words, account, what, yes=yes)


@located
def lift_hold(
    settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False
) -> None:
    """End a hold on payments. For an auditor.

    Example: `termin agreement lift-hold --as auditor`
    """
    matter = open_matter(settings, agreement)
    words = f"End the hold on payments of “{matter.view.label}”."
    matter.act(words, account, matter.call("liftHold"), yes=yes)


@located
def support(
    settings: Settings,
    account: As,
    number: Annotated[
        int, typer.Argument(help="The decision's number, as `agreement show` has it.")
    ] = 1,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Vote for exactly what another has voted for. For the committee, and for the supplier.

    Example: `termin agreement support 1 --as examiner`
    """
    matter = open_matter(settings, agreement)
    view, names = matter.view, matter.names
    found = open_decisions(matter.desk.rpc, view, names, matter.prospect.chain)
    decision = next((each for each in found if each.number == number), None)
    if decision is None or not decision.data:
        numbers = ", ".join(str(each.number) for each in found if each.data) or "none"
        raise DecisionNotFoundError(
            f"Decision {number} of “{view.label}” cannot be supported; open: {numbers}."
        )
    voted = ", ".join(names.participant(each) for each in decision.voted)
    words = (
        f"Vote on “{view.label}”: {decision.phrase(names)}. {voted} voted for it before; the "
        f"committee needs {decision.quorum}."
    )
    matter.act(words, account, Call(view.address, decision.data), yes=yes)
