"""Events of the agreement factory."""

from __future__ import annotations

from backend.chain.events.base import Event
from backend.chain.events.terms import Parties, Terms


class FactoryDeployed(Event, frozen=True, gc=False):
    """The factory stands, together with the contracts that it relies on."""

    registry: str
    budget: str
    calendar: str
    implementation: str


class TokenAdmitted(Event, frozen=True, gc=False):
    """Agreements may from now on be in this currency."""

    token: str
    currency: str
    decimals: int


class AgreementCreated(Event, frozen=True, gc=False):
    """An agreement was deployed."""

    agreement: str
    buyer: str
    supplier: str
    by: str
    parties: Parties
    terms: Terms
