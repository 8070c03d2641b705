"""Events of the agreement factory."""

from __future__ import annotations

from dataclasses import dataclass

from backend.chain.events.base import Event
from backend.chain.events.terms import Parties, Terms


@dataclass(frozen=True, slots=True)
class FactoryDeployed(Event):
    """The factory stands, together with the contracts that it relies on."""

    registry: str
    budget: str
    calendar: str
    implementation: str


@dataclass(frozen=True, slots=True)
class TokenAdmitted(Event):
    """Agreements may from now on be in this currency."""

    token: str
    currency: str
    decimals: int


@dataclass(frozen=True, slots=True)
class AgreementCreated(Event):
    """An agreement was deployed."""

    agreement: str
    buyer: str
    supplier: str
    by: str
    parties: Parties
    terms: Terms
