"""Which contracts are Termin's: anybody may emit an event that looks like ours."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.chain.decoding import Decoder, EventMalformedError, decoders
from backend.chain.deployment import Deployment
from backend.chain.events import AgreementCreated, Event, FactoryDeployed, Origin, TokenAdmitted
from backend.chain.headers import Header
from backend.chain.logs import Log, checksummed, origin_of
from backend.db.models import Agreement, Token
from backend.indexer.addresses import Addresses
from backend.indexer.errors import ChainInconsistentError, IndexMismatchError

logger = logging.getLogger(__name__)


class AddressBook:
    """The contracts whose events count, by address; it grows with the events it reads."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._decoders: dict[str, dict[str, Decoder]] = {}
        self._agreements = Addresses()
        self._add(deployment.registry, "ParticipantRegistry")
        self._add(deployment.budget, "Budget")
        self._add(deployment.calendar, "WorkCalendar")
        self._add(deployment.factory, "AgreementFactory")

    @classmethod
    def load(cls, deployment: Deployment, session: Session) -> Self:
        """The book as it stands after all events of the index."""
        book = cls(deployment)
        for address in session.scalars(select(Token.address)):
            book._add(address, "SettlementToken")
        for address in session.scalars(select(Agreement.address)):
            book._agreements.add(address)
        return book

    def read(self, logs: Iterable[Log], header: Header, *, proven: bool = False) -> list[Event]:
        """The events of our contracts among the logs of a block, which are in order.

        Raises `ChainInconsistentError` for what is no log, and `EventMalformedError` for an event
        that has not the shape of ours. A settlement token is not Termin's, and may emit such: where
        it is `proven` that the chain has these logs, that of a token is left out.
        """
        events = []
        for log in logs:
            known = self._known(log.address)
            if known is None or not log.topics:
                continue
            decoder = known.get(log.topics[0].lower())
            if decoder is None:
                continue
            try:
                event = decoder(_origin(log, header))
            except EventMalformedError as error:
                if not proven or known is not decoders(_TOKENS):
                    raise
                logger.warning("%s It is left out.", error.detail, extra={"block": header.number})
                continue
            if type(event) in _NOTED:
                self._note(event)
            events.append(event)
        return events

    def _known(self, address: str) -> dict[str, Decoder] | None:
        """The decoders of a contract of ours, by topic."""
        if address in self._agreements:
            return decoders("Agreement")
        return self._decoders.get(address.lower())

    def _add(self, address: str, contract: str) -> None:
        self._decoders[address.lower()] = decoders(contract)

    def _note(self, event: Event) -> None:
        if isinstance(event, AgreementCreated):
            self._agreements.add(event.agreement)
        elif isinstance(event, TokenAdmitted):
            self._add(event.token, _TOKENS)
        elif isinstance(event, FactoryDeployed):
            self._require_ours(event)

    def _require_ours(self, event: FactoryDeployed) -> None:
        names = ("registry", "budget", "calendar")
        ours = [checksummed(getattr(self._deployment, name)) for name in names]
        theirs = [getattr(event, name) for name in names]
        if theirs != ours:
            raise IndexMismatchError(
                f"The factory relies on {_list(names, theirs)}; the deployment file names "
                f"{_list(names, ours)}.",
                advice="Correct the deployment file.",
            )


_TOKENS = "SettlementToken"
_NOTED = {AgreementCreated, TokenAdmitted, FactoryDeployed}


def _origin(log: Log, header: Header) -> Origin:
    try:
        return origin_of(log, header)
    except ValueError as error:
        raise ChainInconsistentError(
            f"A log of block {header.number} is malformed: {error}"
        ) from error


def _list(names: Iterable[str], addresses: Iterable[str]) -> str:
    return ", ".join(f"{name} {address}" for name, address in zip(names, addresses, strict=True))
