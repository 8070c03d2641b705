"""`termin approvals`: signed where there is no node, brought in where there is one."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated

import rfc8785
import typer

from backend.acts.approvals import Approval, ApprovalError, read_approval, says
from backend.acts.bringing import after, bring, grouped, problems
from backend.acts.cards import write_card
from backend.cli.desk import Desk
from backend.cli.matter import Matter, open_matter, open_paper
from backend.cli.options import About, Agreement, As, ValidUntil, Yes, located
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.command()
@located
def prepare(
    settings: Settings,
    file: Annotated[Path, typer.Argument(help="What is written.")],
    agreement: Agreement = None,
) -> None:
    """Write all that is needed to sign for an agreement where no node can be reached.

    Take the file along, and give it to `--offline` with `--for`.

    Example: `termin approvals prepare irrigation.json`
    """
    matter = open_matter(settings, agreement)
    write_card(file, matter.card)
    matter.say(
        f"Written to {file}: “{matter.view.label}” as it stands on "
        f"{matter.names.moment(matter.view.now)}."
    )


@app.command()
@located
def sign(
    settings: Settings,
    file: Annotated[Path, typer.Argument(help="An approval that another has signed.")],
    offline: Annotated[Path, typer.Option("--offline", help="Where yours is written.")],
    account: As,
    about: About = None,
    valid_until: ValidUntil = None,
    yes: Yes = False,
) -> None:
    """Sign the very same as another, e.g. the same part for the same reason.

    Example: `termin approvals sign secretary.json --offline examiner.json --as examiner`
    """
    approval = read_approval(file)
    content = approval.content
    matter, paper = open_paper(settings, content.agreement, offline, about, valid_until)
    if paper is None or content.agreement != matter.view.address:
        raise ApprovalError(
            f"{file}: found an approval for {content.agreement}; expected one for "
            f"{matter.view.address}"
        )
    message = {name: value for name, value in content.message.items() if name != "validUntil"}
    matter.sign_offline(
        paper, content.kind, message, account, yes=yes, documents=approval.documents
    )


@app.command("bring")
@located
def bring_(
    settings: Settings,
    files: Annotated[list[Path], typer.Argument(help="Approvals for one agreement.")],
    account: As,
    yes: Yes = False,
) -> None:
    """Check approvals and send them, all in one transaction. For anyone.

    Example: `termin approvals bring secretary.json examiner.json --as vendor`
    """
    approvals = {str(file): read_approval(file) for file in files}
    agreement = _one_agreement(approvals)
    _require_chain(Desk(settings).made.chain_id, approvals)
    matter = open_matter(settings, agreement)
    found = list(problems(matter.desk.rpc, approvals, matter.view, matter.names))
    if found:
        raise ApprovalError("\n".join(found))
    groups = grouped(list(approvals.values()), matter.view, matter.names)
    lines = []
    for group in groups:
        who = ", ".join(matter.names.participant(each) for each in group.signers)
        outcome = after(group, matter.view, matter.names)
        lines.append(
            f"  {who}: {says(group.content, matter.view, matter.names)} {outcome}".rstrip()
        )
    left = len(approvals) - sum(len(group.approvals) for group in groups)
    if left:
        lines.append(f"  {left} more are not needed and stay here.")
    words = "\n".join([f"Bring in {len(approvals) - left} of {len(approvals)} approvals:", *lines])
    for approval in approvals.values():
        _keep_documents(matter, approval)
    matter.act(words, account, bring(groups, matter.view), yes=yes)


def _one_agreement(approvals: dict[str, Approval]) -> str:
    agreements = {each.content.agreement for each in approvals.values()}
    if len(agreements) > 1:
        raise ApprovalError(
            f"The approvals are for {len(agreements)} agreements: {', '.join(sorted(agreements))}. "
            "Bring those of one agreement at a time."
        )
    return agreements.pop()


def _require_chain(chain: int, approvals: dict[str, Approval]) -> None:
    other = {file: each.content.chain_id for file, each in approvals.items()}
    found = [
        f"{file}: found an approval for chain {given}; expected chain {chain}"
        for file, given in other.items()
        if given != chain
    ]
    if found:
        raise ApprovalError("\n".join(found))


def _keep_documents(matter: Matter, approval: Approval) -> None:
    """Keep the documents that travelled with an approval, if it names them."""
    for document in approval.documents:
        content = rfc8785.dumps(document)
        if sha256(content).digest() == approval.content.message.get("document"):
            matter.store.write(content)
