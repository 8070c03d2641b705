"""The participants of a scenario, by the name that the file gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backend.acts.load.parties import OFFICE_SCHEME, Cast, Member, legal_person
from backend.acts.scenario.model import Contract, LegalPerson
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
        )

    def _ascending(self, references: list[str]) -> tuple[Member, ...]:
        return tuple(sorted(map(self.member, references), key=lambda member: member.id))


def _payees(contract: Contract) -> Iterator[str]:
    lists = [contract.milestones, *(a.milestones for a in contract.story if a.act == "amend")]
    return (item.payee for milestones in lists for item in milestones if item.payee is not None)
