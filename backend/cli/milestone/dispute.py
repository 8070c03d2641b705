"""What is not accepted: taken to dispute, settled, or ruled on."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.cli.matter import open_matter
from backend.cli.options import Agreement, As, Note, Number, Reason, Yes, located
from backend.cli.typed import decimal, reason_code
from backend.core.money import to_minor
from backend.core.settings import Settings

Amount = Annotated[str, typer.Option(help="What the supplier gets, e.g. 100000000.00.")]


@located
def dispute(
    settings: Settings,
    number: Number,
    reason: Reason,
    account: As,
    note: Note = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Take a milestone to dispute. For the supplier, or for the committee by quorum.

    The supplier disputes a rejection or what is left after partial acceptance; or that nobody
    decides. The committee disputes a submission on which it has not decided.

    Example: `termin milestone dispute 2 --reason measured-wrong --as vendor`
    """
    matter = open_matter(settings, agreement)
    milestone = matter.view.milestone(number)
    arguments = (number - 1, reason_code(reason), matter.note(note))
    if not matter.is_supplier(account):
        matter.vote(account, "dispute", *arguments, yes=yes)
        return
    words = (
        f"Dispute {matter.about(milestone)}: {reason}. "
        f"{matter.names.amount(milestone.rest)} is in dispute."
    )
    matter.act(words, account, matter.call("dispute", *arguments), yes=yes)


@located
def offer(
    settings: Settings,
    number: Number,
    amount: Amount,
    account: As,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Offer to settle a dispute. For the supplier, or for the committee by quorum.

    When the latest offers of both sides are the same, that amount is paid and the rest given up.

    Example: `termin milestone offer 2 --amount 100000000.00 --as vendor`
    """
    matter = open_matter(settings, agreement)
    milestone = matter.view.milestone(number)
    minor = to_minor(decimal(amount), matter.view.currency)
    if not matter.is_supplier(account):
        matter.vote(account, "offerSettlement", number - 1, minor, yes=yes)
        return
    words = (
        f"Offer to settle {matter.about(milestone)} for {matter.names.amount(minor)} of the "
        f"{matter.names.amount(milestone.rest)} in dispute."
    )
    matter.act(words, account, matter.call("offerSettlement", number - 1, minor), yes=yes)


@located
def rule(
    settings: Settings,
    number: Number,
    amount: Amount,
    reason: Reason,
    account: As,
    note: Note = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Rule on a dispute: what the supplier gets. For the arbiter.

    Example: `termin milestone rule 2 --amount 100000000.00 --reason measured --as arbiter`
    """
    matter = open_matter(settings, agreement)
    milestone, names = matter.view.milestone(number), matter.names
    minor = to_minor(decimal(amount), matter.view.currency)
    words = (
        f"Rule on {matter.about(milestone)}: {reason}. The supplier gets {names.amount(minor)} of "
        f"the {names.amount(milestone.rest)} in dispute; the rest stays with the buyer."
    )
    what = matter.call("rule", number - 1, minor, reason_code(reason), matter.note(note))
    matter.act(words, account, what, yes=yes)


@located
def rule_by_default(
    settings: Settings, number: Number, account: As, agreement: Agreement = None, yes: Yes = False
) -> None:
    """Apply the agreed default to a dispute on which nobody ruled in time. For anyone.

    Example: `termin milestone rule-by-default 2 --as vendor`
    """
    matter = open_matter(settings, agreement)
    milestone = matter.view.milestone(number)
    words = (
        f"Apply the default to {matter.about(milestone)}, on which nobody ruled in time: "
        f"{matter.names.amount(milestone.rest)} is in dispute."
    )
    matter.act(words, account, matter.call("ruleByDefault", number - 1), yes=yes)
