"""One agreement on the desk: acts, votes, and approvals that are signed offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from backend.acts.agreements import AgreementView, Milestone
from backend.acts.approvals import (
    ApprovalError,
    Content,
    read_approval,
    says,
    sign,
    write_approval,
)
from backend.acts.asking import Prospect
from backend.acts.cards import Card, read_card
from backend.acts.checking import content_problem, signer_problem, submitted
from backend.acts.decisions import open_decisions, phrase_of, votes_for
from backend.acts.directory import Directory, Entry
from backend.acts.sending import Call, call
from backend.chain.rpc import NodeUnreachableError
from backend.cli.desk import Desk, acting, signer_of
from backend.cli.typed import moment, note_of
from backend.core.documents import NO_DOCUMENT, DocumentStore
from backend.core.settings import Settings

VALID_SECONDS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Paper:
    """Where an approval is written, and until when it is valid, as typed."""

    file: Path
    valid_until: str | None

    def until(self, zone: ZoneInfo, now: int) -> int:
        """The last second in which it can be brought in, Unix seconds."""
        return now + VALID_SECONDS if self.valid_until is None else moment(self.valid_until, zone)


class Matter:
    """An agreement, who is who, and what can be done about it.

    Without a desk, from a file about the agreement, it can only be signed for.
    """

    def __init__(self, settings: Settings, card: Card, desk: Desk | None) -> None:
        self.settings = settings
        self.view: AgreementView = card.view
        self.names: Directory = card.names
        self.store = DocumentStore(settings.documents_dir)
        self.console = Console(soft_wrap=True, highlight=False)
        self._chain_id = card.chain_id
        self._desk = desk

    @property
    def desk(self) -> Desk:
        """The desk that it lies on; only for what is done with a node."""
        assert self._desk is not None  # noqa: S101 - commands without --for have one
        return self._desk

    @property
    def card(self) -> Card:
        """All that is needed to sign without a node."""
        return Card(self._chain_id, self.view, self.names)

    @property
    def zone(self) -> ZoneInfo:
        """Where a day begins and ends."""
        return ZoneInfo(self.settings.time_zone)

    @cached_property
    def prospect(self) -> Prospect:
        """What the agreement would say to acts now."""
        return Prospect(self.desk.rpc, self.view, self.names, self.desk.asking(self.view))

    def say(self, text: str = "") -> None:
        """Print a line."""
        self.console.print(text, markup=False)

    def call(self, function: str, *arguments: object) -> Call:
        """A call of a function of the agreement."""
        return call("Agreement", self.view.address, function, *arguments)

    def act(self, words: str, account: str, *calls: Call, yes: bool) -> None:
        """Do something to the agreement, see `Desk.act`."""
        self.desk.act(words, account, calls, yes=yes, names=self.names, view=self.view)

    def by(self, account: str) -> Entry | None:
        """The participant that an account acts for."""
        return acting(account, self.names)

    def is_supplier(self, account: str) -> bool:
        """Whether an account acts for the supplier."""
        entry = self.by(account)
        return entry is not None and entry.id == self.view.parties["supplier"]

    def vote(self, account: str, function: str, *arguments: object, yes: bool) -> None:
        """Vote on what needs a quorum; it happens with the last vote for exactly the same."""
        what = self.call(function, *arguments)
        prospect = self.prospect
        before = votes_for(
            open_decisions(self.desk.rpc, self.view, self.names, prospect.chain), what.data
        )
        words = (
            f"Vote on “{self.view.label}”: {phrase_of(what.data, self.names)}. "
            f"Vote {before + 1} of {self.view.parties['quorum']}."
        )
        self.act(words, account, what, yes=yes)

    def about(self, milestone: Milestone) -> str:
        """How a milestone is called in what is read out."""
        return f"milestone {milestone.number}, {milestone.title}, of “{self.view.label}”"

    def note(self, text: str | None) -> bytes:
        """Keep a note as a document and return its hash; no document for no text."""
        return note_of(self.store, text)

    def sign_offline(
        self,
        paper: Paper,
        kind: str,
        message: dict[str, Any],
        account: str,
        *,
        yes: bool,
        documents: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Sign a content into a file and send nothing.

        Raises `ApprovalError` where the account has no say in it, or it is not so.
        """
        until = paper.until(self.zone, self.view.now)
        content = Content(kind, self._chain_id, self.view.address, {**message, "validUntil": until})
        signer = signer_of(account, self.names)
        problem = signer_problem(content, self.view, self.names, signer.address) or content_problem(
            content, self.view, self.names
        )
        if problem:
            raise ApprovalError(f"{paper.file}: {problem}")
        self.say(f"Sign offline: {says(content, self.view, self.names)}")
        entry = self.names.of_account(signer.address)
        self.say(f"Signed by {self.names.short(entry) if entry else signer.address}.")
        if not yes and not typer.confirm("Sign it?"):
            raise typer.Abort
        approval = sign(content, signer, (*documents, *self._documents(message)))
        write_approval(paper.file, approval, self.view, self.names)
        self.say(
            f"Written to {paper.file}; nothing was sent. Anybody brings it in: "
            f"`termin approvals bring {paper.file}`."
        )

    def _documents(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """The documents that a message names and that lie here, to travel with it."""
        found = self.store.read_json(message.get("document", NO_DOCUMENT))
        return [found] if found else []


def open_matter(settings: Settings, agreement: str | None) -> Matter:
    """The agreement that is meant, read from the chain."""
    desk = Desk(settings)
    view = desk.agreement(agreement)
    names = desk.names.with_currency(view.currency)
    return Matter(settings, Card(desk.made.chain_id, view, names), desk)


def open_paper(
    settings: Settings,
    agreement: str | None,
    offline: Path | None,
    about: Path | None,
    valid_until: str | None,
    after: Path | None = None,
) -> tuple[Matter, Paper | None]:
    """The agreement that is meant, and where to sign for it, if that is asked for.

    Where a file tells `about` the agreement, no node is needed; what is submitted `after` a file
    counts as if it was brought in already.
    """
    if offline is None:
        if (about, valid_until, after) != (None, None, None):
            raise typer.BadParameter("--for, --after and --valid-until belong to --offline")
        return open_matter(settings, agreement), None
    matter = _offline_matter(settings, agreement, about)
    if after is not None:
        matter.view = submitted(matter.view, read_approval(after))
    return matter, Paper(offline, valid_until)


def _offline_matter(settings: Settings, agreement: str | None, about: Path | None) -> Matter:
    if about is not None:
        return Matter(settings, read_card(about, ZoneInfo(settings.time_zone)), None)
    try:
        return open_matter(settings, agreement)
    except NodeUnreachableError as error:
        raise NodeUnreachableError(
            f"{error.detail} With --for FILE, which `termin approvals prepare FILE` writes where "
            "there is one, no node is needed."
        ) from error
