"""`termin milestone`: submitted, attested, accepted and so paid; or rejected."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from backend.cli.desk import Desk, on_agreement, reason_code
from backend.cli.options import Agreement, As, Note, Reason, Yes, located
from backend.core.dates import parse_date
from backend.core.documents import sha256_of_file
from backend.core.settings import Settings

app = typer.Typer(help="One stage of the work.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="The milestone's number, from 1.")]


@app.command()
@located
def submit(
    settings: Settings,
    number: Number,
    evidence: Annotated[Path, typer.Option(help="A file; only its SHA-256 leaves this machine.")],
    account: As,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Say that a milestone is reached, with evidence. For the supplier.

    Example: `termin milestone submit 2 --evidence report.pdf --as vendor`
    """
    desk = Desk(settings)
    view = desk.agreement(agreement)
    names = desk.names.with_currency(view.currency)
    milestone, digest = view.milestone(number), sha256_of_file(evidence)
    words = (
        f"Submit milestone {number}, {milestone.title}, of “{view.label}” for "
        f"{names.amount(milestone.amount)}. Evidence {evidence}, sha256 {digest.hex()}."
    )
    what = on_agreement(view, "submit", number - 1, digest)
    desk.act(words, account, [what], yes=yes, names=names, view=view)


@app.command()
@located
def attest(
    settings: Settings,
    number: Number,
    report: Annotated[Path, typer.Option(help="The inspection report; only its hash is sent.")],
    account: As,
    seen: Annotated[
        str | None, typer.Option(help="When it was seen on site, ISO 8601; without it, now.")
    ] = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Attest what was seen on site. For an inspector.

    Example: `termin milestone attest 2 --report site-visit.pdf --as pengawas`
    """
    desk = Desk(settings)
    view = desk.agreement(agreement)
    names = desk.names.with_currency(view.currency)
    milestone, digest = view.milestone(number), sha256_of_file(report)
    moment = parse_date(seen) if seen else datetime.now(UTC)
    words = (
        f"Attest milestone {number}, {milestone.title}, of “{view.label}”, as seen on "
        f"{moment:%Y-%m-%d %H:%M} UTC. Report {report}, sha256 {digest.hex()}."
    )
    arguments = (number - 1, milestone.attempt, int(moment.timestamp()), digest)
    what = on_agreement(view, "attest", *arguments)
    desk.act(words, account, [what], yes=yes, names=names, view=view)


@app.command()
@located
def accept(
    settings: Settings,
    number: Number,
    account: As,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Accept a milestone; the acceptance that completes the quorum pays. For the committee.

    Example: `termin milestone accept 2 --as secretary`
    """
    desk = Desk(settings)
    view = desk.agreement(agreement)
    names = desk.names.with_currency(view.currency)
    milestone, quorum = view.milestone(number), view.parties["quorum"]
    amount, payee = names.amount(milestone.amount), names.participant(milestone.payee)
    last = milestone.approvals + 1 >= quorum
    then = (
        f"This pays {amount} to {payee} at once." if last else f"It would pay {amount} to {payee}."
    )
    words = (
        f"Accept milestone {number}, {milestone.title}, of “{view.label}”, submission "
        f"{milestone.attempt}: acceptance {milestone.approvals + 1} of {quorum}. {then}"
    )
    what = on_agreement(view, "accept", number - 1, milestone.attempt)
    desk.act(words, account, [what], yes=yes, names=names, view=view)


@app.command()
@located
def reject(
    settings: Settings,
    number: Number,
    reason: Reason,
    account: As,
    note: Note = None,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Reject a milestone with a reason; the supplier can submit it again. For the committee.

    Example: `termin milestone reject 2 --reason quality --note "Crack at km 3" --as secretary`
    """
    desk = Desk(settings)
    view = desk.agreement(agreement)
    names = desk.names.with_currency(view.currency)
    milestone = view.milestone(number)
    needed = len(view.parties["committee"]) - view.parties["quorum"] + 1
    words = (
        f"Reject milestone {number}, {milestone.title}, of “{view.label}”, submission "
        f"{milestone.attempt}: {reason}. Rejection {milestone.rejections + 1} of {needed}."
    )
    arguments = (number - 1, milestone.attempt, reason_code(reason), desk.note(note))
    what = on_agreement(view, "reject", *arguments)
    desk.act(words, account, [what], yes=yes, names=names, view=view)
