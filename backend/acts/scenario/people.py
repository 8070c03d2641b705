"""The participants of a scenario, by the name that the file gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backend.acts.load.parties import OFFICE_SCHEME, Cast, Member, legal_person
from backend.acts.scenario.model import Amend, Contract, LegalPerson
from backend.ocds.source import Organization


class People:
    """Finds participants: `dinas-jalan` is a legal person, `dinas-jalan/ppk` an office of it."""

    def __init__(self, persons: Mapping[str, LegalPerson]) -> None:
        self._persons = persons

    def knows(self, reference: str) -> bool:
        """Whether the file has such a participant."""
        name, _, office = reference.partition("/")
        return name in self._persons and (not office or office in self._persons[name].offices)

    def organization(self, name: str) -> Organization:
        """A legal person as a source would publish it."""
        person = self._persons[name]
        return Organization(person.scheme, person.identifier, person.name)

    def member(self, reference: str) -> Member:
        """A participant to be."""
        name, _, office = reference.partition("/")
        organization = self.organization(name)
        if not office:
            return legal_person(organization)
        return Member(
            OFFICE_SCHEME,
            f"{organization.scheme}-{organization.identifier}/{office}",
            self._persons[name].offices[office],
            organization,
        )

    def references(self, name: str) -> Iterator[str]:
        """A legal person and its offices."""
        yield name
        yield from (f"{name}/{office}" for office in self._persons[name].offices)

    def cast(self, contract: Contract) -> Cast:
        """Who plays which part in a contract, whatever its amendments add."""
        payees = dict.fromkeys([*contract.other_suppliers, *_payees(contract)])
        return Cast(
            buyer=self.member(contract.buyer),
            supplier=self.member(contract.supplier),
            treasury=self.member(contract.treasury),
            committee=self._ascending(contract.committee),
            inspectors=self._ascending(contract.inspectors),
            payees=tuple(self.member(name) for name in payees),
            quorum=contract.quorum,
            authority=self._maybe(contract.authority),
            arbiter=self._maybe(contract.arbiter),
            auditors=tuple(map(self.member, contract.auditors)),
            collectors=tuple(map(self.member, _collectors(contract))),
        )

    def _maybe(self, reference: str | None) -> Member | None:
        return self.member(reference) if reference else None

    def _ascending(self, references: list[str]) -> tuple[Member, ...]:
        return tuple(sorted(map(self.member, references), key=lambda member: member.id))


def recipients(contract: Contract) -> list[str]:
    """Whom a contract pays besides its supplier."""
    return [*_payees(contract), *_collectors(contract)]


def _payees(contract: Contract) -> Iterator[str]:
    amendments = [act for act in contract.story if isinstance(act, Amend)]
    for milestones in (contract.milestones, *(each.milestones for each in amendments)):
        yield from (item.payee for item in milestones if item.payee is not None)
    for amendment in amendments:
        yield from (item.payee for item in amendment.changes if item.payee is not None)
    if contract.conditions:
        yield from (direct.to for direct in contract.conditions.direct_payments)


def _collectors(contract: Contract) -> list[str]:
    taxes = contract.conditions.taxes if contract.conditions else []
    return list(dict.fromkeys(tax.to for tax in taxes))
