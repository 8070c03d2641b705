"""Submitted, attested, accepted and so paid; or rejected."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from backend.acts.agreements import Milestone
from backend.acts.approvals import (
    ACCEPTANCE,
    INSPECTION,
    PARTIAL_ACCEPTANCE,
    REJECTION,
    SUBMISSION,
)
from backend.cli.matter import Matter, Paper, open_matter, open_paper
from backend.cli.options import (
    About,
    After,
    Agreement,
    As,
    Note,
    Number,
    Offline,
    Reason,
    ValidUntil,
    Yes,
    located,
)
from backend.cli.typed import decimal, reason_code
from backend.core.dates import parse_date
from backend.core.documents import sha256_of_file
from backend.core.money import to_minor
from backend.core.settings import Settings


@located
def submit(
    settings: Settings,
    number: Number,
    evidence: Annotated[Path, typer.Option(help="A file; only its SHA-256 leaves this machine.")],
    account: As,
    agreement: Agreement = None,
    offline: Offline = None,
    about: About = None,
    valid_until: ValidUntil = None,
    yes: Yes = False,
) -> None:
    """Say that a milestone is reached, with evidence. For the supplier.

    Example: `termin milestone submit 2 --evidence report.pdf --as vendor`
    """
    matter, paper = open_paper(settings, agreement, offline, about, valid_until)
    milestone, digest = matter.view.milestone(number), sha256_of_file(evidence)
    if paper:
        message = {
            "milestone": number - 1,
            "attempt": milestone.attempt + 1,
            "evidence": digest,
        }
        matter.sign_offline(paper, SUBMISSION, message, account, yes=yes)
        return
    words = (
        f"Submit {matter.about(milestone)} for {matter.names.amount(milestone.rest)}. "
        f"Evidence {evidence}, sha256 {digest.hex()}."
    )
    matter.act(words, account, matter.call("submit", number - 1, digest), yes=yes)


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
    offline: Offline = None,
    about: About = None,
    after: After = None,
    valid_until: ValidUntil = None,
    yes: Yes = False,
) -> None:
    """Attest what was seen on site. For an inspector.

    Example: `termin milestone attest 2 --report site-visit.pdf --as pengawas`
    """
    matter, paper = open_paper(settings, agreement, offline, about, valid_until, after)
    milestone, digest = matter.view.milestone(number), sha256_of_file(report)
    moment = parse_date(seen) if seen else datetime.now(UTC)
    message = {
        **_about(milestone),
        "seenAt": int(moment.timestamp()),
        "report": digest,
    }
    if paper:
        matter.sign_offline(paper, INSPECTION, message, account, yes=yes)
        return
    words = (
        f"Attest {matter.about(milestone)}, as seen on {moment:%Y-%m-%d %H:%M} UTC. "
        f"Report {report}, sha256 {digest.hex()}."
    )
    matter.act(words, account, matter.call("attest", *message.values()), yes=yes)


@located
def accept(
    settings: Settings,
    number: Number,
    account: As,
    amount: Annotated[
        str | None, typer.Option(help="Only a part, e.g. 100000000.00; needs a --reason.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="With --amount: code of the reason.")] = None,
    note: Note = None,
    agreement: Agreement = None,
    offline: Offline = None,
    about: About = None,
    after: After = None,
    valid_until: ValidUntil = None,
    yes: Yes = False,
) -> None:
    """Accept a milestone; the acceptance that completes the quorum pays. For the committee.

    With --amount only that part is accepted, once a quorum accepts the same part for the same
    reason; the rest can be submitted again or disputed.

    Example: `termin milestone accept 2 --as secretary`
    """
    if (amount is None) != (reason is None) or (note is not None and amount is None):
        raise typer.BadParameter("--amount and --reason belong together, and --note to them")
    matter, paper = open_paper(settings, agreement, offline, about, valid_until, after)
    milestone = matter.view.milestone(number)
    if amount is not None:
        _accept_part(matter, paper, milestone, (amount, reason or "", note), account, yes=yes)
        return
    message = _about(milestone)
    if paper:
        matter.sign_offline(paper, ACCEPTANCE, message, account, yes=yes)
        return
    quorum = matter.view.parties["quorum"]
    sum_, payee = matter.names.amount(milestone.rest), matter.names.participant(milestone.payee)
    verb = "This accepts" if milestone.approvals + 1 >= quorum else "It would accept"
    words = (
        f"Accept {matter.about(milestone)}, submission {milestone.attempt}: acceptance "
        f"{milestone.approvals + 1} of {quorum}. {verb} {sum_}, which is paid to {payee} at once, "
        "less what is agreed."
    )
    matter.act(words, account, matter.call("accept", *message.values()), yes=yes)


@located
def reject(
    settings: Settings,
    number: Number,
    reason: Reason,
    account: As,
    note: Note = None,
    agreement: Agreement = None,
    offline: Offline = None,
    about: About = None,
    after: After = None,
    valid_until: ValidUntil = None,
    yes: Yes = False,
) -> None:
    """Reject a milestone with a reason; the supplier can submit it again. For the committee.

    Example: `termin milestone reject 2 --reason quality --note "Crack at km 3" --as secretary`
    """
    matter, paper = open_paper(settings, agreement, offline, about, valid_until, after)
    milestone, parties = matter.view.milestone(number), matter.view.parties
    message = {
        **_about(milestone),
        "reason": reason_code(reason),
        "document": matter.note(note),
    }
    if paper:
        matter.sign_offline(paper, REJECTION, message, account, yes=yes)
        return
    needed = len(parties["committee"]) - parties["quorum"] + 1
    words = (
        f"Reject {matter.about(milestone)}, submission {milestone.attempt}: {reason}. "
        f"Rejection {milestone.rejections + 1} of {needed}."
    )
    matter.act(words, account, matter.call("reject", *message.values()), yes=yes)


@located
def silence(
    settings: Settings,
    number: Number,
    account: As,
    agreement: Agreement = None,
    yes: Yes = False,
) -> None:
    """Accept what the committee did not decide on within the review period. For anyone.

    Example: `termin milestone silence 2 --as vendor`
    """
    matter = open_matter(settings, agreement)
    milestone = matter.view.milestone(number)
    words = (
        f"Accept {matter.about(milestone)}, submission {milestone.attempt}, since the committee "
        f"has not decided on it: {matter.names.amount(milestone.rest)}."
    )
    what = matter.call("acceptBySilence", *_about(milestone).values())
    matter.act(words, account, what, yes=yes)


def _about(milestone: Milestone) -> dict[str, int | bytes]:
    """The latest submission of a milestone, as the contract counts."""
    return {"milestone": milestone.number - 1, "attempt": milestone.attempt}


def _accept_part(
    matter: Matter,
    paper: Paper | None,
    milestone: Milestone,
    part: tuple[str, str, str | None],
    account: str,
    *,
    yes: bool,
) -> None:
    """`part` is the amount, the reason and the note, as typed."""
    amount, reason, note = part
    message = {
        **_about(milestone),
        "amount": to_minor(decimal(amount), matter.view.currency),
        "reason": reason_code(reason),
        "document": matter.note(note),
    }
    if paper:
        matter.sign_offline(paper, PARTIAL_ACCEPTANCE, message, account, yes=yes)
    else:
        matter.vote(account, "acceptPart", *message.values(), yes=yes)
