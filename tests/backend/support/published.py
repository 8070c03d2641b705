"""Contracting processes as the index gives them for publishing, with events made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from support.crafted import FREE, NONE, parts

from backend.chain import events as e
from backend.ocds.fields import Json
from backend.ocds.records import compiled
from backend.ocds.releases import releases_of
from backend.queries.records import (
    MilestoneTexts,
    PublishedContract,
    PublishedPerson,
    PublishedProcess,
)
from backend.queries.values import Currency

CHAIN = 2026
ACCOUNT, TOKEN = (f"0x{digit * 40}" for digit in "12")
BUYER, SUPPLIER, TREASURY, COLLECTOR, ROOFER, LINE, PAPER, OTHER_PAPER = (
    f"0x{digit * 64}" for digit in "123456ab"
)
MXN = Currency("MXN", 2)

Told = tuple[type[e.Event], tuple[Any, ...]]
"""An event: its kind and what follows its origin."""


def person(scheme: str, identifier: str, *names: tuple[int, str | None]) -> PublishedPerson:
    """A participant with its names since some blocks."""
    return PublishedPerson(scheme, identifier, names)


PEOPLE = {
    BUYER: person("GOV", "B", (0, "City")),
    SUPPLIER: person("RFC", "S", (0, "Supplier")),
    TREASURY: person("GOV", "P", (0, "Treasury")),
    COLLECTOR: person("GOV", "T", (0, "Tax office")),
    ROOFER: person("RFC", "R", (0, "Roofer")),
}


def at(day: int, hour: int = 0) -> int:
    """A moment of March 2024."""
    return int(datetime(2024, 3, day, hour, tzinfo=UTC).timestamp())


def mxn(amount: str) -> Json:
    """An amount of OCDS."""
    return {"amount": Decimal(amount), "currency": "MXN"}


def created(value: int = 100_000, **terms: Any) -> Told:
    """An agreement over MXN 1000.00."""
    fields = {
        "ocid": "ocds-abc123-1",
        "contract_id": "C1",
        "token": TOKEN,
        "value": value,
        "signed_at": 0,
        "starts_at": 0,
        "ends_at": 0,
        "budget_line": LINE,
        "document": NONE,
        "conditions": FREE,
    }
    sides = (terms.pop("buyer", BUYER), terms.pop("supplier", SUPPLIER))
    parties = e.Parties(*sides, TREASURY, NONE, (BUYER,), 1, ())
    return e.AgreementCreated, (ACCOUNT, *sides, BUYER, parties, e.Terms(**fields | terms))


def scheduled(first: int, *milestones: tuple[int, int]) -> Told:
    """Milestones by amount and due date, 0 for none."""
    terms = tuple(e.MilestoneTerms(*each, NONE, NONE) for each in milestones)
    return e.MilestonesScheduled, (first, terms)


def paid(
    milestone: int | None,
    gross: int,
    basis: e.Basis = e.Basis.ACCEPTANCE,
    *,
    payee: str = SUPPLIER,
    owed: bool = False,
    **others: int,
) -> Told:
    """A payment, by default of an accepted milestone to the supplier."""
    number = e.NO_MILESTONE if milestone is None else milestone
    account = e.ZERO_ADDRESS if owed else ACCOUNT
    return e.PaymentMade, (number, payee, account, 1, basis, parts(gross, **others))


def deducted(
    milestone: int, recipient: str, part: e.Part, amount: int, *, owed: bool = False
) -> Told:
    """What of the payment before went, or is owed, to somebody else."""
    account = e.ZERO_ADDRESS if owed else ACCOUNT
    return e.DeductionPaid, (milestone, recipient, account, part, amount)


def amendment(**changes: Any) -> e.Amendment:
    """An amendment that changes nothing."""
    fields = {
        "increase": 0,
        "decrease": 0,
        "ends_at": 0,
        "changes": (),
        "milestones": (),
        "reason": code("additional-work"),
        "legal_ground": NONE,
        "document": NONE,
        "valid_until": 0,
    }
    return e.Amendment(**fields | changes)


def enacted(
    number: int, terms: e.Amendment, previous: int = 100_000, value: int = 100_000
) -> tuple[Told, Told]:
    """An amendment proposed and in force."""
    proposed = (e.AmendmentProposed, (number, BUYER, terms))
    end = (terms.ends_at, terms.reason, terms.legal_ground, terms.document)
    return proposed, (e.AmendmentEnacted, (number, previous, value, *end))


def closed() -> Told:
    """A final account of nothing."""
    return e.AgreementClosed, (e.FinalAccount(*[0] * 10),)


def code(text: str) -> str:
    """A coded reason."""
    return f"0x{text.encode().hex():0<64}"


ACTIVE: Told = (e.AgreementActivated, ())


@dataclass
class History:
    """What happened in a process, block by block, an hour between them; the first is of 1 March.

    `texts` are what the documents of the milestones of contract 12 say.
    """

    ocid: str = "ocds-abc123-1"
    people: dict[str, PublishedPerson] = field(default_factory=lambda: dict(PEOPLE))
    documents: dict[str, Json] = field(default_factory=dict)
    texts: dict[int, MilestoneTexts] = field(default_factory=dict)
    currency: Currency = MXN
    events: list[tuple[int, e.Event]] = field(default_factory=list)
    block: int = 0
    now: int = at(1)

    def tell(self, *told: Told, contract: int = 12) -> History:
        """One more block, in which these happened."""
        self.block += 1
        for kind, arguments in told:
            self._add(contract, kind, arguments)
        self.now += 3_600
        return self

    def process(self) -> PublishedProcess:
        """All of it so far."""
        numbers = sorted({number for number, _ in self.events})
        contracts = [self._contract(number) for number in numbers]
        return PublishedProcess(self.ocid, contracts, self.people, self.documents)

    def releases(self) -> list[Json]:
        """What is published of it."""
        return releases_of(self.process(), CHAIN)

    def compiled(self) -> Json:
        """What the releases come to."""
        return compiled(self.releases())

    def _contract(self, number: int) -> PublishedContract:
        events = [event for owner, event in self.events if owner == number]
        first = events[0]
        name = first.terms.contract_id if isinstance(first, e.AgreementCreated) else "C1"
        texts = self.texts if number == 12 else {}
        address = f"0x{number:040x}"
        return PublishedContract(number, address, name, self.currency, TREASURY, texts, events)

    def _add(self, contract: int, kind: type[e.Event], arguments: tuple[Any, ...]) -> None:
        index = len(self.events)
        digits = f"0x{self.block:064x}"
        address = f"0x{contract:040x}"
        origin = e.Origin(self.block, digits, self.now, digits, 0, index, address)
        self.events.append((contract, kind(origin, *arguments)))
