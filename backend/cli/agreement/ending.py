"""How an agreement ends: completed, ended early, or lapsed; then the final account."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.acts.words import days
from backend.cli.matter import open_matter
from backend.cli.options import Agreement, As, Note, Reason, Yes, located
from backend.cli.typed import reason_code
from backend.core.settings import Settings


@located
def complete(
    settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False
) -> None:
    """Record that all work is accepted: half of the retention is released. For anyone.

    Example: `termin agreement complete --as vendor`
    """
    matter = open_matter(settings, agreement)
    defects = days(matter.view.conditions["defectsDays"])
    words = (
        f"Record that all work of “{matter.view.label}” is accepted. Half of the retention of "
        f"{matter.names.amount(matter.view.money['retained'])} is released, and the defects "
        f"period of {defects} begins."
    )
    matter.act(words, account, matter.call("complete"), yes=yes)


@located
def terminate(
    settings: Settings,
    account: As,
    reason: Reason,
    note: Note = None,
    by_agreement: Annotated[
        bool, typer.Option("--by-agreement", help="By both sides: the supplier and a quorum.")
    ] = False,
    for_default: Annotated[
        bool, typer.Option("--for-default", help="After a notice of default and its period.")
    ] = False,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Vote to end an agreement before its work is done. For the committee, by quorum.

    What was submitted is still decided on; then anyone draws the final account. With
    --by-agreement the supplier votes too, and what is not decided on is cancelled. With
    --for-default the rest of the retention is forfeited and the guarantees are called.

    Example: `termin agreement terminate --as secretary --reason no-funds`
    """
    if by_agreement and for_default:
        raise typer.BadParameter("--by-agreement or --for-default, not both")
    matter = open_matter(settings, agreement)
    arguments = (reason_code(reason), matter.note(note))
    if by_agreement and matter.is_supplier(account):
        words = (
            f"Agree to end “{matter.view.label}”: {reason}. What is not decided on is cancelled, "
            "once a quorum of the committee agrees with the same reason and note."
        )
        what = matter.call("terminateByAgreement", *arguments)
        matter.act(words, account, what, yes=yes)
        return
    function = "terminateForDefault" if for_default else "terminate"
    matter.vote(account, "terminateByAgreement" if by_agreement else function, *arguments, yes=yes)


@located
def notice(
    settings: Settings,
    account: As,
    reason: Reason,
    note: Note = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Vote to give the supplier notice of a default. For the committee, by quorum.

    Example: `termin agreement notice --as secretary --reason work-stopped`
    """
    matter = open_matter(settings, agreement)
    arguments = (reason_code(reason), matter.note(note))
    matter.vote(account, "noticeDefault", *arguments, yes=yes)


@located
def withdraw_notice(
    settings: Settings,
    account: As,
    reason: Reason,
    note: Note = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Vote to withdraw a notice of default: it is mended. For the committee, by quorum.

    Example: `termin agreement withdraw-notice --as secretary --reason mended`
    """
    matter = open_matter(settings, agreement)
    arguments = (reason_code(reason), matter.note(note))
    matter.vote(account, "withdrawNotice", *arguments, yes=yes)


@located
def lapse(settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False) -> None:
    """End an agreement whose last day has passed. For anyone.

    Example: `termin agreement lapse --as bendahara`
    """
    matter = open_matter(settings, agreement)
    after = days(matter.view.conditions["lapseDays"])
    words = f"End “{matter.view.label}”: {after} have passed since the end of its work."
    matter.act(words, account, matter.call("lapse"), yes=yes)


@located
def close(settings: Settings, account: As, agreement: Agreement = None, yes: Yes = False) -> None:
    """Draw the final account: what is left goes where it belongs. For anyone.

    After the defects period, or after a termination when nothing is pending.

    Example: `termin agreement close --as bendahara`
    """
    matter = open_matter(settings, agreement)
    money, names = matter.view.money, matter.names
    words = (
        f"Draw the final account of “{matter.view.label}”: {names.amount(money['accepted'])} of "
        f"{names.amount(money['value'])} is accepted, {names.amount(money['retained'])} is "
        f"retained, {names.amount(money['funded'])} was funded."
    )
    matter.act(words, account, matter.call("close"), yes=yes)
