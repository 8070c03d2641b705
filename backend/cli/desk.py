"""Where an act by hand is prepared, read out, confirmed, sent, and its outcome told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from backend.acts.accounts import Signer, address_of, find_signer, local_signer
from backend.acts.agreements import AgreementView, find_agreement, happenings, read_agreement
from backend.acts.asking import Asking
from backend.acts.deploy import token_of
from backend.acts.directory import Directory, Entry, read_directory
from backend.acts.refusals import explain
from backend.acts.sending import Call, Receipt, RefusedError, Sender
from backend.acts.telling import tell
from backend.chain.deployment import find_deployment
from backend.chain.local import bring_to_present
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.errors import AppError
from backend.core.money import exponent
from backend.core.settings import Settings

LAST_AGREEMENT = "last-agreement"
LOCAL_PREFIX = "local:"


class NoAgreementNamedError(AppError):
    """It is not said which agreement is meant."""

    status = 422
    title = "No agreement is named"


class CurrencyNotAdmittedError(AppError):
    """The currency has no settlement token."""

    status = 404
    title = "The currency is not admitted"


class RefusedSentenceError(AppError):
    """What a contract refused, in words."""

    status = 409
    title = "The contract refuses"


class Desk:
    """One sitting: a chain, a deployment, documents, and everybody's names."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.console = Console(soft_wrap=True, highlight=False)
        self.rpc = Rpc(settings.rpc_url)
        self.made = find_deployment(self.rpc, settings.data_dir)
        self.store = DocumentStore(settings.documents_dir)

    @cached_property
    def names(self) -> Directory:
        """The participants."""
        zone = ZoneInfo(self.settings.time_zone)
        return read_directory(self.rpc, self.made, self.store, zone)

    @cached_property
    def sender(self) -> Sender:
        """Sends on this chain, at the present time."""
        bring_to_present(self.rpc)
        return Sender(self.rpc)

    def token(self, currency: str) -> str:
        """The settlement token of a currency; raises `CurrencyNotAdmittedError`."""
        exponent(currency)
        found = token_of(self.rpc, self.made, currency)
        if found is None:
            raise CurrencyNotAdmittedError(
                f"{currency} has no settlement token here; the administrator admits it with "
                f"`termin deploy --currency {currency}`."
            )
        return found

    def address(self, account: str) -> str:
        """An address, or that of an account's alias."""
        return account if account.startswith("0x") else address_of(account)

    def agreement(self, reference: str | None) -> AgreementView:
        """The agreement that is meant, which is then the one used last."""
        last = self.settings.data_dir / LAST_AGREEMENT
        if reference is None:
            if not last.exists():
                raise NoAgreementNamedError(
                    "Say which with --agreement NUMBER (or TERMIN_AGREEMENT); the portal and "
                    "`termin agreement list` show the numbers."
                )
            reference = last.read_text().strip()
        found = find_agreement(self.rpc, self.made, reference)
        self.remember(found.address)
        return read_agreement(self.rpc, self.made, self.store, found)

    def remember(self, address: str) -> None:
        """Make an agreement the one used last."""
        (self.settings.data_dir / LAST_AGREEMENT).write_text(address + "\n")

    def asking(self, view: AgreementView) -> Asking:
        """What the contracts would say now, at the time of a view."""
        return Asking(self.rpc, view.now)

    def act(
        self,
        words: str,
        account: str,
        calls: Sequence[Call],
        *,
        yes: bool,
        names: Directory | None = None,
        view: AgreementView | None = None,
    ) -> None:
        """Read out what will be done, ask, do it, and tell what followed.

        `words` say it with names and amounts; nothing is said of what cannot be done. Raises
        `RefusedSentenceError`.
        """
        signer = signer_of(account, self.names)
        entry = self.names.of_account(signer.address)
        with self._refusals_told(names or self.names):
            # Before the words, which take for granted that it can be done. Later calls rely on the
            # first, so that only the first can be asked about now.
            self.sender.check(signer.address, calls[0])
        self.console.print(words, markup=False)
        name = (names or self.names).short(entry) if entry else signer.address
        self.console.print(f"Signed by {name}.", markup=False)
        if not yes and not typer.confirm("Send it?"):
            raise typer.Abort
        for what in calls:
            with self._refusals_told(names or self.names):
                receipt = self.sender.transact(signer, what)
            self._tell(receipt, names or self.names, view)

    @contextmanager
    def _refusals_told(self, names: Directory) -> Iterator[None]:
        try:
            yield
        except RefusedError as error:
            sentence = explain(error.refusal, error.detail, names)
            raise RefusedSentenceError(sentence) from error

    def _tell(self, receipt: Receipt, names: Directory, view: AgreementView | None) -> None:
        self.console.print(f"Transaction {receipt.transaction} in block {receipt.block}.")
        if view is None:
            return
        for happening in happenings(self.rpc, list(receipt.logs), view.address):
            sentence = tell(happening, names)
            if sentence:
                self.console.print(f"  {sentence[0].upper()}{sentence[1:]}.", markup=False)


def signer_of(account: str, names: Directory) -> Signer:
    """Who signs: an account of Ape, or that of a participant on the local chain."""
    if account.startswith(LOCAL_PREFIX):
        entry = names.find(account.removeprefix(LOCAL_PREFIX))
        return local_signer(entry.id, len(entry.former))
    return find_signer(account)


def acting(account: str, names: Directory) -> Entry | None:
    """The participant that an account acts for, found without unlocking it."""
    if account.startswith(LOCAL_PREFIX):
        return names.of_account(signer_of(account, names).address)
    return names.of_account(address_of(account))
