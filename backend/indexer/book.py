"""Which contracts are Termin's: anybody may emit an event that looks like ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.chain.decoding import Log, checksummed, decode
from backend.chain.deployment import Deployment
from backend.chain.events import AgreementCreated, Event, FactoryDeployed, TokenAdmitted
from backend.db.models import Agreement, Token
from backend.indexer.errors import IndexMismatchError


class AddressBook:
    """The contracts whose events count, by address; it grows with the events it reads."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._contracts = {
            checksummed(deployment.registry): "ParticipantRegistry",
            checksummed(deployment.budget): "Budget",
            checksummed(deployment.calendar): "WorkCalendar",
            checksummed(deployment.factory): "AgreementFactory",
        }

    @classmethod
    def load(cls, deployment: Deployment, session: Session) -> Self:
        """The book as it stands after all events of the index."""
        book = cls(deployment)
        for address in session.scalars(select(Token.address)):
            book._contracts[address] = "SettlementToken"
        for address in session.scalars(select(Agreement.address)):
            book._contracts[address] = "Agreement"
        return book

    def read(self, logs: Iterable[Log], timestamps: dict[int, int]) -> list[Event]:
        """The events of our contracts among `logs`, which are in the order of the chain."""
        found = (self._event(log, timestamps[int(log["blockNumber"], 16)]) for log in logs)
        return [event for event in found if event is not None]

    def _event(self, log: Log, timestamp: int) -> Event | None:
        contract = self._contracts.get(checksummed(log["address"]))
        event = decode(contract, log, timestamp) if contract else None
        if isinstance(event, AgreementCreated):
            self._contracts[event.agreement] = "Agreement"
        elif isinstance(event, TokenAdmitted):
            self._contracts[event.token] = "SettlementToken"
        elif isinstance(event, FactoryDeployed):
            self._require_ours(event)
        return event

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


def _list(names: Iterable[str], addresses: Iterable[str]) -> str:
    return ", ".join(f"{name} {address}" for name, address in zip(names, addresses, strict=True))
