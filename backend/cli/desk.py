"""Where an act by hand is prepared, read out, confirmed, sent, and its outcome told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from functools import cached_property

import typer
from rich.console import Console

from backend.acts.accounts import Signer, address_of, find_signer, local_signer
from backend.acts.agreements import AgreementView, find_agreement, happenings, read_agreement
from backend.acts.deploy import find_deployment, token_of
from backend.acts.directory import Directory, read_directory
from backend.acts.refusals import explain
from backend.acts.sending import Call, Receipt, RefusedError, Sender, call
from backend.acts.telling import tell
from backend.chain.identity import code_to_bytes32
from backend.chain.local import bring_to_present
from backend.chain.rpc import Rpc
from backend.core.documents import NO_DOCUMENT, DocumentStore
from backend.core.errors import AppError
from backend.core.money import exponent
from backend.core.settings import Settings

LAST_AGREEMENT = "last-agreement"
LOCAL_PREFIX = "local:"


class NoAgreementNamedError(AppError):
    """It is not said which agreement is meant."""

    status = 422
    title = "No agreement is named"


class ReasonError(AppError):
    """A code does not fit."""

    status = 422
    title = "The reason is not a code"


class AmountError(AppError):
    """What was typed is not an amount."""

    status = 422
    title = "Not an amount"


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
        return read_directory(self.rpc, self.made, self.store)

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

    def decimal(self, text: str) -> Decimal:
        """An amount as it was typed; raises `AmountError`."""
        try:
            return Decimal(text.replace("_", ""))
        except InvalidOperation:
            raise AmountError(
                f"{text!r}: expected digits with a point before the decimals, e.g. 144000000.00"
            ) from None

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
        number, address = find_agreement(self.rpc, self.made, reference)
        self.remember(address)
        return read_agreement(self.rpc, self.made, self.store, number, address)

    def remember(self, address: str) -> None:
        """Make an agreement the one used last."""
        (self.settings.data_dir / LAST_AGREEMENT).write_text(address + "\n")

    def note(self, text: str | None) -> bytes:
        """Keep a note as a document and return its hash; no document for no text."""
        return self.store.write_json({"type": "note", "text": text}) if text else NO_DOCUMENT

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
        signer = self._signer(account)
        acting = self.names.of_account(signer.address)
        with self._refusals_told(names or self.names):
            # Before the words, which take for granted that it can be done. Later calls rely on the
            # first, so that only the first can be asked about now.
            self.sender.check(signer.address, calls[0])
        self.console.print(words, markup=False)
        name = (names or self.names).short(acting) if acting else signer.address
        self.console.print(f"Signed by {name}.", markup=False)
        if not yes and not typer.confirm("Send it?"):
            raise typer.Abort
        for what in calls:
            with self._refusals_told(names or self.names):
                receipt = self.sender.transact(signer, what)
            self._tell(receipt, names or self.names, view)

    def _signer(self, account: str) -> Signer:
        if account.startswith(LOCAL_PREFIX):
            return local_signer(self.names.find(account.removeprefix(LOCAL_PREFIX)).id)
        return find_signer(account)

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


def on_agreement(view: AgreementView, function: str, *arguments: object) -> Call:
    """A call of a function of an agreement."""
    return call("Agreement", view.address, function, *arguments)


def reason_code(text: str) -> bytes:
    """A coded reason as the chain has it; raises `ReasonError`."""
    try:
        return code_to_bytes32(text.strip())
    except ValueError:
        raise ReasonError(
            f"{text!r}: expected 1 to 32 ASCII characters, such as `quality` or `incomplete`; "
            "put prose into --note."
        ) from None
